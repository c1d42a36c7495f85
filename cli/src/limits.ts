/** Waits and sizes of the launcher, with unit and reason. What both ends of a wire share is in protocol. */
import { FOLLOWER_DRAIN_SECONDS, LEADER_DRAIN_MS } from '@lockstep/protocol';

/** Most replicas of one run: ids are single letters, and nine Node processes fill a machine. */
export const MAX_REPLICAS = 9;

/** Follower output kept for diagnosis, bytes: the tail of a stack trace. */
export const STDERR_TAIL_BYTES = 4096;

/** Longest wait for `unshare` to say whether it may; it answers in milliseconds or hangs. */
export const ISOLATION_PROBE_MS = 2000;

/** First and longest wait between two tries to reach the collector, milliseconds. */
export const RECONNECT_FIRST_MS = 100;
export const RECONNECT_LIMIT_MS = 2000;

/** Silence on the launcher's connection after which it counts as broken, milliseconds. */
export const COLLECTOR_PING_MS = 5000;

/** Wait before the first words about a collector that is away: a start of both together is normal. */
export const AWAY_GRACE_MS = 1500;

/** How much earlier than their leader followers may end in order, milliseconds. */
export const ENDING_TOGETHER_MS = 1000;

/** What followers of a `check` get after the leader ended, seconds: nobody waits for the service. */
export const CHECK_DRAIN_SECONDS = 60;

/** The same when the time of a `check` was up, seconds: enough for followers that were in step. */
export const TIMED_OUT_DRAIN_SECONDS = 2;

/** What a checked command's exit may wait for its last bytes, milliseconds: nobody else waits for it. */
export const CHECK_EXIT_WAIT_MS = 10_000;

/** What a process gets between SIGTERM and SIGKILL when a check times out, milliseconds. */
export const TERMINATE_GRACE_MS = 500;

/** Last words to the collector at the end of a run, milliseconds; the caller's shell is waiting. */
export const FAREWELL_MS = 1000;

/** What a leader that handles SIGTSTP by itself gets to stop, milliseconds. */
export const STOP_OBSERVE_MS = 500;

/** Longest wait for one answer of the collector's HTTP API, milliseconds. */
export const HTTP_TIMEOUT_MS = 10_000;

/** Longest wait for the collector beside us to take a drill, milliseconds. */
export const CONTROL_TIMEOUT_MS = 5000;

/** Rows that a list prints when nothing else is asked, and the most it ever does. */
export const LIST_ROWS = 50;
export const LIST_ROWS_LIMIT = 10_000;

if (FOLLOWER_DRAIN_SECONDS * 1000 <= LEADER_DRAIN_MS) {
  throw new Error('limits: followers would be ended before the leader has said its last word');
}

/**
 * A follower that is behind in a check is waited for, until the check's own timeout: nobody watches it
 * live, and the only turn of a compiler may take longer than a live watcher would wait.
 */
export const CHECK_LAGGING_AFTER_MS: number = Number.MAX_SAFE_INTEGER;
