/** Bounds of the HTTP API, each with unit and reason. */

/** Largest request body, bytes: a note of ten thousand characters with room to spare. */
export const MAX_BODY_BYTES: number = 64 * 1024;

/** Longest note of an analyst, characters. */
export const MAX_NOTE_CHARS = 10_000;

/** Longest name of a person, characters. */
export const MAX_PERSON_CHARS = 100;

/** Longest identifier, filter or cursor in a URL, characters. */
export const MAX_PARAMETER_CHARS = 500;

/** Objects of a page when the request does not say. */
export const DEFAULT_PAGE_ITEMS = 100;

/** Wait for a request's headers and body, milliseconds: nobody holds a connection by being slow. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Wait for the store's answer to a readiness probe, milliseconds; probes give up after one second. */
export const READY_TIMEOUT_MS = 900;

/** Age of a file whose name changes with its content, seconds: a year, the longest that is honoured. */
export const IMMUTABLE_AGE_SECONDS = 31_536_000;
