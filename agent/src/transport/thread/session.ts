/**
 * The transport thread's loop: wakes when the application thread has published something or the socket
 * has something, reads, batches, seals, sends, and sleeps. Everything here is in memory and bounded; when
 * the collector is away the loop goes on filling the spool.
 */
import type { MessagePort } from 'node:worker_threads';
import {
  type AgentFrame,
  CloseCode,
  type CollectorFrame,
  HEARTBEAT_MS,
  Reason,
  Role,
  SILENT_AFTER_MS,
} from '@lockstep/protocol';
import { sleep } from '../doorbell.ts';
import { errorSentence } from '../errors.ts';
import type { ControlItem } from '../items.ts';
import { INBOX_WINDOW_BYTES, ITEMS_PER_SLICE } from '../limits.ts';
import { Slot } from '../slots.ts';
import type { TransportOptions } from '../transport-types.ts';
import { BatchWriter } from './batch-writer.ts';
import type { Digest } from './digests.ts';
import { EvidenceDesk } from './evidence-desk.ts';
import { EvidenceRing } from './evidence-ring.ts';
import { helloFrame, type Setting } from './hello.ts';
import { Intake, type IntakeHandler } from './intake.ts';
import { endReplica, isLauncherGone } from './launcher-death.ts';
import { Link, type LinkOwner, type LinkRefusal } from './link.ts';
import { LogFeed } from './log-feed.ts';
import { LogSealer } from './log-sealer.ts';
import { Notices } from './notices.ts';
import { Outgoing } from './outgoing.ts';
import { Recorder } from './recorder.ts';
import { Spool } from './spool.ts';

/** Attempts that fail before the person at the terminal is told: a collector may start a moment later. */
const AWAY_AFTER_ATTEMPTS = 5;

/** Heartbeats without any sign of the collector after which the connection is given up. */
const SILENT_HEARTBEATS: number = SILENT_AFTER_MS / HEARTBEAT_MS;

/** What the session is made of. */
export interface SessionParts {
  readonly options: TransportOptions;
  readonly slots: Int32Array;
  readonly segments: MessagePort;
  readonly inbox: MessagePort;
  readonly digest: Digest;
}

/** One replica's transport thread. */
export class Session implements LinkOwner, IntakeHandler {
  private setting: Setting | null = null;
  private logLostOnce: boolean = false;
  private finished: boolean = false;
  private silentHeartbeats = 0;
  private failedAttempts = 0;
  private readonly options: TransportOptions;
  private readonly slots: Int32Array;
  private readonly spool: Spool;
  private readonly evidence: EvidenceDesk;
  private readonly ring: EvidenceRing;
  private readonly batches: BatchWriter;
  private readonly recorder: Recorder;
  private readonly sealer: LogSealer;
  private readonly feed: LogFeed;
  private readonly intake: Intake;
  private readonly link: Link;
  private readonly outgoing: Outgoing;
  private readonly notices = new Notices();

  constructor({ options, slots, segments, inbox, digest }: SessionParts) {
    this.options = options;
    this.slots = slots;
    this.spool = new Spool(options.spoolBytes);
    this.ring = new EvidenceRing(options.evidenceBytes);
    this.batches = new BatchWriter(options.strong, digest, (frame) => {
      this.spool.records.push(frame);
    });
    this.sealer = new LogSealer(options.secrets, (frame) => this.spool.log.push(frame));
    this.recorder = new Recorder(this.batches, this.ring, this.spool, slots);
    this.evidence = new EvidenceDesk(this.ring, this.recorder, options);
    this.feed = new LogFeed(options.secrets, inbox, slots);
    this.intake = new Intake(segments, this);
    this.link = new Link(options.url, this);
    this.outgoing = new Outgoing(this.link, this.spool, this.batches, this.sealer, () =>
      this.ownCounters(),
    );
  }

  /** Starts the loop; it ends with the thread. */
  run(): void {
    setInterval(() => this.heartbeat(), HEARTBEAT_MS);
    this.pump();
  }

  // What the application thread says.

  call(words: Int32Array, bytes: Uint8Array, at: number): void {
    this.recorder.call(words, bytes, at);
  }

  stack(text: Uint8Array, wide: boolean): void {
    this.ring.stack(text, wide);
  }

  entry(entry: Uint8Array): void {
    if (this.finished || this.logLostOnce) return;
    if (this.spool.full) {
      this.loseLog('SPOOL_FULL', this.options.spoolBytes);
      return;
    }
    this.sealer.add(entry, this.batches.finishedTurns);
  }

  watermark(finishedTurns: number): void {
    this.batches.finishedTurns = finishedTurns;
    this.outgoing.oweWatermark();
  }

  gap(turn: number, records: number): void {
    this.recorder.gap(turn, records);
  }

  logLost(): void {
    this.loseLog('LOG_LOST', this.options.memoryBytes);
  }

  item(json: string): void {
    const item = JSON.parse(json) as ControlItem;
    switch (item.type) {
      case 'setting':
        this.setting = item;
        this.link.connect();
        return;
      case 'stopped':
        this.outgoing.stop(item);
        return;
      case 'counters':
        this.outgoing.count(item.counters);
        return;
      case 'end': {
        const { exitCode, complete } = item;
        this.outgoing.ending = { exitCode, complete };
      }
    }
  }

  private loseLog(code: 'SPOOL_FULL' | 'LOG_LOST', limitBytes: number): void {
    if (this.logLostOnce) return;
    this.logLostOnce = true;
    const values = { limit: String(limitBytes), replica: this.options.replica };
    const detail = errorSentence(code, values);
    this.notices.say(code, detail);
    this.outgoing.stop({ type: 'stopped', code: Reason.spoolFull, api: null, detail });
  }

  // What the collector says.

  hello(connection: number): AgentFrame {
    const isLeader = this.options.role === Role.leader;
    const { setting } = this;
    if (setting === null) throw new Error('transport: connected before the setting was known');
    return helloFrame(this.options, setting, connection, {
      stream: 0,
      records: this.spool.records.first,
      logFrames: isLeader ? this.spool.log.first : this.feed.next,
    });
  }

  control(frame: CollectorFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.failedAttempts = 0;
        this.outgoing.resume(frame.positions);
        return;
      case 'ack':
        this.outgoing.acknowledge(frame.positions);
        this.recorder.settle();
        return;
      case 'evidence-request':
        this.link.sendControl(this.evidence.answer(frame));
        return;
      case 'log-closed':
        this.feed.close(frame.frames, frame.clean);
        return;
      case 'end':
        this.feed.end(frame.code, frame.detail);
        return;
      case 'drill':
        this.feed.drill(frame.file);
        return;
      case 'refuse':
        return; // Kept by the link until the close that follows.
    }
  }

  binary(frame: Uint8Array): void {
    if (this.options.role === Role.leader) return;
    const outcome = this.feed.frame(frame);
    if (outcome === 'hole') this.link.reconnect();
    if (outcome === 'refused') this.refuseLog();
    if (this.feed.overfull && !this.link.paused) this.pause();
  }

  writable(): void {
    this.outgoing.fill();
    this.answerDrain();
  }

  unreachable(code: string): void {
    const { options } = this;
    if (options.launcherSocket) {
      if (isLauncherGone(code)) endReplica(options.role);
      return;
    }
    this.failedAttempts++;
    if (this.failedAttempts < AWAY_AFTER_ATTEMPTS) return;
    const values = { url: options.url, why: code };
    this.notices.say('COLLECTOR_AWAY', errorSentence('COLLECTOR_AWAY', values));
  }

  closed(refusal: LinkRefusal | null): void {
    this.finished = true;
    this.recorder.discarding = true;
    this.spool.clear();
    if (refusal !== null) {
      const { url, replica } = this.options;
      const detail = errorSentence('COLLECTOR_REFUSED', { url, replica, why: refusal.message });
      this.notices.say('COLLECTOR_REFUSED', detail);
      const differs = refusal.closeCode === CloseCode.settingDiffers;
      this.feed.end(differs ? Reason.setupMismatch : Reason.collectorAway, detail);
    }
    this.answerDrain();
  }

  private refuseLog(): void {
    const detail = errorSentence('LOG_REFUSED', { why: `frame ${this.feed.next}` });
    this.outgoing.stop({ type: 'stopped', code: Reason.logRefused, api: null, detail });
  }

  private pause(): void {
    this.link.pause();
    Atomics.store(this.slots, Slot.paused, 1);
    this.resumeIfTaken();
  }

  private resumeIfTaken(): void {
    if (Atomics.load(this.slots, Slot.paused) === 0) return;
    if (this.feed.waitingBytes > INBOX_WINDOW_BYTES / 2) return;
    Atomics.store(this.slots, Slot.paused, 0);
    this.link.resume();
  }

  // The loop.

  private readonly pump = (): void => {
    Atomics.store(this.slots, Slot.sleeping, 0);
    const more = this.intake.read(ITEMS_PER_SLICE);
    this.batches.close();
    this.sealer.seal(this.batches.finishedTurns);
    this.outgoing.fill();
    this.resumeIfTaken();
    this.answerDrain();
    if (more) setImmediate(this.pump);
    else this.sleep();
  };

  private sleep(): void {
    sleep(this.slots, this.busy, this.pump);
  }

  private readonly busy = (): boolean => this.intake.available() || this.drainPending;

  private heartbeat(): void {
    this.outgoing.oweWatermark();
    this.outgoing.fill();
    if (!this.link.connected) return;
    const quiet = !(this.link.probe() || this.link.paused);
    this.silentHeartbeats = quiet ? this.silentHeartbeats + 1 : 0;
    if (this.silentHeartbeats >= SILENT_HEARTBEATS) this.link.reconnect();
  }

  private get drainPending(): boolean {
    const { slots } = this;
    return Atomics.load(slots, Slot.drainAsked) !== Atomics.load(slots, Slot.drainOver);
  }

  /** A drain is over when nothing waits any more, or when nobody will ever take it. */
  private answerDrain(): void {
    if (!this.drainPending) return;
    const { slots } = this;
    const asked = Atomics.load(slots, Slot.drainAsked);
    const drained = this.outgoing.handedOver && !this.intake.available();
    if (!(drained || this.finished)) return;
    Atomics.store(slots, Slot.drained, drained ? 1 : 0);
    Atomics.store(slots, Slot.drainOver, asked);
    Atomics.notify(slots, Slot.drainOver);
  }

  private ownCounters(): Record<string, number> {
    return {
      'transport.bytesSent': this.link.bytesSent,
      'transport.framesSent': this.link.framesSent,
      'transport.reconnects': Math.max(0, this.link.connections - 1),
      'transport.dropped': this.recorder.lost,
      'transport.spoolBytes': this.spool.bytes,
    };
  }
}
