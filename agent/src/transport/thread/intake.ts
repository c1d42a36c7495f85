/**
 * HOT. The reading end of the segments, on the transport thread. Items are handed over where they stand;
 * whoever takes one copies what it keeps, for the segment is given back once it has been read.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { BODY_BYTES, ItemType } from '../items.ts';
import { SEGMENT_BYTES } from '../limits.ts';
import {
  SEGMENT_HEADER_BYTES,
  type Segment,
  type SegmentAnnouncement,
  SegmentWord,
  viewSegment,
} from '../segment.ts';
import { wideNumber } from './call-item.ts';

/** What takes the items. Views are valid during the call only. */
export interface IntakeHandler {
  call(words: Int32Array, bytes: Uint8Array, at: number): void;
  stack(text: Uint8Array, wide: boolean): void;
  entry(entry: Uint8Array): void;
  watermark(finishedTurns: number): void;
  gap(turn: number, records: number): void;
  logLost(): void;
  /** A `ControlItem` as JSON. */
  item(json: string): void;
}

/** Reads segments in the order in which they were written. */
export class Intake {
  private readonly port: MessagePort;
  private readonly handler: IntakeHandler;
  private readonly segments = new Map<number, Segment>();
  private segment: Segment | null = null;
  private at = SEGMENT_HEADER_BYTES;

  constructor(port: MessagePort, handler: IntakeHandler) {
    this.port = port;
    this.handler = handler;
  }

  /** Reads up to `most` items; true when more may wait. */
  read(most: number): boolean {
    for (let left = most; left > 0; left--) {
      if (!this.available()) return false;
      this.readItem();
    }
    return true;
  }

  /** Whether an item waits; goes on to the next segment when this one is at its end. */
  available(): boolean {
    for (;;) {
      const segment = this.segment ?? this.open(0);
      if (segment === null) return false;
      const { words } = segment;
      // In this order: what was published before the segment was closed must not be missed.
      const closed = Atomics.load(words, SegmentWord.closed) === 1;
      if (this.at < Atomics.load(words, SegmentWord.published)) return true;
      if (!closed) return false;
      this.moveOn(segment);
    }
  }

  private moveOn(segment: Segment): void {
    const next = segment.words[SegmentWord.next] ?? 0;
    if (segment.memory.byteLength > SEGMENT_BYTES) this.segments.delete(segment.segment);
    Atomics.store(segment.words, SegmentWord.free, 1);
    this.open(next);
  }

  private open(number: number): Segment | null {
    let segment = this.segments.get(number);
    while (segment === undefined) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return null;
      const opened = viewSegment(received.message as SegmentAnnouncement);
      this.segments.set(opened.segment, opened);
      segment = this.segments.get(number);
    }
    this.segment = segment;
    this.at = SEGMENT_HEADER_BYTES;
    return segment;
  }

  private readItem(): void {
    const { segment, at, handler } = this;
    if (segment === null) return;
    const { words, bytes } = segment;
    const word = at >> 2;
    const head = words[word + 1] ?? 0;
    this.at = at + (words[word] ?? 0);
    switch (head & 0xff) {
      case ItemType.call:
        handler.call(words, bytes, at);
        return;
      case ItemType.watermark:
        handler.watermark(wideNumber(words, word + 2));
        return;
      case ItemType.gap:
        handler.gap(wideNumber(words, word + 2), (words[word + 4] ?? 0) >>> 0);
        return;
      case ItemType.logLost:
        handler.logLost();
        return;
      default:
        this.readBody(head, bodyOf(bytes, at, words[word + 2] ?? 0));
        return;
    }
  }

  private readBody(head: number, body: Uint8Array): void {
    const wide = head >>> 24 === 1;
    switch (head & 0xff) {
      case ItemType.entry:
        this.handler.entry(body);
        return;
      case ItemType.stack:
        this.handler.stack(body, wide);
        return;
      default:
        this.handler.item(readText(body, wide));
        return;
    }
  }
}

/** Reads what `writeText` wrote. */
export function readText(bytes: Uint8Array, wide: boolean): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(wide ? 'utf16le' : 'latin1');
}

function bodyOf(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return bytes.subarray(at + BODY_BYTES, at + BODY_BYTES + length);
}
