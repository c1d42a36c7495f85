/**
 * A follower's side of the log: frames in order, each authenticated before anything of it is used, handed
 * to the application thread, which says in a shared word how much of it was taken.
 */
import type { MessagePort } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import {
  COMPRESSED,
  type FrameHeader,
  FrameKind,
  MalformedBytes,
  Reason,
  readFrameHeader,
} from '@lockstep/protocol';
import type { KeySource } from '../keys.ts';
import { INBOX_WINDOW_BYTES, MAX_PLAIN_BYTES } from '../limits.ts';
import { Slot } from '../slots.ts';
import type { InboxItem } from '../transport-types.ts';
import { logKey, openFrame } from './log-cipher.ts';

/** What became of a frame. `hole`: frames before it are missing; `refused`: it is not the leader's. */
export type FeedOutcome = 'taken' | 'ignored' | 'hole' | 'refused';

/** Feeds the inbox. */
export class LogFeed {
  /** Number of the next frame. */
  next = 0;
  private givenBytes = 0;
  private logEnded: boolean = false;
  private endGiven: boolean = false;
  private closeAt: { readonly frames: number; readonly clean: boolean } | null = null;
  private readonly key: Buffer;
  private readonly port: MessagePort;
  private readonly slots: Int32Array;

  constructor(source: KeySource, port: MessagePort, slots: Int32Array) {
    this.key = logKey(source);
    this.port = port;
    this.slots = slots;
  }

  /** Plain bytes that the application thread has not taken. */
  get waitingBytes(): number {
    return (this.givenBytes - Atomics.load(this.slots, Slot.takenBytes)) | 0;
  }

  get overfull(): boolean {
    return this.waitingBytes > INBOX_WINDOW_BYTES;
  }

  /** Takes a frame as it came from the socket. */
  frame(frame: Uint8Array): FeedOutcome {
    const header = headerOf(frame);
    if (header === null) return this.refuse('a log frame is malformed');
    if (this.logEnded || header.stream !== 0 || header.first < this.next) return 'ignored';
    if (header.first > this.next) return 'hole';
    const plain = this.plainOf(header, frame);
    if (plain === null)
      return this.refuse(`log frame ${header.first} is not what the leader sealed`);
    this.next++;
    this.givenBytes = (this.givenBytes + plain.length) | 0;
    const { count, turnBase } = header;
    this.put({ type: 'entries', bytes: plain, count, turnBase }, [plain.buffer as ArrayBuffer]);
    this.closeIfDone();
    return 'taken';
  }

  /** The log ends after `frames` frames. */
  close(frames: number, clean: boolean): void {
    this.closeAt = { frames, clean };
    this.closeIfDone();
  }

  /** The follower must end. */
  end(code: Reason, detail: string): void {
    if (this.endGiven) return;
    this.endGiven = true;
    this.logEnded = true;
    this.put({ type: 'end', code, detail }, []);
  }

  drill(file: string): void {
    this.put({ type: 'drill', file }, []);
  }

  private closeIfDone(): void {
    if (this.closeAt === null || this.logEnded || this.next < this.closeAt.frames) return;
    this.logEnded = true;
    this.put({ type: 'closed', clean: this.closeAt.clean }, []);
  }

  private refuse(detail: string): FeedOutcome {
    if (this.logEnded) return 'ignored';
    this.end(Reason.logRefused, detail);
    return 'refused';
  }

  private plainOf(header: FrameHeader, frame: Uint8Array): Uint8Array | null {
    const opened = openFrame(this.key, header.first, frame);
    if (opened === null) return null;
    if ((header.flags & COMPRESSED) === 0) return ownBytes(opened);
    try {
      return ownBytes(inflateRawSync(opened, { maxOutputLength: MAX_PLAIN_BYTES }));
    } catch {
      return null; // Sealed by a leader of ours and not inflatable: refused like a forged one.
    }
  }

  private put(item: InboxItem, transfer: ArrayBuffer[]): void {
    this.port.postMessage(item, transfer);
    Atomics.add(this.slots, Slot.arrived, 1);
    Atomics.notify(this.slots, Slot.arrived);
  }
}

function headerOf(frame: Uint8Array): FrameHeader | null {
  try {
    const header = readFrameHeader(frame);
    return header.kind === FrameKind.log ? header : null;
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

/** Bytes whose memory is theirs alone, so that it can be handed over; small buffers share a pool. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
