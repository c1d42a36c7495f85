/**
 * What is to be said to the collector, in its order: frames that were not acknowledged, a watermark once
 * they are all out, and bye after everything. The socket gets a window's worth; the rest stays in the
 * spool, where it is counted.
 */
import {
  type ByeFrame,
  type ChildExitFrame,
  MAX_NAME_CHARS,
  type Reason,
  Role,
  type StoppedFrame,
  type StreamFrame,
  type StreamPosition,
} from '@lockstep/protocol';
import {
  FOLLOWER_LINGER_MS,
  LEADER_LINGER_MS,
  MAX_CHILDREN,
  MAX_SENTENCE_CHARS,
  MAX_STOPPED,
} from '../limits.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { Link } from './link.ts';
import type { LogSealer } from './log-sealer.ts';
import type { Spool } from './spool.ts';

/** How the replica ended, once it has. */
export type Ending = Pick<ByeFrame, 'exitCode' | 'complete'>;

/** The sending half of a replica's conversation. */
export class Outgoing {
  ending: Ending | null = null;
  private byeSaid: boolean = false;
  private watermarkOwed: boolean = false;
  private lingering: NodeJS.Timeout | null = null;
  private counters: Readonly<Record<string, number>> | null = null;
  private readonly stopped: StoppedFrame[] = [];
  private readonly children: (StreamFrame | ChildExitFrame)[] = [];
  private readonly lingerMs: number;
  private readonly link: Link;
  private readonly spool: Spool;
  private readonly batches: BatchWriter;
  private readonly sealer: LogSealer;
  /** The transport's own numbers, asked for when counters are sent. */
  private readonly ownCounters: () => Record<string, number>;

  constructor(
    role: Role,
    link: Link,
    spool: Spool,
    batches: BatchWriter,
    sealer: LogSealer,
    ownCounters: () => Record<string, number>,
  ) {
    this.lingerMs = role === Role.leader ? LEADER_LINGER_MS : FOLLOWER_LINGER_MS;
    this.link = link;
    this.spool = spool;
    this.batches = batches;
    this.sealer = sealer;
    this.ownCounters = ownCounters;
  }

  /** A new connection: from what the collector holds on. */
  resume(positions: readonly StreamPosition[]): void {
    this.acknowledge(positions);
    this.spool.rewind();
    this.byeSaid = false;
    if (this.lingering !== null) clearTimeout(this.lingering);
    this.watermarkOwed = true;
    for (const frame of this.stopped) this.link.sendControl(frame);
    for (const frame of this.children) this.link.sendControl(frame);
    // What was counted while nobody could be told.
    if (this.counters !== null) this.sendCounters();
    this.fill();
  }

  acknowledge(positions: readonly StreamPosition[]): void {
    for (const position of positions) if (position.stream === 0) this.spool.acknowledge(position);
    this.linger();
  }

  /** After bye: once everything is acknowledged, stays a while for questions, then closes. */
  linger(): void {
    if (!(this.byeSaid && this.spool.empty)) return;
    if (this.lingering !== null) clearTimeout(this.lingering);
    this.lingering = setTimeout(() => this.link.finish(), this.lingerMs);
  }

  /** The watermark has moved, or the collector must hear that we live. */
  oweWatermark(): void {
    this.watermarkOwed = true;
  }

  /** A batch that stands in the queue carries the watermark. */
  watermarkSaid(): void {
    this.watermarkOwed = false;
  }

  /** The replica cannot be compared any further; said on every connection from now on. */
  stop(code: Reason, api: string | null, detail: string): void {
    if (this.stopped.length >= MAX_STOPPED) return;
    const name = api === null ? null : api.slice(0, MAX_NAME_CHARS);
    const sentence = detail.slice(0, MAX_SENTENCE_CHARS);
    const frame: StoppedFrame = { type: 'stopped', code, api: name, detail: sentence };
    this.stopped.push(frame);
    if (this.link.connected) this.link.sendControl(frame);
  }

  /** A child's log began, or its process ended; said again on every connection, for the collector may not have heard. */
  announce(frame: StreamFrame | ChildExitFrame): void {
    this.children.push(frame);
    if (this.children.length > MAX_CHILDREN) this.children.shift();
    if (this.link.connected) this.link.sendControl(frame);
  }

  count(counters: Readonly<Record<string, number>>): void {
    this.counters = { ...this.counters, ...counters };
    this.sendCounters();
  }

  /** Sends what the socket takes. */
  fill(): void {
    if (this.link.connected) this.link.together(this.sendWaiting);
  }

  private readonly sendWaiting = (): void => {
    const { link, spool } = this;
    while (link.roomy) {
      const frame = spool.take();
      if (frame === null) break;
      link.sendBinary(frame.bytes);
    }
    if (!spool.allSent) return;
    if (this.watermarkOwed) {
      this.watermarkOwed = false;
      link.sendBinary(this.batches.watermark());
    }
    if (this.ending !== null && !this.byeSaid) this.sayBye(this.ending);
  };

  /**
   * Whether the collector has everything that there is to say so far. That the system's socket has it
   * would not do: what a dead process left in it is lost as soon as the collector writes to it (seen).
   */
  get settled(): boolean {
    const { link } = this;
    const said = this.ending === null || this.byeSaid;
    if (!(said && link.connected)) return false;
    return this.spool.empty && !this.watermarkOwed && link.bufferedBytes === 0;
  }

  private sayBye(ending: Ending): void {
    this.byeSaid = true;
    this.sendCounters();
    const { next: records } = this.batches;
    const { next: logFrames } = this.sealer;
    this.link.bye({ type: 'bye', ...ending, positions: [{ stream: 0, records, logFrames }] });
    this.linger();
  }

  private sendCounters(): void {
    if (!this.link.connected) return;
    const counters = { ...this.counters, ...this.ownCounters() };
    this.link.sendControl({ type: 'counters', counters });
  }
}
