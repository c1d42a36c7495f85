/**
 * HOT (appending). The last calls with the very bytes that were hashed, in a ring of fixed size. There is
 * no index: a request walks the ring once (2 ms for 16 MiB), which happens when something diverges, and a
 * call costs nothing but its copy.
 */
import { MAX_STACK_CHARS } from '../limits.ts';
import type { CallItem } from './call-item.ts';

/** Words at the front of an entry. */
const Word = {
  length: 0,
  turnLo: 1,
  turnHi: 2,
  ordinal: 3,
  /** Kind, 1 for a UTF-16 target, 1 for a UTF-16 stack: a byte each. */
  kind: 4,
  api: 5,
  /** Bytes that were hashed; 0 when they were too many to keep. */
  digestedBytes: 6,
  /** Of those, the API's name and the zero byte. */
  nameBytes: 7,
  targetBytes: 8,
  stackBytes: 9,
  /** Bytes that were hashed, kept or not. */
  trueBytes: 10,
} as const;
const HEADER_BYTES = 44;
const TWO_32 = 0x1_0000_0000;

/** Room kept behind every entry so that its stack, which comes after it, stands with it. */
const STACK_ROOM_BYTES: number = 2 * MAX_STACK_CHARS;

/** Share of the ring that one call may take. */
const LARGEST_SHARE = 8;

/** Smallest ring that holds an entry with its stack, bytes. */
const LEAST_BYTES: number = LARGEST_SHARE * 2 * STACK_ROOM_BYTES;

/** A kept call. */
export interface KeptCall {
  readonly turn: number;
  readonly ordinal: number;
  readonly kind: number;
  readonly api: number;
  /** Canonical bytes, or null when they were too many to keep. */
  readonly canonical: Uint8Array | null;
  readonly canonicalBytes: number;
  readonly target: Uint8Array;
  readonly wideTarget: boolean;
  readonly stack: Uint8Array;
  readonly wideStack: boolean;
}

/** The ring. `head` is where the next entry goes, `tail` the oldest one. */
export class EvidenceRing {
  private readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private readonly largestBytes: number;
  private head = 0;
  private tail = 0;
  /** Where the upper part ends while the head is below the tail; -1 otherwise. */
  private upperEnd = -1;
  private last = -1;
  private scratch = new Uint8Array(0);

  constructor(sizeBytes: number) {
    const size = Math.max(LEAST_BYTES, sizeBytes & ~3);
    this.bytes = new Uint8Array(size);
    this.words = new Int32Array(this.bytes.buffer);
    this.largestBytes = size / LARGEST_SHARE;
  }

  /** Keeps a call and returns the bytes to hash: `name`, which ends in a zero byte, and the canonical ones. */
  append(call: CallItem, name: Uint8Array): Uint8Array {
    const digestedBytes = name.length + call.canonicalBytes;
    const { targetBytes } = call;
    const wanted = HEADER_BYTES + digestedBytes + targetBytes;
    const kept = wanted <= this.largestBytes;
    const at = this.makeRoom(kept ? wanted : HEADER_BYTES + targetBytes);
    const keptBytes = kept ? digestedBytes : 0;
    this.writeHeader(at, call, name.length, digestedBytes, keptBytes);
    const from = call.canonicalAt;
    const canonicalEnd = from + call.canonicalBytes;
    const target = call.bytes.subarray(canonicalEnd, canonicalEnd + targetBytes);
    this.bytes.set(target, at + HEADER_BYTES + keptBytes);
    const digested = kept
      ? this.bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + digestedBytes)
      : this.scratchOf(digestedBytes);
    digested.set(name);
    digested.set(call.bytes.subarray(from, canonicalEnd), name.length);
    return digested;
  }

  /** Keeps stack lines with the newest call. */
  stack(text: Uint8Array, wide: boolean): void {
    if (this.last < 0 || text.length > STACK_ROOM_BYTES) return;
    const word = this.last >> 2;
    const used = this.entryEnd(word);
    this.evictBelow(this.last + used + text.length);
    this.bytes.set(text, this.last + used);
    this.words[word + Word.stackBytes] = text.length;
    if (wide) this.words[word + Word.kind] = (this.words[word + Word.kind] ?? 0) | (1 << 16);
    const length = (used + text.length + 3) & ~3;
    this.words[word] = length;
    this.head = this.last + length;
  }

  /** Calls `visit` for each kept call, oldest first. Views are valid until the next append. */
  walk(visit: (turn: number, ordinal: number, at: number) => void): void {
    if (this.last < 0) return;
    if (this.upperEnd >= 0) {
      this.walkPart(this.tail, this.upperEnd, visit);
      this.walkPart(0, this.head, visit);
    } else this.walkPart(this.tail, this.head, visit);
  }

  /** The kept call at a position that `walk` gave. */
  read(at: number): KeptCall {
    const word = at >> 2;
    const nameBytes = this.word(word, Word.nameBytes);
    const digestedBytes = this.word(word, Word.digestedBytes);
    const flags = this.word(word, Word.kind);
    const body = at + HEADER_BYTES;
    const targetAt = body + digestedBytes;
    const stackAt = targetAt + this.word(word, Word.targetBytes);
    return {
      turn: this.turnAt(word),
      ordinal: this.word(word, Word.ordinal) >>> 0,
      kind: flags & 0xff,
      api: this.word(word, Word.api),
      canonical: digestedBytes === 0 ? null : this.bytes.slice(body + nameBytes, targetAt),
      canonicalBytes: this.word(word, Word.trueBytes) - nameBytes,
      target: this.bytes.slice(targetAt, stackAt),
      wideTarget: (flags & 0x100) !== 0,
      stack: this.bytes.slice(stackAt, stackAt + this.word(word, Word.stackBytes)),
      wideStack: (flags & 0x1_0000) !== 0,
    };
  }

  private walkPart(
    from: number,
    to: number,
    visit: (turn: number, ordinal: number, at: number) => void,
  ): void {
    for (let at = from; at < to; at += this.word(at >> 2, Word.length)) {
      visit(this.turnAt(at >> 2), this.word(at >> 2, Word.ordinal) >>> 0, at);
    }
  }

  private writeHeader(
    at: number,
    call: CallItem,
    nameBytes: number,
    trueBytes: number,
    keptBytes: number,
  ): void {
    const { words } = this;
    const word = at >> 2;
    const length = (HEADER_BYTES + keptBytes + call.targetBytes + 3) & ~3;
    words[word] = length;
    words[word + Word.turnLo] = call.turn | 0;
    words[word + Word.turnHi] = (call.turn / TWO_32) | 0;
    words[word + Word.ordinal] = call.ordinal;
    words[word + Word.kind] = call.kind | (call.wideTarget ? 0x100 : 0);
    words[word + Word.api] = call.api;
    words[word + Word.digestedBytes] = keptBytes;
    words[word + Word.nameBytes] = nameBytes;
    words[word + Word.targetBytes] = call.targetBytes;
    words[word + Word.stackBytes] = 0;
    words[word + Word.trueBytes] = trueBytes;
    this.last = at;
    this.head = at + length;
  }

  private makeRoom(bytes: number): number {
    if (this.head + bytes + STACK_ROOM_BYTES > this.bytes.length) {
      // What lies above the head is older than everything: it goes before the head starts again at 0.
      if (this.upperEnd >= 0) this.evictBelow(this.bytes.length);
      this.upperEnd = this.head;
      this.head = 0;
    }
    this.evictBelow(this.head + bytes);
    return this.head;
  }

  /** While the head is below the tail: lets entries go until `end` is free. */
  private evictBelow(end: number): void {
    while (this.upperEnd >= 0 && this.tail < end) {
      if (this.tail >= this.upperEnd) {
        this.tail = 0;
        this.upperEnd = -1;
        return;
      }
      this.tail += this.word(this.tail >> 2, Word.length);
    }
  }

  private entryEnd(word: number): number {
    return HEADER_BYTES + this.word(word, Word.digestedBytes) + this.word(word, Word.targetBytes);
  }

  private scratchOf(bytes: number): Uint8Array {
    if (this.scratch.length < bytes) this.scratch = new Uint8Array(bytes);
    return this.scratch.subarray(0, bytes);
  }

  private turnAt(word: number): number {
    return (this.word(word, Word.turnHi) >>> 0) * TWO_32 + (this.word(word, Word.turnLo) >>> 0);
  }

  private word(word: number, position: number): number {
    return this.words[word + position] ?? 0;
  }
}
