/** The door of the transport: what the agent's core gives it, and what it may ask of it. */
import type { Coverage, Isolation, Reason, ReplicaSecrets, Role } from '@lockstep/protocol';

/** How a replica's transport is started. Byte bounds are hard: beyond them things are dropped and counted. */
export interface TransportOptions {
  /** Absolute path of the bundled worker (`dist/transport-worker.cjs`). */
  readonly workerFile: string;
  readonly role: Role;
  /** `ws://`, `wss://` or `ws+unix:///path:/agent`. */
  readonly url: string;
  readonly service: string;
  readonly runId: string;
  readonly replica: string;
  /** The log of this thread: `main`, or that of a child. */
  readonly logName: string;
  readonly variant: string;
  readonly isolation: Isolation;
  readonly drill: boolean;
  /** `url` is the launcher's own socket: when nobody listens there any more, the process ends. */
  readonly launcherSocket: boolean;
  readonly secrets: ReplicaSecrets;
  /** 128-bit HMAC digests instead of 64-bit hashes. */
  readonly strong: boolean;
  /** Bound of what waits for the transport thread, bytes. */
  readonly memoryBytes: number;
  /** Bound of the evidence kept, bytes. */
  readonly evidenceBytes: number;
  /** Bound of frames the collector has not acknowledged, bytes. */
  readonly spoolBytes: number;
  /** Names of object keys, headers and parameters whose values never leave, beside the usual ones. */
  readonly redact: readonly string[];
}

/** A started transport. Nothing in it throws, whatever becomes of the thread or the collector. */
export interface Transport {
  readonly outbox: Outbox;
  /** Followers are fed by it; in a leader it carries commands only. */
  readonly inbox: Inbox;
  /** The initial setting and coverage; the collector is greeted only after it. */
  setSetting(setting: Record<string, string>, coverage: Coverage): void;
  /**
   * Blocks up to `ms` until the collector has acknowledged everything published and, if ended, has
   * closed after `bye`; true then. (Handing it to the socket is not enough: what a process that is gone
   * left there is lost as soon as the collector writes to it.)
   */
  drain(ms: number): boolean;
  /** False once the transport thread has died; the outbox then drops and counts. */
  readonly alive: boolean;
}

/** Where the application thread puts what it did. */
export interface Outbox {
  /**
   * One record. `turn` and `parentTurn` are absolute (-1: no parent); the first `canonicalBytes` of
   * `canonical` (all of it when absent) are copied.
   */
  call(
    kind: number,
    flags: number,
    api: number,
    turn: number,
    parentTurn: number,
    ordinal: number,
    targetLo: number,
    targetHi: number,
    target: string,
    canonical: Uint8Array,
    canonicalBytes?: number,
  ): void;
  /** Stack lines, newline-separated, of the call before. */
  stack(lines: string): void;
  /**
   * One whole log entry with its length prefix, the first `entryBytes` of `entry` (all of it when absent);
   * false when it could not be kept (the log ends there).
   */
  logEntry(entry: Uint8Array, entryBytes?: number): boolean;
  /** Publishes what was written and says that so many turns are finished. */
  flush(finishedTurns: number): void;
  /** Publishes without a watermark. */
  publish(): void;
  /** The replica cannot be compared any further. */
  stopped(code: Reason, api: string | null, detail: string): void;
  /** A child that is followed was started: the collector expects its log. */
  child(logName: string): void;
  /** Its process has ended. */
  childExit(logName: string, exitCode: number | null, signal: string | null): void;
  /** Numbers for people, sent with the transport's own. */
  counters(counters: Record<string, number>): void;
  /** Nothing follows: `bye` is sent after all else. */
  end(exitCode: number, complete: boolean): void;
  /** Records, stacks and entries that could not be kept. */
  readonly dropped: number;
}

/** What the collector has for this replica. */
export interface Inbox {
  /** The next item, or null; never blocks. */
  take(): InboxItem | null;
  /** Blocks up to `ms` until an item may be there. */
  wait(ms: number): void;
  /** Has `callback` called on the event loop when items have arrived. */
  onArrival(callback: () => void): void;
  /** Keeps the process alive for items, or (as at the start) not. */
  ref(): void;
  unref(): void;
}

/** Items of the inbox. */
export type InboxItem =
  | {
      readonly type: 'entries';
      /** Plain log entries of one frame, each with its length. */
      readonly bytes: Uint8Array;
      readonly count: number;
      /** Deliveries in the log before these entries. */
      readonly turnBase: number;
    }
  /** The log has ended after the entries before; `clean`: the leader said so itself. */
  | { readonly type: 'closed'; readonly clean: boolean }
  /** The follower must end. */
  | { readonly type: 'end'; readonly code: Reason; readonly detail: string }
  /** Load this file as an injected payload. */
  | { readonly type: 'drill'; readonly file: string };
