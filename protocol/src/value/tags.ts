/** Type tags of the value codec, one byte each (SPEC, section VC). Numbers are never reused. */
export const ValueTag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  string: 6,
  bigint: 7,
  buffer: 8,
  uint8Array: 9,
  arrayBuffer: 10,
  array: 11,
  object: 12,
  bareObject: 13,
  map: 14,
  set: 15,
  date: 16,
  error: 17,
  foreign: 18,
  view: 19,
} as const;
export type ValueTag = (typeof ValueTag)[keyof typeof ValueTag];

/** Digits of one bigint; turning text into a bigint takes more than linear time. */
export const MAX_BIGINT_CHARS: number = 64 * 1024;
