/**
 * Every bound that both ends of a wire must agree on, with unit and reason. A peer that exceeds one
 * is refused with a close code; nothing here is a tuning knob.
 */

/** Largest WebSocket message, bytes. Above the largest log frame, far below what exhausts memory. */
export const MAX_MESSAGE_BYTES: number = 64 * 1024 * 1024;

/** Largest control frame, bytes. A hello with a full coverage list is about 30 kB. */
export const MAX_CONTROL_BYTES: number = 1024 * 1024;

/** Most records in one batch; 48 kB frames carry the most records a second through `ws`. */
export const MAX_BATCH_RECORDS = 4096;

/** Plain bytes after which a log frame is closed, although one larger entry still fits in it. */
export const LOG_FRAME_TARGET_BYTES: number = 48 * 1024;

/** Largest single log entry, bytes: what one outside call may give (a file read whole). */
export const MAX_LOG_ENTRY_BYTES: number = 48 * 1024 * 1024;

/** Deepest nesting that the canonical form and the value codec descend into. */
export const MAX_DEPTH = 32;

/** Canonical bytes of one call; beyond it the rest is represented by its length alone. */
export const MAX_CANONICAL_BYTES: number = 32 * 1024 * 1024;

/** Characters of one name (service, replica, log, variant, user function) on the wire. */
export const MAX_NAME_CHARS = 200;

/** Logs (threads, children) that one replica may have at once. */
export const MAX_STREAMS = 1024;

/** Silence after which an idle replica sends a watermark all the same, milliseconds. */
export const HEARTBEAT_MS = 1000;

/** Silence after which a connected replica counts as silent, milliseconds: many lost heartbeats. */
export const SILENT_AFTER_MS = 15_000;

/** No finished turn for this long while closed turns wait opens `replica-lagging`, milliseconds. */
export const LAGGING_AFTER_MS = 3000;

/** Longest wait of a leader's exit for its unsent bytes, milliseconds. */
export const LEADER_DRAIN_MS = 200;

/** What followers get to finish the log once the leader ended, seconds. */
export const FOLLOWER_DRAIN_SECONDS = 5;

/** Evidence that one answer may carry for one call, bytes. */
export const MAX_EVIDENCE_BYTES: number = 256 * 1024;

/** Calls that one evidence request may name. */
export const MAX_EVIDENCE_CALLS = 256;

if (LOG_FRAME_TARGET_BYTES + MAX_LOG_ENTRY_BYTES >= MAX_MESSAGE_BYTES) {
  throw new Error('limits: a full log frame does not fit into a message');
}
if (MAX_CANONICAL_BYTES >= MAX_MESSAGE_BYTES) {
  throw new Error('limits: canonical bytes of one call do not fit into a message');
}
if (HEARTBEAT_MS * 4 > SILENT_AFTER_MS) {
  throw new Error('limits: a replica would count as silent after too few lost heartbeats');
}
