/**
 * Every bound of the dashboard: a name, a unit and a reason. Relations between them are asserted at
 * load, because a limit that contradicts another one fails far from its cause.
 */

/** Frames come at least every 2 s (heartbeat); three missed ones mean that nobody is talking. */
export const FEED_SILENCE_MS = 6_000;

/** A collector that restarts is back within a second or two: ask soon. */
export const RECONNECT_FIRST_MS = 250;

/** An operator who brings a collector back should not wait longer than this for the page. */
export const RECONNECT_LAST_MS = 3_000;

/** Spread of the reconnect delay, as a share of it, so that many open pages do not knock at once. */
export const RECONNECT_JITTER = 0.2;

/** A reconnect that takes less than this is not worth a banner that only flickers. */
export const STALE_GRACE_MS = 700;

/** Patches are gathered for a blink and written once: far below what an eye notices. */
export const PATCH_GATHER_MS = 40;

/** Refetches that the live feed asks for are gathered this long: a burst of alerts is one refetch. */
export const REFETCH_GATHER_MS = 400;

/** Rows that one list request brings: about four screens. */
export const LIST_PAGE_SIZE = 100;

/** Open incidents that the overview shows before it links to the list. */
export const OVERVIEW_INCIDENTS = 6;

/** Least time between two points of a sparkline: patches may come ten times a second. */
export const HISTORY_STEP_MS = 1_000;

/** Points kept for a replica's sparkline: two minutes at one point a second. */
export const HISTORY_POINTS = 120;

/** Replicas with a history; the one longest without a point is forgotten first. */
export const HISTORY_REPLICAS = 200;

/** Two points further apart than this are not joined by a line: nothing is known in between. */
export const HISTORY_GAP_MS = 5_000;

/** Alert ids remembered in order not to announce one twice. */
export const ANNOUNCED_ALERTS = 2_000;

/** Lines on each side of a diff; beyond it comparing would block the page, and nobody reads it. */
export const DIFF_LINES = 2_000;

/** Characters of one line that get a word diff; longer lines are marked as a whole. */
export const DIFF_WORD_CHARS = 4_000;

/** Equal lines kept around a changed line before the rest is folded. */
export const DIFF_CONTEXT_LINES = 3;

/** Bytes of one value that a page decodes; the rest is counted, not shown. */
export const DECODE_BYTES = 8_192;

/** Bytes in one row of a hex dump: 16, as everybody's hex dump has it. */
export const HEX_ROW_BYTES = 16;

/** Bytes in a row of a hex dump that stands in half a page, beside another one. */
export const DIFF_HEX_ROW_BYTES = 8;

/** Depth to which decoded evidence is written out; canonical form stops long before. */
export const EVIDENCE_DEPTH = 64;

/** Waits before a search that is being typed goes into the URL and so to the collector. */
export const SEARCH_SETTLE_MS = 250;

if (RECONNECT_FIRST_MS >= RECONNECT_LAST_MS || STALE_GRACE_MS >= FEED_SILENCE_MS) {
  throw new RangeError(
    'limits.ts: the first reconnect must come before the last, the grace end before the silence',
  );
}
