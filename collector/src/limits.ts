/**
 * Bounds of the collector's own work, each with unit and reason. What both ends of a wire must agree
 * on stands in the protocol; a `Limits` object is passed in so that tests can use small ones.
 */
import { LAGGING_AFTER_MS, MAX_EVIDENCE_CALLS, SILENT_AFTER_MS } from '@lockstep/protocol';

export interface Limits {
  /** Bytes that one run may hold on disk; beyond it followers are ended, never the service held. */
  readonly spoolBytes: number;
  /** Age after its end at which a run's spool is removed, milliseconds. */
  readonly spoolAgeMs: number;
  /** Bytes of all ended runs' spools together; the oldest go first. */
  readonly endedSpoolBytes: number;
  /** Records of one replica held in memory for the join, bytes; the rest is read back from disk. */
  readonly openBytes: number;
  /** Log frames kept in memory for followers that are in step, bytes. */
  readonly tailBytes: number;
  /** Bytes handed to a follower's socket and not yet taken; then the relay waits. */
  readonly relayBytes: number;
  /** Wait for the hello of a fresh connection, milliseconds. */
  readonly helloMs: number;
  /** Silence of a connected replica, or absence of one nobody reported dead, milliseconds. */
  readonly silentAfterMs: number;
  /** What a replica that was reported dead gets for its last bytes to arrive, milliseconds. */
  readonly lostGraceMs: number;
  /** No finished turn while closed turns wait, milliseconds. */
  readonly laggingAfterMs: number;
  /** Wait for the replicas' answers to an evidence request, milliseconds. */
  readonly evidenceMs: number;
  /** How long a replica that said bye may be asked for evidence, milliseconds. */
  readonly lingerMs: number;
  /** Logs of one run, those of ended children included: each holds memory and files. */
  readonly logsPerRun: number;
  /** Wait for followers after the leader ended, before a run is settled without them, milliseconds. */
  readonly settleMs: number;
  /** Alerts of one incident kept whole; the others are counted. */
  readonly alertsPerIncident: number;
  /** Alerts of one incident for which replicas are asked. */
  readonly evidencePerIncident: number;
  /** Ended runs kept in memory; older ones are the store's. */
  readonly endedRuns: number;
}

export const defaultLimits: Limits = {
  spoolBytes: 1024 * 1024 * 1024,
  spoolAgeMs: 24 * 60 * 60 * 1000,
  endedSpoolBytes: 2 * 1024 * 1024 * 1024,
  openBytes: 16 * 1024 * 1024,
  tailBytes: 1024 * 1024,
  relayBytes: 1024 * 1024,
  helloMs: 10_000,
  silentAfterMs: SILENT_AFTER_MS,
  lostGraceMs: 1000,
  laggingAfterMs: LAGGING_AFTER_MS,
  evidenceMs: 2000,
  lingerMs: 3000,
  logsPerRun: 2000,
  settleMs: 10_000,
  alertsPerIncident: 100,
  evidencePerIncident: 3,
  endedRuns: 50,
};

/** Bytes between two marks of a spool file's index: what a look-up may have to read over. */
export const INDEX_STEP_BYTES: number = 256 * 1024;

/** Bytes read from a spool at once. */
export const READ_CHUNK_BYTES: number = 256 * 1024;

/** Records of one turn that are aligned when replicas disagree in it; the rest is `unknown`. */
export const MAX_ALIGNED_RECORDS = 100_000;

/** Longest wait of an ack for more to acknowledge, milliseconds. */
export const ACK_DELAY_MS = 5;

/** Bytes received after which an ack does not wait. */
export const ACK_BYTES: number = 256 * 1024;

/** How often views are published and silence is looked for, milliseconds. */
export const TICK_MS = 200;

/** How often a run that only counts is written to the store, milliseconds. */
export const SAVE_RUN_MS = 5000;

/** Calls of the divergent turn, and of each neighbour, that evidence asks for. */
export const TURN_EVIDENCE_CALLS = 48;
export const NEIGHBOUR_EVIDENCE_CALLS = 16;

/** Turns before and after the divergent one that an incident shows. */
export const NEIGHBOUR_TURNS = 2;

/** Deliveries of a chain that an incident shows: the root and the last ones. */
export const MAX_CHAIN = 64;

/** Deliveries followed back towards the root; each costs a read of its turn. */
export const MAX_CHAIN_STEPS = 2000;

if (
  TURN_EVIDENCE_CALLS + 2 * NEIGHBOUR_TURNS * NEIGHBOUR_EVIDENCE_CALLS + MAX_CHAIN >
  MAX_EVIDENCE_CALLS
) {
  throw new Error('collector limits: an evidence request would name too many calls');
}
