/**
 * HOT. A growable byte buffer with typed little-endian appends; canonical bytes, values and log
 * entries are all written through it. It keeps its buffer between uses: `reset`, write, `bytes`.
 */

const encoder = new TextEncoder();

/** Characters up to which text is encoded by a loop; beyond, the encoder's set-up cost is repaid. */
const LOOP_CHARS = 40;

/** Bytes above which a buffer is given back on `reset` instead of being kept. */
const KEEP_BYTES: number = 1024 * 1024;

/** Set in a text's length when what follows is UTF-16LE. */
export const UTF16_BIT = 0x8000_0000;

const wellFormed = (String.prototype as { isWellFormed?: (this: string) => boolean }).isWellFormed;

function isWellFormed(value: string): boolean {
  return wellFormed === undefined || wellFormed.call(value);
}

/** Appends numbers, text and bytes; `length` is what was written since `reset`. */
export class ByteSink {
  length = 0;
  private buffer: Uint8Array;
  private view: DataView;
  private readonly initialBytes: number;

  constructor(initialBytes = 4096) {
    this.initialBytes = initialBytes;
    this.buffer = new Uint8Array(initialBytes);
    this.view = new DataView(this.buffer.buffer);
  }

  reset(): void {
    this.length = 0;
    if (this.buffer.length > KEEP_BYTES) this.replace(new Uint8Array(this.initialBytes));
  }

  /** What was written, as a view that the next write may change. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** The memory itself: what was written is its first `length` bytes. For hot paths, where a view costs. */
  get memory(): Uint8Array {
    return this.buffer;
  }

  u8(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  u64(value: number): void {
    this.u32(value % 0x1_0000_0000);
    this.u32(Math.floor(value / 0x1_0000_0000));
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Overwrites four bytes written before, at `offset`. */
  patchU32(offset: number, value: number): void {
    this.view.setUint32(offset, value, true);
  }

  /** `length`: that of `bytes`, from a caller who must not ask an object of the program for it. */
  raw(bytes: Uint8Array, length: number = bytes.length): void {
    this.reserve(length);
    this.buffer.set(bytes, this.length);
    this.length += length;
  }

  /**
   * Length in bytes (u32), then UTF-8. Text with a lone surrogate, which UTF-8 cannot hold, is
   * UTF-16LE with the length's highest bit set, so that no two texts have the same bytes.
   */
  text(value: string): void {
    const at = this.length;
    this.u32(0);
    this.reserve(value.length * 3);
    if (value.length <= LOOP_CHARS && this.ascii(value, value.length)) {
      this.patchU32(at, this.length - at - 4);
      return;
    }
    if (!isWellFormed(value)) {
      this.utf16(value, at);
      return;
    }
    const { written } = encoder.encodeInto(value, this.buffer.subarray(this.length));
    this.length += written;
    this.patchU32(at, this.length - at - 4);
  }

  private utf16(value: string, at: number): void {
    for (let i = 0; i < value.length; i++) this.u16(value.charCodeAt(i));
    this.patchU32(at, ((this.length - at - 4) | UTF16_BIT) >>> 0);
  }

  private ascii(value: string, length: number): boolean {
    const { buffer } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      buffer[at++] = code;
    }
    this.length = at;
    return true;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.replace(grown);
  }

  private replace(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer);
  }
}
