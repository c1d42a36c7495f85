/**
 * Everything that the collector has not acknowledged, in memory and bounded. Full: new records are lost
 * (a gap record stands where they would), and a leader's log ends, because a log with a hole is no log.
 */
import type { StreamPosition } from '@lockstep/protocol';
import { SPOOL_RESUME_SHARE } from '../limits.ts';
import { FrameQueue, type SpooledFrame } from './frame-queue.ts';

/** Both queues of stream 0 under one bound. */
export class Spool {
  readonly records: FrameQueue = new FrameQueue();
  readonly log: FrameQueue = new FrameQueue();
  private readonly limitBytes: number;
  private wasFull: boolean = false;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.records.bytes + this.log.bytes;
  }

  /** Whether nothing more is taken. Stays so until a tenth is free again: fewer, larger gaps. */
  get full(): boolean {
    const { bytes } = this;
    this.wasFull = bytes >= (this.wasFull ? this.limitBytes * SPOOL_RESUME_SHARE : this.limitBytes);
    return this.wasFull;
  }

  /** The next frame to send: the log first, for followers wait for it. */
  take(): SpooledFrame | null {
    return this.log.take() ?? this.records.take();
  }

  get allSent(): boolean {
    return this.log.allSent && this.records.allSent;
  }

  get empty(): boolean {
    return this.log.empty && this.records.empty;
  }

  acknowledge(position: StreamPosition): void {
    this.records.acknowledge(position.records);
    this.log.acknowledge(position.logFrames);
  }

  rewind(): void {
    this.records.rewind();
    this.log.rewind();
  }

  clear(): void {
    this.records.clear();
    this.log.clear();
  }
}
