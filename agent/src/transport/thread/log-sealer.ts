/**
 * Builds the leader's log frames: entries one behind the other until the target size or the end of what
 * waits, compressed when that helps, encrypted once.
 */
import { deflateRawSync } from 'node:zlib';
import {
  ByteSink,
  COMPRESSED,
  EntryKind,
  FrameKind,
  frameHeaderBytes,
  LOG_FRAME_TARGET_BYTES,
} from '@lockstep/protocol';
import type { KeySource } from '../keys.ts';
import { COMPRESS_ABOVE_BYTES } from '../limits.ts';
import type { SpooledFrame } from './frame-queue.ts';
import { logKey, sealFrame } from './log-cipher.ts';

/** Position of an entry's kind: behind its length. */
const KIND_AT = 4;
/** Fastest level of deflate: the leader's machine has better things to do. */
const DEFLATE = { level: 1 } as const;
/** Compressed only when at least an eighth is saved. */
const WORTH_SHARE = 0.875;
/** Frames that are not tried after one that did not shrink: such bytes come in rows (images, archives). */
const SKIPPED_FRAMES = 8;

/** Collects entries into frames; finished frames go to `emit`. */
export class LogSealer {
  /** Number of the next frame. */
  next = 0;
  private entries = 0;
  private deliveries = 0;
  private turnBase = 0;
  private count = 0;
  private untried = 0;
  private readonly sink = new ByteSink(LOG_FRAME_TARGET_BYTES * 2);
  private readonly key: Buffer;
  private readonly emit: (frame: SpooledFrame) => void;

  constructor(source: KeySource, emit: (frame: SpooledFrame) => void) {
    this.key = logKey(source);
    this.emit = emit;
  }

  /** Appends an entry, with its length. */
  add(entry: Uint8Array, finishedTurns: number): void {
    this.sink.raw(entry);
    this.count++;
    this.entries++;
    if (entry[KIND_AT] === EntryKind.delivery) this.deliveries++;
    if (this.sink.length >= LOG_FRAME_TARGET_BYTES) this.seal(finishedTurns);
  }

  /** Emits the frame if it has entries. */
  seal(finishedTurns: number): void {
    if (this.count === 0) return;
    const plain = this.sink.bytes();
    const packed = this.compress(plain);
    const header = frameHeaderBytes({
      kind: FrameKind.log,
      flags: packed === null ? 0 : COMPRESSED,
      stream: 0,
      first: this.next,
      count: this.count,
      finishedTurns,
      total: this.entries,
      turnBase: this.turnBase,
    });
    const bytes = sealFrame(this.key, this.next, header, packed ?? plain);
    this.next++;
    this.count = 0;
    this.turnBase = this.deliveries;
    this.sink.reset();
    this.emit({ next: this.next, bytes });
  }

  /** The smaller form, or null when it is not worth it. */
  private compress(plain: Uint8Array): Uint8Array | null {
    if (plain.length < COMPRESS_ABOVE_BYTES) return null;
    if (this.untried > 0) {
      this.untried--;
      return null;
    }
    const packed = deflateRawSync(plain, DEFLATE);
    if (packed.length < plain.length * WORTH_SHARE) return packed;
    this.untried = SKIPPED_FRAMES;
    return null;
  }
}
