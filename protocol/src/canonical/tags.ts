/**
 * Type tags of the canonical form, one byte each. They are part of the digest: a changed tag changes
 * every digest, so numbers are never reused. Rules: `protocol/SPEC.md`, section CF.
 */
export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  string: 5,
  bigint: 6,
  symbol: 7,
  function: 8,
  date: 9,
  url: 10,
  regexp: 11,
  bytes: 12,
  array: 13,
  object: 14,
  map: 15,
  set: 16,
  error: 17,
  ancestor: 18,
  tooDeep: 19,
  opaque: 20,
  tooLong: 21,
  rest: 22,
  holes: 23,
} as const;
export type Tag = (typeof Tag)[keyof typeof Tag];
