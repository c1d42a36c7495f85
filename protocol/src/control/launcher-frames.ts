/**
 * Control frames between a launcher (`lockstep run`, `lockstep check`) and the collector (SPEC, section
 * LF): the launcher registers its run's tokens, tells how its processes ended, and hears how the run does.
 */
import type { Reason, Role, RunState } from '../words.ts';
import type { RefuseFrame } from './agent-frames.ts';

/** A replica that the launcher starts. `tokenHash`: SHA-256 of its token, hexadecimal. */
export interface RegisteredReplica {
  readonly id: string;
  readonly role: Role;
  readonly variant: string;
  readonly tokenHash: string;
}

export interface RegisterFrame {
  readonly type: 'register';
  readonly version: number;
  readonly token: string;
  readonly runId: string;
  readonly service: string;
  readonly startedAt: string;
  readonly command: readonly string[];
  /** A drill was on from the start. */
  readonly drill: boolean;
  readonly allowDrills: boolean;
  readonly replicas: readonly RegisteredReplica[];
}

/** A process of the run ended, as the launcher saw it from outside. */
export interface ReplicaExitFrame {
  readonly type: 'replica-exit';
  readonly replica: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The launcher is done: nothing more will come of this run. */
export interface RunEndFrame {
  readonly type: 'run-end';
}

export type LauncherFrame = RegisterFrame | ReplicaExitFrame | RunEndFrame;

export interface RegisteredFrame {
  readonly type: 'registered';
}

/** The run's state changed; the launcher prints what a person must know. */
export interface RunStateFrame {
  readonly type: 'run-state';
  readonly state: RunState;
  readonly code: Reason | null;
  readonly api: string | null;
  readonly detail: string;
}

/** What a collector says to a launcher. */
export type LauncherReply = RegisteredFrame | RunStateFrame | RefuseFrame;
