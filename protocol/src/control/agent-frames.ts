/**
 * Control frames between an agent and its collector: JSON text, one tagged union per direction
 * (SPEC, section CT). Identifiers of calls travel as (turn, ordinal), which both ends have at hand.
 */
import type { EvidenceNode } from '../api-types.ts';
import type { Isolation, Reason, Role } from '../words.ts';

/** How far a stream of records and a log have come. `next` is the first number not yet held. */
export interface StreamPosition {
  readonly stream: number;
  readonly records: number;
  readonly logFrames: number;
}

/** One log of a replica: its main thread's is stream 0, named `main`. */
export interface StreamName {
  readonly stream: number;
  readonly log: string;
}

/** An API that the agent meant to hook and could not. */
export interface UnhookedApi {
  readonly api: string;
  readonly why: string;
}

/** What the agent hooked, for people and for comparing replicas. */
export interface Coverage {
  readonly hooked: number;
  readonly unhooked: readonly UnhookedApi[];
  /** Known ways in that do not pass the door: their first use ends following. */
  readonly notFollowed: readonly string[];
}

export interface HelloFrame {
  readonly type: 'hello';
  readonly version: number;
  readonly runId: string;
  readonly service: string;
  readonly replica: string;
  readonly role: Role;
  readonly variant: string;
  readonly token: string;
  /** Rises with each connection of this replica; a lower or equal one is refused. */
  readonly connection: number;
  readonly pid: number;
  readonly host: string;
  readonly nodeVersion: string;
  readonly agentVersion: string;
  readonly isolation: Isolation;
  readonly drill: boolean;
  /** Initial setting, field by field: name to value in clear, or to its digest where it is private. */
  readonly setting: Readonly<Record<string, string>>;
  readonly coverage: Coverage;
  readonly streams: readonly StreamName[];
  /** Followers: the log frames they hold. Leaders: what they can still send from. */
  readonly positions: readonly StreamPosition[];
}

export interface EvidenceItem {
  readonly turn: number;
  readonly ordinal: number;
  readonly status: 'found' | 'expired' | 'never-made';
  readonly api: string;
  readonly target: string | null;
  readonly arguments: EvidenceNode | null;
  readonly stack: readonly string[];
}

export interface EvidenceFrame {
  readonly type: 'evidence';
  readonly requestId: number;
  readonly stream: number;
  readonly items: readonly EvidenceItem[];
}

/** The replica cannot (or must not) be compared any further, and why. */
export interface StoppedFrame {
  readonly type: 'stopped';
  readonly code: Reason;
  readonly api: string | null;
  readonly detail: string;
}

export interface CountersFrame {
  readonly type: 'counters';
  readonly counters: Readonly<Record<string, number>>;
}

/** Last frame of a replica that ends in order. */
export interface ByeFrame {
  readonly type: 'bye';
  readonly exitCode: number;
  /** Followers: whether they reached the end of the log. Leaders: true. */
  readonly complete: boolean;
  readonly positions: readonly StreamPosition[];
}

/** A log that came into being after hello (a thread, a child). */
export interface StreamFrame {
  readonly type: 'stream';
  readonly stream: number;
  readonly log: string;
}

/** The leader saw the process end that leads this log. */
export interface ChildExitFrame {
  readonly type: 'child-exit';
  readonly log: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** What an agent says. */
export type AgentFrame =
  | HelloFrame
  | StreamFrame
  | ChildExitFrame
  | EvidenceFrame
  | StoppedFrame
  | CountersFrame
  | ByeFrame;

export interface WelcomeFrame {
  readonly type: 'welcome';
  readonly version: number;
  /** What the collector holds: the agent resumes from there. */
  readonly positions: readonly StreamPosition[];
}

/** Appended to the collector's spool, cumulative. */
export interface AckFrame {
  readonly type: 'ack';
  readonly positions: readonly StreamPosition[];
}

export interface CallPosition {
  readonly turn: number;
  readonly ordinal: number;
}

export interface EvidenceRequestFrame {
  readonly type: 'evidence-request';
  readonly requestId: number;
  readonly stream: number;
  readonly calls: readonly CallPosition[];
}

/** The leader's log of this stream ends after `frames` frames; `clean`: it said so itself. */
export interface LogClosedFrame {
  readonly type: 'log-closed';
  readonly stream: number;
  readonly frames: number;
  readonly clean: boolean;
}

/** The follower must end now. */
export interface EndFrame {
  readonly type: 'end';
  readonly code: Reason;
  readonly detail: string;
}

/** Load this file as an injected payload (only where drills are allowed). */
export interface DrillFrame {
  readonly type: 'drill';
  readonly file: string;
}

/** Sent before the close of a refused connection. `code` is from the collector's error table. */
export interface RefuseFrame {
  readonly type: 'refuse';
  readonly code: string;
  readonly message: string;
  /** Whether trying again later can help (an unregistered token may be registered a moment later). */
  readonly retryable: boolean;
}

/** What a collector says to an agent. */
export type CollectorFrame =
  | WelcomeFrame
  | AckFrame
  | EvidenceRequestFrame
  | LogClosedFrame
  | EndFrame
  | DrillFrame
  | RefuseFrame;
