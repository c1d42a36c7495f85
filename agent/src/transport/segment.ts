/**
 * A segment: shared memory that the application thread writes from front to back and the transport
 * thread reads behind it. Segments are linked by number; a read one is handed back by its `free` word,
 * so that after the start no message passes between the threads for them.
 */

/** Words at the front of a segment. */
export const SegmentWord = {
  /** Bytes that the reader may read up to. */
  published: 0,
  /** 1 once nothing more will be written; the reader goes on in `next`. */
  closed: 1,
  /** Number of the segment that follows. */
  next: 2,
  /** 1 while the writer may (again) use it. */
  free: 3,
} as const;

/** Bytes before the first item. */
export const SEGMENT_HEADER_BYTES = 16;

/** Says that a segment exists; sent once for each. */
export interface SegmentAnnouncement {
  readonly segment: number;
  readonly memory: SharedArrayBuffer;
}

/** One segment as either thread sees it. */
export interface Segment {
  readonly segment: number;
  readonly memory: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

/** Lays the views over a segment's memory. */
export function viewSegment({ segment, memory }: SegmentAnnouncement): Segment {
  return { segment, memory, words: new Int32Array(memory), bytes: new Uint8Array(memory) };
}
