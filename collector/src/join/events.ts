/** What goes into the join of one run and what comes out. Batches flow, never single records. */
import type { RecordBatch, RecordKind, Role } from '@lockstep/protocol';

/** Turns from `from` up to, not including, `until`. */
export interface TurnRange {
  readonly from: number;
  readonly until: number;
}

/** Something happened to a replica, or it sent a batch. Events of one replica come in order. */
export type JoinEvent =
  | {
      readonly type: 'joined';
      readonly replica: string;
      readonly role: Role;
      /** Turns that were judged without it before (known after a restart). */
      readonly absences: readonly TurnRange[];
    }
  | { readonly type: 'batch'; readonly replica: string; readonly batch: RecordBatch }
  /** Not compared from the next turn on, until it is back. */
  | { readonly type: 'away'; readonly replica: string }
  | { readonly type: 'back'; readonly replica: string }
  | {
      readonly type: 'lost';
      readonly replica: string;
      readonly turn: number;
      readonly first: number;
      readonly records: number;
    }
  | {
      readonly type: 'ended';
      readonly replica: string;
      /**
       * `complete`: it said bye at the end of the log. `early`: it said bye before, its last turn is as
       * finished as it will ever be. `lost`: what its last watermark finished is all there is.
       */
      readonly how: 'complete' | 'early' | 'lost';
    }
  /** Nothing more will come of the run: what is not decided never will be, and is released. */
  | { readonly type: 'over' };

/** What one replica did at one call identifier. */
export interface CallSide {
  readonly replica: string;
  /** Hexadecimal; null where the replica made no such call. */
  readonly digest: string | null;
  readonly ordinal: number | null;
}

/** A call identifier at which the replicas do not agree. */
export interface Divergence {
  readonly turn: number;
  readonly parentTurn: number;
  /** Where in the turn. */
  readonly ordinal: number;
  readonly callId: string;
  readonly api: number;
  readonly kind: RecordKind;
  readonly sides: readonly CallSide[];
}

/** Records that a replica lost; calls of these turns are `unknown`. */
export interface GapSeen {
  readonly replica: string;
  readonly turn: number;
  readonly records: number;
}

/** Verdicts of all turns that one event let the join decide. */
export interface VerdictBatch {
  /** All turns before this one are decided. */
  readonly decidedTurns: number;
  /** Call identifiers on which all compared replicas agreed. */
  readonly matched: number;
  /** Of these, by replica: one that was not compared in a turn did not match there. */
  readonly matchedBy: ReadonlyMap<string, number>;
  /** Call identifiers that a gap or an absence left undecided. */
  readonly unknown: number;
  /** In log order. */
  readonly divergences: readonly Divergence[];
  readonly gaps: readonly GapSeen[];
}
