/**
 * The transport thread's loop: wakes when the application thread has published something, reads, batches,
 * seals, sends, naps, and sleeps when a nap brought nothing. What it holds is bounded; while the collector
 * is away it fills the spool.
 */
import type { MessagePort } from 'node:worker_threads';
import { HEARTBEAT_MS, Reason } from '@lockstep/protocol';
import { sleep } from '../doorbell.ts';
import { errorSentence } from '../errors.ts';
import type { ControlItem } from '../items.ts';
import { AWAKE_NAPS, ITEMS_PER_SLICE, NAP_MOST_MS } from '../limits.ts';
import { Slot } from '../slots.ts';
import type { TransportOptions } from '../transport-types.ts';
import { BatchWriter } from './batch-writer.ts';
import { Conversation } from './conversation.ts';
import type { Digest } from './digests.ts';
import { EvidenceRing } from './evidence-ring.ts';
import { Intake, type IntakeHandler } from './intake.ts';
import { LogFeed } from './log-feed.ts';
import { LogSealer } from './log-sealer.ts';
import { Notices } from './notices.ts';
import { Recorder } from './recorder.ts';
import { Spool } from './spool.ts';

/** What the session is made of. */
export interface SessionParts {
  readonly options: TransportOptions;
  readonly slots: Int32Array;
  readonly segments: MessagePort;
  readonly inbox: MessagePort;
  readonly digest: Digest;
}

/** One replica's transport thread. */
export class Session implements IntakeHandler {
  private logLostOnce: boolean = false;
  /** The last drain that the loop has seen asked for. */
  private drainSeen = 0;
  private readonly options: TransportOptions;
  private readonly slots: Int32Array;
  private readonly spool: Spool;
  private readonly ring: EvidenceRing;
  private readonly batches: BatchWriter;
  private readonly recorder: Recorder;
  private readonly sealer: LogSealer;
  private readonly intake: Intake;
  private readonly notices = new Notices();
  private readonly conversation: Conversation;

  constructor({ options, slots, segments, inbox, digest }: SessionParts) {
    this.options = options;
    this.slots = slots;
    const spool = new Spool(options.spoolBytes);
    const ring = new EvidenceRing(options.evidenceBytes);
    const batches = new BatchWriter(options.strong, digest, (frame) => spool.records.push(frame));
    const sealer = new LogSealer(options, (frame) => spool.log.push(frame));
    const recorder = new Recorder(batches, ring, spool, slots);
    const feed = new LogFeed(options, inbox, slots);
    const { notices } = this;
    const parts = { options, slots, spool, ring, batches, sealer, recorder, feed, notices };
    this.conversation = new Conversation(parts, () => this.answerDrain());
    this.spool = spool;
    this.ring = ring;
    this.batches = batches;
    this.sealer = sealer;
    this.recorder = recorder;
    this.intake = new Intake(segments, this);
  }

  /** Starts the loop; it ends with the thread. */
  run(): void {
    setInterval(() => this.heartbeat(), HEARTBEAT_MS);
    this.pump();
  }

  call(words: Int32Array, bytes: Uint8Array, at: number): void {
    this.recorder.call(words, bytes, at);
  }

  stack(text: Uint8Array, wide: boolean): void {
    if (this.recorder.lastKept) this.ring.stack(text, wide);
  }

  entry(entry: Uint8Array): void {
    if (this.logLostOnce || this.conversation.outcome !== null) return;
    if (this.spool.full) this.loseLog('SPOOL_FULL', this.options.spoolBytes);
    else this.sealer.add(entry, this.batches.finishedTurns);
  }

  watermark(finishedTurns: number): void {
    this.batches.finishedTurns = finishedTurns;
    this.conversation.outgoing.oweWatermark();
  }

  gap(turn: number, records: number): void {
    this.recorder.gap(turn, records);
  }

  logLost(): void {
    this.loseLog('LOG_LOST', this.options.memoryBytes);
  }

  item(json: string): void {
    const { outgoing } = this.conversation;
    const item = JSON.parse(json) as ControlItem;
    switch (item.type) {
      case 'setting':
        this.conversation.begin(item);
        break;
      case 'stopped':
        outgoing.stop(item.code, item.api, item.detail);
        break;
      case 'child':
        outgoing.announce({ type: 'stream', stream: 0, log: item.log });
        break;
      case 'child-exit':
        outgoing.announce(item);
        break;
      case 'counters':
        outgoing.count(item.counters);
        break;
      case 'end':
        outgoing.ending = { exitCode: item.exitCode, complete: item.complete };
    }
  }

  private loseLog(code: 'SPOOL_FULL' | 'LOG_LOST', limitBytes: number): void {
    if (this.logLostOnce) return;
    this.logLostOnce = true;
    const values = { limit: String(limitBytes), replica: this.options.replica };
    const detail = errorSentence(code, values);
    this.notices.say(code, detail);
    this.conversation.outgoing.stop(Reason.spoolFull, null, detail);
  }

  /** Naps since something was found; the thread begins awake enough to be woken. */
  private naps = AWAKE_NAPS;

  private readonly pump = (): void => {
    const { slots } = this;
    Atomics.store(slots, Slot.sleeping, 0);
    this.drainSeen = Atomics.load(slots, Slot.drainAsked);
    const found = this.intake.available();
    const more = this.intake.read(ITEMS_PER_SLICE);
    this.send();
    this.conversation.resumeIfTaken();
    if (found) this.naps = 0;
    if (more) setImmediate(this.pump);
    else if (this.naps < AWAKE_NAPS) setTimeout(this.pump, Math.min(++this.naps, NAP_MOST_MS));
    else sleep(slots, this.busy, this.pump);
  };

  private readonly busy = (): boolean =>
    this.intake.available() || Atomics.load(this.slots, Slot.drainAsked) !== this.drainSeen;

  private heartbeat(): void {
    this.conversation.heartbeat();
    this.send();
  }

  private send(): void {
    const { outgoing } = this.conversation;
    this.recorder.settle();
    // The batch says what a watermark would.
    if (this.batches.close()) outgoing.watermarkSaid();
    this.sealer.seal(this.batches.finishedTurns);
    outgoing.fill();
    this.answerDrain();
  }

  /** A drain is over when the collector has everything (after bye: has closed), or never will. */
  private answerDrain(): void {
    const { slots, conversation } = this;
    const asked = Atomics.load(slots, Slot.drainAsked);
    if (asked === Atomics.load(slots, Slot.drainOver) || this.intake.available()) return;
    const { outcome, outgoing } = conversation;
    const settled = outcome === 'ended' || outgoing.settled;
    if (settled) Atomics.store(slots, Slot.drained, asked);
    if (outcome === null && !(settled && outgoing.ending === null)) return;
    Atomics.store(slots, Slot.drainOver, asked);
    Atomics.notify(slots, Slot.drainOver);
  }
}
