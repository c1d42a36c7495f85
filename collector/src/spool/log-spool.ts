/**
 * The leader's log as its agent sent it: cipher text, frame by frame, numbered without a hole. Followers
 * in step are served from a small tail in memory, all others from disk, at their own pace.
 */
import { type FrameHeader, readFrameHeader } from '@lockstep/protocol';
import { FramedFile } from './framed-file.ts';
import { SparseIndex } from './sparse-index.ts';

/** Where a reader stands; the spool moves it. `offset` is a hint, -1 when unknown. */
export interface LogCursor {
  frame: number;
  offset: number;
}

export class LogSpool {
  /** Number of the first frame held: above 0 when the collector lost what came before. */
  base = 0;
  /** Number of the next frame to come. */
  next = 0;
  /** Turns that the log has closed so far: what followers could have finished. */
  closedTurns = 0;
  private readonly file: FramedFile;
  private readonly index: SparseIndex = new SparseIndex();
  private readonly tail: Uint8Array[] = [];
  private readonly tailLimitBytes: number;
  private tailBytes = 0;

  constructor(path: string, tailLimitBytes: number) {
    this.tailLimitBytes = tailLimitBytes;
    this.file = FramedFile.open(path, (frame, offset) => this.note(readFrameHeader(frame), offset));
  }

  get bytes(): number {
    return this.file.size;
  }

  /** Appends the next frame; the caller has checked its number. */
  append(header: FrameHeader, frame: Uint8Array): void {
    const offset = this.file.size;
    const wrapped = FramedFile.wrap(frame);
    this.file.append(wrapped);
    this.note(header, offset);
    const kept = FramedFile.unwrap(wrapped);
    this.tail.push(kept);
    this.tailBytes += kept.length;
    while (this.tailBytes > this.tailLimitBytes && this.tail.length > 1) {
      this.tailBytes -= this.tail.shift()?.length ?? 0;
    }
  }

  /** Counts frames up to `next` that are not kept: nobody will be fed any more. */
  skipTo(next: number): void {
    this.next = Math.max(this.next, next);
    this.tail.length = 0;
    this.tailBytes = 0;
  }

  /** Frames from the cursor on, about a chunk of them; the cursor moves behind them. */
  read(cursor: LogCursor): readonly Uint8Array[] {
    const tailStart = this.next - this.tail.length;
    if (cursor.frame >= tailStart) {
      const frames = this.tail.slice(cursor.frame - tailStart);
      cursor.frame = this.next;
      cursor.offset = this.file.size;
      return frames;
    }
    return this.readFile(cursor);
  }

  close(): void {
    this.file.close();
  }

  private readFile(cursor: LogCursor): readonly Uint8Array[] {
    let offset = cursor.offset < 0 ? this.index.before(cursor.frame) : cursor.offset;
    for (;;) {
      const chunk = this.file.read(offset);
      if (chunk.next === offset) return [];
      const wanted = chunk.frames.filter((frame) => readFrameHeader(frame).first >= cursor.frame);
      offset = chunk.next;
      if (wanted.length === 0) continue;
      cursor.frame += wanted.length;
      cursor.offset = offset;
      return wanted;
    }
  }

  private note(header: FrameHeader, offset: number): void {
    if (offset === 0) this.base = header.first;
    this.index.note(header.first, offset);
    this.next = header.first + 1;
    this.closedTurns = Math.max(this.closedTurns, header.finishedTurns);
  }
}
