/**
 * What stands in a segment, item after item, each a multiple of four bytes: word 0 is its length in
 * bytes, the lowest byte of word 1 its type. Only two threads of one process read this form; it has no
 * version and may change with any release.
 */
import type { Coverage, Reason } from '@lockstep/protocol';

/** Types of items. */
export const ItemType = {
  /** A record with its canonical bytes and target. */
  call: 1,
  /** Stack lines of the call before. */
  stack: 2,
  /** One encoded log entry. */
  entry: 3,
  /** Turns finished so far. */
  watermark: 4,
  /** Records were dropped before this point. */
  gap: 5,
  /** A log entry could not be kept: the log ends before this point. */
  logLost: 6,
  /** A `ControlItem` as JSON. */
  control: 7,
} as const;

/** Word positions in a call item; canonical bytes follow at `CALL_BYTES`, then the target. */
export const CallWord = {
  length: 0,
  /** Type, kind, flags and 1 for a UTF-16 target, a byte each. */
  head: 1,
  /** API and the target's bytes, 16 bits each. */
  api: 2,
  turnLo: 3,
  turnHi: 4,
  parentDistance: 5,
  ordinal: 6,
  targetLo: 7,
  targetHi: 8,
  canonicalBytes: 9,
} as const;

/** Bytes before a call's canonical bytes. */
export const CALL_BYTES = 40;

/** Bytes before the text or bytes of stack, entry and control items; word 2 is their length. */
export const BODY_BYTES = 12;

/** Bytes of a watermark (turns, 64 bits) and of a gap (first turn, 64 bits; records lost). */
export const WATERMARK_BYTES = 16;
export const GAP_BYTES = 20;

/** `parentDistance` of a turn without a parent. */
export const NO_PARENT_TURN = -1;

/** What is rare enough to be JSON. */
export type ControlItem =
  | {
      readonly type: 'setting';
      readonly setting: Readonly<Record<string, string>>;
      readonly coverage: Coverage;
    }
  | {
      readonly type: 'stopped';
      readonly code: Reason;
      readonly api: string | null;
      readonly detail: string;
    }
  | { readonly type: 'counters'; readonly counters: Readonly<Record<string, number>> }
  | { readonly type: 'child'; readonly log: string }
  | {
      readonly type: 'child-exit';
      readonly log: string;
      readonly exitCode: number | null;
      readonly signal: string | null;
    }
  | { readonly type: 'end'; readonly exitCode: number; readonly complete: boolean };

/** Rounds up to whole words. */
export function wordAligned(bytes: number): number {
  return (bytes + 3) & ~3;
}

/**
 * Writes text one byte a character, or two from the first character on when one of them needs it; lone
 * surrogates survive. Returns the bytes written, negative for two bytes a character.
 */
export function writeText(bytes: Uint8Array, at: number, text: string, length: number): number {
  // One test behind the loop instead of one a character: nearly all text is narrow.
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    seen |= code;
    bytes[at + i] = code;
  }
  return seen > 0xff ? writeWide(bytes, at, text, length) : length;
}

function writeWide(bytes: Uint8Array, at: number, text: string, length: number): number {
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    bytes[at + 2 * i] = code;
    bytes[at + 2 * i + 1] = code >>> 8;
  }
  return -2 * length;
}
