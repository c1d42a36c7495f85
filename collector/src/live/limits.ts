/** Bounds of the live feed, each with unit and reason. */

/** Interval of heartbeats, milliseconds: a page calls itself stale after a few missing ones. */
export const LIVE_HEARTBEAT_MS = 2000;

/** How long changes of runs wait for one another, milliseconds; faster nobody can read. */
export const RUN_PATCH_MS = 100;

/** Bytes that may wait for one slow client before it is cut off; it will ask for a snapshot again. */
export const MAX_CLIENT_BYTES: number = 8 * 1024 * 1024;

/** Heartbeats that a client may leave unanswered before it counts as gone. */
export const MAX_MISSED_PONGS = 3;

/** Dashboards at once. */
export const MAX_LIVE_CLIENTS = 200;

/** Open incidents in a snapshot; older ones are in the list, which pages. */
export const MAX_SNAPSHOT_INCIDENTS = 200;

/** Incidents whose analysts' state is remembered, so that a change by judgement keeps it. */
export const MAX_REVIEWED_INCIDENTS = 5000;

/** Largest message taken from a client, bytes; clients have nothing to say. */
export const MAX_CLIENT_MESSAGE_BYTES = 1024;
