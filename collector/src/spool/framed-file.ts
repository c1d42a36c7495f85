/**
 * An append-only file of frames, each behind its length (u32, little-endian). Writes are synchronous:
 * what `append` returned is in the page cache and survives the collector's own death, so an ack can
 * follow at once and no state in between exists. The price: the loop stalls for as long as the disk
 * does; users wait for nobody, for the leader's agent keeps what is not acknowledged.
 * A frame that a killed process left half-written is cut off when the file is opened.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { FRAME_HEADER_BYTES, MAX_MESSAGE_BYTES } from '@lockstep/protocol';
import { READ_CHUNK_BYTES } from '../limits.ts';
import { appendWhole } from './append-whole.ts';

const LENGTH_BYTES = 4;

/** Frames read in one go, and the offset where reading goes on. */
export interface FrameChunk {
  readonly frames: readonly Uint8Array[];
  readonly offsets: readonly number[];
  readonly next: number;
}

export class FramedFile {
  size = 0;
  private readonly descriptor: number;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Opens or creates a file; `visit` sees every whole frame in it, what follows them is cut off. */
  static open(path: string, visit: (frame: Uint8Array, offset: number) => void): FramedFile {
    const file = new FramedFile(openSync(path, 'a+', 0o600));
    file.size = fstatSync(file.descriptor).size;
    let offset = 0;
    for (;;) {
      const { frames, offsets, next } = file.read(offset);
      for (const [i, frame] of frames.entries()) visit(frame, offsets[i] ?? offset);
      if (next === offset) break;
      offset = next;
    }
    if (offset < file.size) ftruncateSync(file.descriptor, offset);
    file.size = offset;
    return file;
  }

  /** Bytes that a frame takes in the file. */
  static cost(frame: Uint8Array): number {
    return LENGTH_BYTES + frame.length;
  }

  /** A frame behind its length, in memory of its own that shares nothing with a socket's buffers. */
  static wrap(frame: Uint8Array): Uint8Array {
    const whole = Buffer.allocUnsafe(LENGTH_BYTES + frame.length);
    whole.writeUInt32LE(frame.length, 0);
    whole.set(frame, LENGTH_BYTES);
    return whole;
  }

  /** The frame in a wrapped one, as a view. */
  static unwrap(wrapped: Uint8Array): Uint8Array {
    return wrapped.subarray(LENGTH_BYTES);
  }

  /** Throws `SpoolUnwritable`; nothing is appended then. */
  append(wrapped: Uint8Array): void {
    appendWhole(this.descriptor, this.size, wrapped);
    this.size += wrapped.length;
  }

  /** Whole frames from `offset` on: about a chunk of them, at least one if there is one. */
  read(offset: number): FrameChunk {
    let chunk = this.bytes(offset, READ_CHUNK_BYTES);
    if (chunk.length < LENGTH_BYTES) return { frames: [], offsets: [], next: offset };
    const first = LENGTH_BYTES + chunk.readUInt32LE(0);
    if (first > chunk.length && first <= MAX_MESSAGE_BYTES) chunk = this.bytes(offset, first);
    const frames: Uint8Array[] = [];
    const offsets: number[] = [];
    let at = 0;
    while (at + LENGTH_BYTES <= chunk.length) {
      const length = chunk.readUInt32LE(at);
      const end = at + LENGTH_BYTES + length;
      if (length < FRAME_HEADER_BYTES || end > chunk.length) break;
      frames.push(chunk.subarray(at + LENGTH_BYTES, end));
      offsets.push(offset + at);
      at = end;
    }
    return { frames, offsets, next: offset + at };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private bytes(offset: number, length: number): Buffer {
    const wanted = Math.min(length, this.size - offset);
    if (wanted <= 0) return Buffer.alloc(0);
    const buffer = Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(this.descriptor, buffer, filled, wanted - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  }
}
