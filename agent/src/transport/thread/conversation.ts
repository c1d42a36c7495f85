/**
 * What is said between this replica and its collector: greeting, evidence, the log for a follower, the
 * end. Sockets are the link's, order and windows are `Outgoing`'s; here is what each frame means.
 */
import {
  type AgentFrame,
  CloseCode,
  type CollectorFrame,
  HEARTBEAT_MS,
  MAIN_LOG,
  Reason,
  Role,
  SILENT_AFTER_MS,
} from '@lockstep/protocol';
import { errorSentence } from '../errors.ts';
import { INBOX_WINDOW_BYTES } from '../limits.ts';
import { Slot } from '../slots.ts';
import type { TransportOptions } from '../transport-types.ts';
import type { BatchWriter } from './batch-writer.ts';
import { EvidenceDesk } from './evidence-desk.ts';
import type { EvidenceRing } from './evidence-ring.ts';
import { helloFrame, type Setting } from './hello.ts';
import { endReplica, isLauncherGone } from './launcher-death.ts';
import { Link, type LinkOwner, type LinkRefusal } from './link.ts';
import type { LogFeed } from './log-feed.ts';
import type { LogSealer } from './log-sealer.ts';
import type { Notices } from './notices.ts';
import { Outgoing } from './outgoing.ts';
import type { Recorder } from './recorder.ts';
import type { Spool } from './spool.ts';

/** Attempts that fail before the person at the terminal is told: a collector may start a moment later. */
const AWAY_AFTER_ATTEMPTS = 5;

/** Heartbeats without any sign of the collector after which the connection is given up. */
const SILENT_HEARTBEATS: number = SILENT_AFTER_MS / HEARTBEAT_MS;

/** What the conversation is about. */
export interface ConversationParts {
  readonly options: TransportOptions;
  readonly slots: Int32Array;
  readonly spool: Spool;
  readonly ring: EvidenceRing;
  readonly batches: BatchWriter;
  readonly sealer: LogSealer;
  readonly recorder: Recorder;
  readonly feed: LogFeed;
  readonly notices: Notices;
}

/** One replica's conversation, over as many connections as it takes. */
export class Conversation implements LinkOwner {
  /** Null while it lasts; then whether it came to its end or was refused. */
  outcome: 'ended' | 'refused' | null = null;
  readonly outgoing: Outgoing;
  private setting: Setting | null = null;
  private launcherMissed: boolean = false;
  /** Whether the parent process was gone when the connection was. */
  private orphaned: boolean = false;
  private readonly parentPid: number = process.ppid;
  private silentHeartbeats = 0;
  private failedAttempts = 0;
  private readonly parts: ConversationParts;
  private readonly desk: EvidenceDesk;
  private readonly link: Link;
  private readonly progress: () => void;

  /** `progress` is called whenever something has left, or nothing will any more. */
  constructor(parts: ConversationParts, progress: () => void) {
    const { options, ring, recorder, spool, batches, sealer } = parts;
    this.parts = parts;
    this.progress = progress;
    this.desk = new EvidenceDesk(ring, recorder, options);
    this.link = new Link(options.url, this);
    this.outgoing = new Outgoing(options.role, this.link, spool, batches, sealer, () =>
      this.ownCounters(),
    );
  }

  /** The setting is known: the collector can be greeted. */
  begin(setting: Setting): void {
    this.setting = setting;
    this.link.connect();
  }

  hello(connection: number): AgentFrame {
    const { options, spool, feed } = this.parts;
    const { setting } = this;
    if (setting === null) throw new Error('transport: connected before the setting was known');
    return helloFrame(options, setting, connection, {
      stream: 0,
      records: spool.records.first,
      logFrames: options.role === Role.leader ? spool.log.first : feed.next,
    });
  }

  control(frame: CollectorFrame): void {
    const { feed } = this.parts;
    switch (frame.type) {
      case 'welcome':
        this.failedAttempts = 0;
        this.outgoing.resume(frame.positions);
        break;
      case 'ack':
        this.link.prosper();
        this.outgoing.acknowledge(frame.positions);
        this.progress();
        break;
      case 'evidence-request':
        this.link.sendControl(this.desk.answer(frame));
        this.outgoing.linger();
        break;
      case 'log-closed':
        feed.close(frame.frames, frame.clean);
        break;
      case 'end':
        feed.end(frame.code, frame.detail);
        break;
      case 'drill':
        feed.drill(frame.file);
        break;
      case 'refuse':
        break; // Kept by the link until the close that follows.
    }
  }

  binary(frame: Uint8Array): void {
    const { options, feed } = this.parts;
    if (options.role === Role.leader) return;
    const outcome = feed.frame(frame);
    if (outcome === 'taken') this.link.prosper();
    if (outcome === 'hole') this.link.reconnect();
    if (outcome === 'refused') {
      const detail = errorSentence('LOG_REFUSED', { why: `frame ${feed.next} fails its check` });
      this.outgoing.stop(Reason.logRefused, null, detail);
    }
    if (feed.overfull && !this.link.paused) this.pause();
  }

  writable(): void {
    this.outgoing.fill();
    this.progress();
  }

  lost(): void {
    if (this.outgoing.ending === null) this.orphaned = process.ppid !== this.parentPid;
  }

  unreachable(code: string): void {
    const { options, notices } = this.parts;
    if (options.launcherSocket) {
      if (isLauncherGone(code) && !this.launcherMissed) {
        this.launcherMissed = true;
        const livesOn = options.logName !== MAIN_LOG && options.role === Role.leader;
        if (!(livesOn && this.orphaned)) endReplica(options.role);
      }
      return;
    }
    this.failedAttempts++;
    if (this.failedAttempts < AWAY_AFTER_ATTEMPTS) return;
    notices.say('COLLECTOR_AWAY', errorSentence('COLLECTOR_AWAY', { url: options.url, why: code }));
  }

  closed(refusal: LinkRefusal | null): void {
    const { recorder, spool } = this.parts;
    this.outcome = refusal === null ? 'ended' : 'refused';
    recorder.discarding = true;
    spool.clear();
    if (refusal !== null) this.refused(refusal);
    this.progress();
  }

  /** Says that we live, and looks whether the collector does. */
  heartbeat(): void {
    const { link } = this;
    this.outgoing.oweWatermark();
    if (!link.connected) return;
    const quiet = !(link.probe() || link.paused);
    this.silentHeartbeats = quiet ? this.silentHeartbeats + 1 : 0;
    if (this.silentHeartbeats < SILENT_HEARTBEATS) return;
    this.silentHeartbeats = 0;
    link.reconnect();
  }

  /** Reads on once the application thread has taken half of what it may leave lying. */
  resumeIfTaken(): void {
    const { slots, feed } = this.parts;
    if (Atomics.load(slots, Slot.paused) === 0) return;
    if (feed.waitingBytes > INBOX_WINDOW_BYTES / 2) return;
    Atomics.store(slots, Slot.paused, 0);
    this.link.resume();
  }

  private pause(): void {
    this.link.pause();
    Atomics.store(this.parts.slots, Slot.paused, 1);
    // It may have been taken before the word said that somebody waits for it.
    this.resumeIfTaken();
  }

  private refused({ message, closeCode }: LinkRefusal): void {
    const { options, notices, feed } = this.parts;
    const { url, replica } = options;
    const detail = errorSentence('COLLECTOR_REFUSED', { url, replica, why: message });
    notices.say('COLLECTOR_REFUSED', detail);
    // A follower has nothing to live on any more; a leader goes on unprotected.
    if (options.role === Role.leader) return;
    const differs = closeCode === CloseCode.settingDiffers;
    feed.end(differs ? Reason.setupMismatch : Reason.collectorAway, detail);
  }

  private ownCounters(): Record<string, number> {
    const { link } = this;
    return {
      'transport.bytesSent': link.bytesSent,
      'transport.framesSent': link.framesSent,
      'transport.reconnects': Math.max(0, link.connections - 1),
      'transport.dropped': this.parts.recorder.lost,
      'transport.spoolBytes': this.parts.spool.bytes,
    };
  }
}
