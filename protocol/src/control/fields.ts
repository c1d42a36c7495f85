/** Bounded building blocks of the frame schemas. */
import * as v from 'valibot';
import { MAX_NAME_CHARS, MAX_STREAMS } from '../limits.ts';

/** Longest sentence in a frame, characters. */
const MAX_SENTENCE_CHARS = 4000;

export const name: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_NAME_CHARS),
);
export const sentence: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.maxLength(MAX_SENTENCE_CHARS),
);
/** 128 random bits, hexadecimal. */
export const runId: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
export const sha256: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** A whole number from 0 that a double holds exactly. */
export const count: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const stream: v.GenericSchema<number> = v.pipe(count, v.maxValue(MAX_STREAMS - 1));

/** A whole number, for exit codes. */
export const integer: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger());
/** Date and time in UTC, ISO 8601. */
export const timestamp: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.maxLength(MAX_NAME_CHARS),
  v.isoTimestamp(),
);

/** A record with at most `most` names. */
export function fields<T>(
  item: v.GenericSchema<unknown, T>,
  most: number,
): v.GenericSchema<unknown, Record<string, T>> {
  return v.pipe(v.record(name, item), v.maxEntries(most));
}

/** A list with at most `most` items. */
export function list<T>(
  item: v.GenericSchema<unknown, T>,
  most: number,
): v.GenericSchema<unknown, T[]> {
  return v.pipe(v.array(item), v.maxLength(most));
}
