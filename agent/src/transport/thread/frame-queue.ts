/**
 * Frames of one kind, from the oldest that the collector has not acknowledged on: what was sent and may
 * have to be sent again, then what was not sent yet.
 */

/** One encoded frame; `next` is the first sequence number after it. */
export interface SpooledFrame {
  readonly next: number;
  readonly bytes: Uint8Array;
}

/** Removed frames after which the array is shortened: rarely, and never by one. */
const COMPACT_FRAMES = 1024;

/** A queue with a cursor for sending. */
export class FrameQueue {
  /** Bytes held. */
  bytes = 0;
  /** Sequence number of the first frame held, or of the next one to come. */
  first = 0;
  private frames: SpooledFrame[] = [];
  private head = 0;
  private cursor = 0;

  push(frame: SpooledFrame): void {
    this.frames.push(frame);
    this.bytes += frame.bytes.length;
  }

  /** The next frame to send, or null. */
  take(): SpooledFrame | null {
    const frame = this.frames[this.cursor];
    if (frame === undefined) return null;
    this.cursor++;
    return frame;
  }

  get allSent(): boolean {
    return this.cursor === this.frames.length;
  }

  get empty(): boolean {
    return this.head === this.frames.length;
  }

  /** The other end holds everything before `next`: frees it. */
  acknowledge(next: number): void {
    for (;;) {
      const frame = this.frames[this.head];
      if (frame === undefined || frame.next > next) break;
      this.bytes -= frame.bytes.length;
      this.first = frame.next;
      this.head++;
    }
    if (this.cursor < this.head) this.cursor = this.head;
    if (this.head > COMPACT_FRAMES || this.head === this.frames.length) this.compact();
  }

  /** Starts sending again from the first frame held. */
  rewind(): void {
    this.cursor = this.head;
  }

  clear(): void {
    this.frames = [];
    this.head = 0;
    this.cursor = 0;
    this.bytes = 0;
  }

  private compact(): void {
    if (this.head === 0) return;
    this.frames = this.frames.slice(this.head);
    this.cursor -= this.head;
    this.head = 0;
  }
}
