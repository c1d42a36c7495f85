/** Every bound of the transport that no peer needs to know, with unit and reason. */
import {
  LEADER_DRAIN_MS,
  LOG_FRAME_TARGET_BYTES,
  MAX_LOG_ENTRY_BYTES,
  MAX_MESSAGE_BYTES,
} from '@lockstep/protocol';

/** One shared segment, bytes: some 5,000 calls; announcing one costs less than 10 ns for each. */
export const SEGMENT_BYTES: number = 1024 * 1024;

/** What control items (watermarks, gaps, the end) may take beyond `memoryBytes`, bytes. */
export const CONTROL_RESERVE_BYTES: number = 1024 * 1024;

/** Default bound of segments that wait for the transport thread, bytes. */
export const DEFAULT_MEMORY_BYTES: number = 64 * 1024 * 1024;

/** Default bound of the evidence ring, bytes: some 100,000 calls. */
export const DEFAULT_EVIDENCE_BYTES: number = 16 * 1024 * 1024;

/** Default bound of frames that the collector has not acknowledged, bytes. */
export const DEFAULT_SPOOL_BYTES: number = 256 * 1024 * 1024;

/** Share of the spool that must be free again before lost records are followed by new ones. */
export const SPOOL_RESUME_SHARE = 0.9;

/** Characters of a target that are kept for evidence; its hash covers all of it. */
export const MAX_TARGET_CHARS = 2000;

/** Characters of a printed stack that are kept for evidence. */
export const MAX_STACK_CHARS = 16_000;

/** Characters of one control item (the setting, counters) that the application thread hands on. */
export const MAX_CONTROL_CHARS: number = 1024 * 1024;

/** Bytes handed to the socket at once; the rest waits in the spool, where it is counted. */
export const SOCKET_WINDOW_BYTES: number = 4 * 1024 * 1024;

/** Plain log bytes that may wait for the follower before the socket is paused. */
export const INBOX_WINDOW_BYTES: number = 8 * 1024 * 1024;

/** Items read before the thread looks at its socket again: about 10 ms of work. */
export const ITEMS_PER_SLICE = 10_000;

/** Shortest and longest wait before connecting again, milliseconds; doubled from one to the other. */
export const RECONNECT_FIRST_MS = 50;
export const RECONNECT_LAST_MS = 2000;

/** Longest wait for the upgrade, and for the welcome after hello, milliseconds. */
export const HANDSHAKE_TIMEOUT_MS = 5000;

/**
 * How the transport thread looks for work after it found some: after 1 ms, 2 ms, and so on up to the first
 * number, so many times in all (the second); only then does it let itself be woken. A wake costs the
 * application's thread some 25 us, so a service under load should never pay for one; the price is so much lag,
 * and a few looks in vain of a thread that nobody waits for.
 */
export const NAP_MOST_MS = 4;
export const AWAKE_NAPS = 16;

/** Plain bytes of a log frame below which compressing costs more than it saves. */
export const COMPRESS_ABOVE_BYTES = 1024;

/** Largest plain size of a log frame, bytes; what a follower inflates at most. */
export const MAX_PLAIN_BYTES: number = LOG_FRAME_TARGET_BYTES + MAX_LOG_ENTRY_BYTES + 4;

/**
 * How long a replica that ended stays to answer for its last calls, milliseconds; begun anew by each
 * request. A leader's exit is waited for by people, a follower's by nobody.
 */
export const LEADER_LINGER_MS = 100;
export const FOLLOWER_LINGER_MS = 300;

/** Characters of one sentence in a frame: what the collector's edge takes. */
export const MAX_SENTENCE_CHARS = 4000;

/** Children whose logs are announced again on the next connection. */
export const MAX_CHILDREN = 64;

/** Reasons for stopping that are remembered for the next connection. */
export const MAX_STOPPED = 16;

if (MAX_PLAIN_BYTES >= MAX_MESSAGE_BYTES) {
  throw new Error('transport limits: a full log frame does not fit into a message');
}
if (MAX_TARGET_CHARS * 2 > 0xffff) {
  throw new Error('transport limits: the length of a target does not fit into 16 bits');
}
if (LEADER_LINGER_MS >= LEADER_DRAIN_MS) {
  throw new Error('transport limits: a leader that lingers would never drain in time');
}
if (RECONNECT_FIRST_MS > RECONNECT_LAST_MS) {
  throw new Error('transport limits: the first wait before connecting again exceeds the last');
}
