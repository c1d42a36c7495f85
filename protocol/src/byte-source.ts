/**
 * Reads what a `ByteSink` wrote. Every read checks its bounds and throws `MalformedBytes`, which the
 * edge that called the decoder turns into a typed refusal: random bytes never crash or hang a peer.
 */

import { UTF16_BIT } from './byte-sink.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Lone surrogates must survive, which `TextDecoder('utf-16le')` would replace. */
const utf16 = {
  decode(bytes: Uint8Array): string {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    for (let i = 0; i + 1 < bytes.length; i += 2) {
      text += String.fromCharCode(view.getUint16(i, true));
    }
    return text;
  },
};

/** The bytes are not what the format says; `at` is the offset where that showed. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes';
  readonly at: number;

  constructor(what: string, at: number, options?: ErrorOptions) {
    super(`${what} at byte ${at}`, options);
    this.at = at;
  }

  /** What another error turned out to mean. */
  static because(cause: unknown, what: string, at: number): MalformedBytes {
    return cause instanceof MalformedBytes ? cause : new MalformedBytes(what, at, { cause });
  }
}

/** A cursor over bytes. */
export class ByteSource {
  at = 0;
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    // A plain view, for a Node `Buffer` has a `slice` that does not copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  u64(): number {
    const lo = this.u32();
    const hi = this.u32();
    if (hi > 0x1fffff) throw new MalformedBytes('number above 2^53', this.at - 8);
    return hi * 0x1_0000_0000 + lo;
  }

  f64(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** A view, not a copy. */
  raw(length: number): Uint8Array {
    const from = this.advance(length);
    return this.bytes.subarray(from, from + length);
  }

  text(): string {
    const length = this.u32();
    if (length < UTF16_BIT) return this.utf8(length);
    const bytes = length - UTF16_BIT;
    if (bytes % 2 !== 0) throw new MalformedBytes('half a UTF-16 unit', this.at);
    return utf16.decode(this.raw(bytes));
  }

  private utf8(length: number): string {
    const at = this.at;
    try {
      return utf8.decode(this.raw(length));
    } catch (cause) {
      throw MalformedBytes.because(cause, 'text is not UTF-8', at);
    }
  }

  private advance(length: number): number {
    if (length > this.left)
      throw new MalformedBytes(`needs ${length} bytes, has ${this.left}`, this.at);
    const from = this.at;
    this.at += length;
    return from;
  }
}
