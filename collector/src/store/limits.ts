/** Bounds of the stores, each with unit and reason. */

/** Largest page a list answers, objects: about what a person scrolls before filtering. */
export const MAX_PAGE_ITEMS = 500;

/** Alerts shown in full on an incident's page; judgement folds the rest into counts. */
export const MAX_FIRST_ALERTS = 100;

/** Alerts that an exported incident carries in full. */
export const MAX_EXPORTED_ALERTS = 10_000;

/** Objects removed in one transaction, so that expiry never holds up ingest for long. */
export const EXPIRE_BATCH = 200;

/** Objects written in one transaction or bulk write, for the same reason. */
export const WRITE_BATCH = 500;

/** Days that ended runs and resolved incidents are kept unless told otherwise. */
export const DEFAULT_RETENTION_DAYS = 30;

/**
 * Largest stored incident, bytes of JSON. A MongoDB document ends at 16 MiB; beyond this the largest
 * evidence is cut and says so.
 */
export const MAX_INCIDENT_BYTES: number = 8 * 1024 * 1024;

/** Wait for another process to let go of the store file, milliseconds: a restart's overlap. */
export const FILE_LOCK_WAIT_MS = 2000;

/** Wait for one answer of a MongoDB server, milliseconds; beyond it the store counts as away. */
export const OPERATION_TIMEOUT_MS = 5000;

/** Wait for an index over what is already there, milliseconds: minutes, for millions of documents. */
export const INDEX_TIMEOUT_MS = 600_000;

/** Wait for a reachable MongoDB server, milliseconds; an election takes about two seconds. */
export const SERVER_SELECTION_MS = 4000;

/** Interval of the driver's look at the server, milliseconds; its least is 500. */
export const SERVER_LOOK_MS = 2000;

/** Attempts to take the next number of the audit trail while others take it too. */
export const AUDIT_ATTEMPTS = 50;

/** How long a write waits for others to share its transaction, milliseconds. */
export const WRITE_DELAY_MS = 20;

/** How long the store may take before pending writes go to the journal, milliseconds. */
export const JOURNAL_AFTER_MS = 250;

/** First and longest pause between two attempts while the store is away, milliseconds. */
export const RETRY_LEAST_MS = 250;
export const RETRY_MOST_MS = 5000;

/** Interval of looks at a store that has nothing to write, milliseconds: the dashboard must know. */
export const STORE_LOOK_MS = 2000;

/** Objects kept while the store is away: hours of folded alerts, some 100 MB at worst. */
export const MAX_PENDING_WRITES = 50_000;

/** Interval of rounds that remove what retention no longer holds, milliseconds: an hour. */
export const RETENTION_LOOK_MS = 3_600_000;
