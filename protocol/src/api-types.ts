/**
 * The shapes of the collector's HTTP API and live feed, of `lockstep ... --json`, and of what a
 * store keeps. One definition, so that a page, a command and a store cannot disagree.
 * Times are ISO 8601 strings in UTC; identifiers of calls and digests are lower-case hexadecimal.
 */
import type {
  AlertKind,
  IncidentStatus,
  Isolation,
  Reason,
  ReplicaState,
  Role,
  RunState,
  Severity,
  Verdict,
} from './words.ts';

/** One replica as `status`, the HTTP API and the dashboard show it. */
export interface ReplicaView {
  readonly id: string;
  readonly runId: string;
  readonly service: string;
  readonly pid: number | null;
  readonly role: Role;
  /** Label of a follower that differs on purpose; `default` otherwise. */
  readonly variant: string;
  readonly state: ReplicaState;
  readonly isolation: Isolation;
  readonly host: string;
  readonly nodeVersion: string;
  readonly connectedAt: string | null;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** Calls received from this replica. */
  readonly calls: number;
  /** Calls of this replica that all replicas agreed on. */
  readonly matched: number;
  readonly callsPerSecond: number;
  /** Closed turns of the leader's log that this replica has not finished. */
  readonly lagTurns: number;
  /** Milliseconds between the leader finishing a turn and this replica finishing it; null if unknown. */
  readonly lagMs: number | null;
  readonly gaps: number;
  /** Delivery and call counters that the agent reports of itself, by name. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One run with its replicas. */
export interface RunView {
  readonly runId: string;
  readonly service: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: RunState;
  /** Why the run is `unprotected`, or null. */
  readonly reason: {
    readonly code: Reason;
    readonly api: string | null;
    readonly detail: string;
  } | null;
  readonly drill: boolean;
  /** The command as the launcher ran it, one element an argument; empty when an agent started alone. */
  readonly command: readonly string[];
  readonly calls: number;
  readonly matched: number;
  readonly noise: number;
  readonly openIncidents: number;
  readonly replicas: readonly ReplicaView[];
}

/** A service with its runs, newest first. */
export interface ServiceView {
  readonly name: string;
  readonly runs: readonly RunView[];
}

/** What one replica did in a divergent call. `digest` is null where the replica made no such call. */
export interface AlertReplica {
  readonly id: string;
  readonly digest: string | null;
  readonly api: string | null;
}

/** One aberrance that a person may have to see. */
export interface AlertView {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly service: string;
  readonly runId: string;
  readonly incidentId: string;
  /** Log name: `main`, or the thread or child whose log this is about. */
  readonly log: string;
  readonly callId: string | null;
  readonly turn: number | null;
  readonly api: string | null;
  /** What the call is about in clear, once evidence came; null before. */
  readonly target: string | null;
  readonly replicas: readonly AlertReplica[];
  readonly suspect: string | null;
  /** A sentence for people; programs read the fields. */
  readonly summary: string;
  readonly at: string;
  readonly resolvedAt: string | null;
  /** How the missing and the extra call of a changed target find each other; null when alone. */
  readonly pairedWith: string | null;
  readonly drill: boolean;
  readonly noise: boolean;
}

/** One side of a divergence. */
export interface DivergenceSide {
  readonly replicas: readonly string[];
  readonly digest: string | null;
  /** Decoded canonical bytes, once evidence came. */
  readonly evidence: EvidenceNode | null;
}

/** Where an incident began. `expected` is what the majority did; with two replicas, what the leader did. */
export interface FirstDivergence {
  readonly kind: AlertKind;
  readonly api: string | null;
  readonly target: string | null;
  readonly callId: string | null;
  readonly turn: number | null;
  /** Label of the root: the inbound request, timer or entry that caused the turn; null if unknown. */
  readonly root: string | null;
  readonly expected: DivergenceSide | null;
  readonly actual: DivergenceSide | null;
}

/** One entry in an incident's history. */
export interface IncidentActivity {
  readonly at: string;
  readonly actor: string;
  readonly action: 'opened' | 'status' | 'assignee' | 'note' | 'evidence';
  readonly text: string;
}

/** Alerts with one cause, as lists show them. */
export interface IncidentView {
  readonly id: string;
  readonly service: string;
  readonly runId: string;
  readonly status: IncidentStatus;
  readonly suspect: string | null;
  readonly severity: Severity;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly resolvedAt: string | null;
  readonly assignee: string | null;
  /** Number of alerts, folded ones included. */
  readonly alerts: number;
  readonly drill: boolean;
  readonly firstDivergence: FirstDivergence;
}

/** An incident with everything its page shows. */
export interface IncidentDetail extends IncidentView {
  readonly firstAlerts: readonly AlertView[];
  /** Alerts beyond `firstAlerts`, counted by kind. */
  readonly folded: readonly { readonly kind: AlertKind; readonly count: number }[];
  readonly activity: readonly IncidentActivity[];
  readonly replicas: readonly ReplicaView[];
  readonly surroundings: readonly TurnView[];
  /** From the root (first) to the divergent turn (last). */
  readonly deliveries: readonly DeliveryView[];
  readonly evidence: readonly EvidenceView[];
}

/** One delivery in the chain from the root to the divergence. */
export interface DeliveryView {
  readonly turn: number;
  readonly parentTurn: number | null;
  readonly api: string;
  readonly label: string | null;
}

/** A call as the replicas made it, aligned by call identifier. */
export interface AlignedCall {
  readonly callId: string;
  readonly api: string;
  readonly target: string | null;
  readonly verdict: Verdict;
  readonly replicas: readonly {
    readonly id: string;
    readonly digest: string | null;
    readonly ordinal: number | null;
  }[];
}

/** One turn around a divergence. */
export interface TurnView {
  readonly log: string;
  readonly turn: number;
  readonly parentTurn: number | null;
  readonly calls: readonly AlignedCall[];
}

/** A canonical value, decoded for people. `truncated` marks what a limit cut. */
export type EvidenceNode =
  | {
      readonly type: 'undefined' | 'null' | 'function' | 'symbol' | 'opaque' | 'truncated';
      readonly text: string;
    }
  | { readonly type: 'boolean'; readonly value: boolean }
  | {
      readonly type: 'number' | 'bigint' | 'string' | 'date' | 'url' | 'regexp';
      readonly text: string;
    }
  | {
      readonly type: 'bytes';
      readonly className: string;
      readonly length: number;
      readonly base64: string;
    }
  | { readonly type: 'list'; readonly className: string; readonly items: readonly EvidenceNode[] }
  | {
      readonly type: 'record';
      readonly className: string;
      readonly entries: readonly { readonly key: EvidenceNode; readonly value: EvidenceNode }[];
    }
  | { readonly type: 'reference'; readonly index: number };

/** What one replica answered when asked for a call. */
export interface EvidenceView {
  readonly replica: string;
  readonly log: string;
  readonly callId: string;
  readonly api: string;
  readonly turn: number;
  readonly status: 'found' | 'expired' | 'never-made' | 'unreachable';
  readonly target: string | null;
  readonly arguments: EvidenceNode | null;
  readonly stack: readonly string[];
  readonly receivedAt: string;
}

/** A page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** How the collector itself is doing. */
export interface CollectorStatus {
  readonly version: string;
  readonly startedAt: string;
  readonly store: {
    readonly kind: 'embedded' | 'mongodb';
    readonly state: 'ready' | 'away';
    /** Writes that wait for the store to come back. */
    readonly pendingWrites: number;
    readonly since: string;
    readonly detail: string | null;
  };
  readonly callsPerSecond: number;
}

/** First frame of the live feed: the whole picture. */
export interface LiveSnapshot {
  readonly type: 'snapshot';
  readonly sequence: number;
  readonly at: string;
  readonly collector: CollectorStatus;
  readonly services: readonly ServiceView[];
  readonly incidents: readonly IncidentView[];
}

/** Later frames of the live feed: whole objects that replace what has the same identifier. */
export interface LivePatch {
  readonly type: 'patch';
  readonly sequence: number;
  readonly at: string;
  readonly collector?: CollectorStatus;
  readonly runs?: readonly RunView[];
  readonly alerts?: readonly AlertView[];
  readonly incidents?: readonly IncidentView[];
}

/** Sent when nothing changed for a while, so that a page can tell quiet from stale. */
export interface LiveHeartbeat {
  readonly type: 'heartbeat';
  readonly sequence: number;
  readonly at: string;
}

export type LiveFrame = LiveSnapshot | LivePatch | LiveHeartbeat;

/** Body of `PATCH /api/incidents/:id`; at least one field. */
export interface IncidentPatch {
  readonly status?: IncidentStatus;
  readonly assignee?: string | null;
  readonly note?: string;
}

/** What every failing HTTP request answers. `message` names the thing, the value and the remedy. */
export interface ApiProblem {
  readonly code: string;
  readonly message: string;
}
