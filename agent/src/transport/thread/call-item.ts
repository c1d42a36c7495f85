/** HOT. A cursor over a call item of a segment; nothing is allocated for a call. */
import { CALL_BYTES, CallWord } from '../items.ts';

const TWO_32 = 0x1_0000_0000;

/** A 64-bit number at a word position. */
export function wideNumber(words: Int32Array, word: number): number {
  return ((words[word + 1] ?? 0) >>> 0) * TWO_32 + ((words[word] ?? 0) >>> 0);
}

/** The call that `select` put it on. */
export class CallItem {
  bytes: Uint8Array = new Uint8Array(0);
  private words: Int32Array = new Int32Array(0);
  private word = 0;
  private at = 0;

  select(words: Int32Array, bytes: Uint8Array, at: number): void {
    this.words = words;
    this.bytes = bytes;
    this.word = at >> 2;
    this.at = at;
  }

  get kind(): number {
    return (this.read(CallWord.head) >>> 8) & 0xff;
  }
  get flags(): number {
    return (this.read(CallWord.head) >>> 16) & 0xff;
  }
  get wideTarget(): boolean {
    return this.read(CallWord.head) >>> 24 === 1;
  }
  get api(): number {
    return this.read(CallWord.api) & 0xffff;
  }
  get targetBytes(): number {
    return this.read(CallWord.api) >>> 16;
  }
  get turn(): number {
    return wideNumber(this.words, this.word + CallWord.turnLo);
  }
  /** Turns back to the parent; -1 (all bits set on the wire) for none. */
  get parentDistance(): number {
    return this.read(CallWord.parentDistance);
  }
  get ordinal(): number {
    return this.read(CallWord.ordinal) >>> 0;
  }
  get targetLo(): number {
    return this.read(CallWord.targetLo);
  }
  get targetHi(): number {
    return this.read(CallWord.targetHi);
  }
  get canonicalBytes(): number {
    return this.read(CallWord.canonicalBytes);
  }
  /** Where the canonical bytes begin in `bytes`; the target follows them. */
  get canonicalAt(): number {
    return this.at + CALL_BYTES;
  }

  private read(position: number): number {
    return this.words[this.word + position] ?? 0;
  }
}
