/**
 * HOT. The writing end of the segments, on the application thread. Memory is bounded: when the transport
 * thread does not keep up, `reserve` says no and the caller drops and counts; it never blocks.
 */
import type { MessagePort } from 'node:worker_threads';
import { ring } from './doorbell.ts';
import { CONTROL_RESERVE_BYTES, SEGMENT_BYTES } from './limits.ts';
import { atomicLoad, atomicStore, post, SharedMemory } from './originals.ts';
import { SEGMENT_HEADER_BYTES, type Segment, SegmentWord, viewSegment } from './segment.ts';
import { Slot } from './slots.ts';

/** Writes items into segments and publishes them. Writers set `at` forward after `reserve` said yes. */
export class SegmentWriter {
  /** Views of the segment being written. */
  words: Int32Array = new Int32Array(0);
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the next item goes, bytes. */
  at = 0;
  /** Where the segment ends, bytes. */
  end = 0;
  private published = 0;
  private allocatedBytes = 0;
  private nextSegment = 0;
  private dead: boolean = false;
  private readonly pool: Segment[] = [];
  private readonly slots: Int32Array;
  private readonly port: MessagePort;
  private readonly memoryBytes: number;

  constructor(slots: Int32Array, port: MessagePort, memoryBytes: number) {
    this.slots = slots;
    this.port = port;
    this.memoryBytes = memoryBytes;
  }

  /** Whether `bytes` fit, going on in another segment if need be. `spare`: what may go over the bound. */
  reserve(bytes: number, spare: number): boolean {
    if (this.at + bytes <= this.end) return true;
    if (this.dead) return false;
    const segment = this.acquire(bytes + SEGMENT_HEADER_BYTES, spare);
    if (segment === null) return false;
    this.moveTo(segment);
    return true;
  }

  /** HOT. Lets the transport thread see what was written, and wakes it. */
  publish(): void {
    if (this.at === this.published) return;
    this.published = this.at;
    atomicStore(this.words, SegmentWord.published, this.at);
    ring(this.slots);
  }

  /** Gives the memory back; from now on everything is refused. */
  kill(): void {
    this.dead = true;
    this.at = 0;
    this.end = 0;
    this.published = 0;
    this.words = new Int32Array(0);
    this.bytes = new Uint8Array(0);
    this.pool.length = 0;
  }

  private moveTo(segment: Segment): void {
    const { words } = this;
    if (words.length > 0) {
      words[SegmentWord.next] = segment.segment;
      atomicStore(words, SegmentWord.published, this.at);
      atomicStore(words, SegmentWord.closed, 1);
      ring(this.slots);
    }
    this.words = segment.words;
    this.bytes = segment.bytes;
    this.at = SEGMENT_HEADER_BYTES;
    this.published = SEGMENT_HEADER_BYTES;
    this.end = segment.bytes.length;
  }

  private acquire(neededBytes: number, spare: number): Segment | null {
    if (atomicLoad(this.slots, Slot.dead) === 1) {
      this.kill();
      return null;
    }
    const segment = this.recycle(neededBytes) ?? this.allocate(neededBytes, spare);
    if (segment === null) return null;
    segment.words[SegmentWord.closed] = 0;
    atomicStore(segment.words, SegmentWord.published, SEGMENT_HEADER_BYTES);
    atomicStore(segment.words, SegmentWord.free, 0);
    return segment;
  }

  /** A segment that was read; oversized ones are let go, for the next item is seldom as large. */
  private recycle(neededBytes: number): Segment | null {
    const { pool } = this;
    let found: Segment | null = null;
    for (let i = pool.length - 1; i >= 0; i--) {
      const segment = pool[i];
      if (segment === undefined || atomicLoad(segment.words, SegmentWord.free) === 0) continue;
      if (segment.bytes.length > SEGMENT_BYTES) {
        pool.splice(i, 1);
        this.allocatedBytes -= segment.bytes.length;
      } else if (neededBytes <= SEGMENT_BYTES) found = segment;
    }
    return found;
  }

  private allocate(neededBytes: number, spare: number): Segment | null {
    const bytes = Math.max(neededBytes, SEGMENT_BYTES);
    if (this.allocatedBytes + bytes > this.memoryBytes + spare) return null;
    const memory = sharedMemory(bytes);
    if (memory === null) return null;
    this.allocatedBytes += bytes;
    const segment = viewSegment({ segment: this.nextSegment++, memory });
    this.pool.push(segment);
    post(this.port, { segment: segment.segment, memory });
    return segment;
  }
}

/** What `reserve` may go over the bound for records and entries, and for control items. */
export const Spare: { readonly none: number; readonly control: number } = {
  none: 0,
  control: CONTROL_RESERVE_BYTES,
};

/** Null when the system has no memory left: the caller drops, as at its own bound. */
function sharedMemory(bytes: number): SharedArrayBuffer | null {
  try {
    return new SharedMemory(bytes);
  } catch {
    return null;
  }
}
