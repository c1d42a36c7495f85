/**
 * HOT (writing). Entries of a log: what entered the leader's JavaScript, in order (SPEC, section LG).
 * An entry is a length (u32, of what follows) and a body; the body's first byte says its kind.
 * The turn that a delivery begins is its position among the deliveries, from 1; turn 0 is the entry.
 */
import type { ByteSink } from '../byte-sink.ts';
import { type ByteSource, MalformedBytes } from '../byte-source.ts';

/** Kinds of entries. */
export const EntryKind = {
  /** Something entered JavaScript and began a turn. */
  delivery: 1,
  /** What a synchronous call gave within the turn. */
  value: 2,
  /** All turns before are closed. */
  flush: 3,
  /** The leader ended; payload: exit code. */
  end: 4,
  /** The leader used an API that is not followed: followers end here. */
  notFollowed: 5,
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** The delivery came in the same macrotask as the one before, microtasks not drained between. */
export const JOINED = 1;
/** The value is what the call threw. */
export const THREW = 1;

/** A decoded entry. `payload` is a cursor at the encoded value; `lo`/`hi` is a call identifier. */
export type LogEntry =
  | {
      readonly kind: typeof EntryKind.delivery;
      readonly joined: boolean;
      readonly api: number;
      readonly lo: number;
      readonly hi: number;
      /** Which of the source's happenings: 0 for a completion; else its own numbering. */
      readonly event: number;
      /** Turn in which the completed call was made (0: the entry); the root of a chain has none. */
      readonly parentTurn: number;
      /** Leader's wall clock, milliseconds since the epoch, for lag; never given to the program. */
      readonly time: number;
      readonly payload: ByteSource;
    }
  | {
      readonly kind: typeof EntryKind.value;
      readonly threw: boolean;
      readonly api: number;
      readonly lo: number;
      readonly hi: number;
      readonly payload: ByteSource;
    }
  | { readonly kind: typeof EntryKind.flush }
  | { readonly kind: typeof EntryKind.end; readonly payload: ByteSource }
  | { readonly kind: typeof EntryKind.notFollowed; readonly api: number; readonly detail: string };

/** A delivery without parent: its root is itself. */
export const NO_PARENT = 0xffff_ffff;

/** Begins a delivery entry; the caller appends the payload and calls `endEntry` with the result. */
export function beginDelivery(
  sink: ByteSink,
  flags: number,
  api: number,
  lo: number,
  hi: number,
  event: number,
  parentDistance: number,
  time: number,
): number {
  const at = sink.length;
  sink.u32(0);
  sink.u8(EntryKind.delivery);
  sink.u8(flags);
  sink.u16(api);
  sink.u32(lo);
  sink.u32(hi);
  sink.u32(event);
  sink.u32(parentDistance);
  sink.f64(time);
  return at;
}

/** Begins a value entry; see `beginDelivery`. */
export function beginValue(
  sink: ByteSink,
  flags: number,
  api: number,
  lo: number,
  hi: number,
): number {
  const at = sink.length;
  sink.u32(0);
  sink.u8(EntryKind.value);
  sink.u8(flags);
  sink.u16(api);
  sink.u32(lo);
  sink.u32(hi);
  return at;
}

/** Begins the end entry; its payload is the exit code as a value. */
export function beginEnd(sink: ByteSink): number {
  const at = sink.length;
  sink.u32(0);
  sink.u8(EntryKind.end);
  return at;
}

/** Writes the length of the entry that was begun at `at`. */
export function endEntry(sink: ByteSink, at: number): void {
  sink.patchU32(at, sink.length - at - 4);
}

/** Writes a whole flush entry. */
export function writeFlush(sink: ByteSink): void {
  sink.u32(1);
  sink.u8(EntryKind.flush);
}

/** Writes a whole not-followed entry. */
export function writeNotFollowed(sink: ByteSink, api: number, detail: string): void {
  const at = sink.length;
  sink.u32(0);
  sink.u8(EntryKind.notFollowed);
  sink.u16(api);
  sink.text(detail);
  endEntry(sink, at);
}

/**
 * Decodes one entry's body (without its length). `turnIfDelivery` is the number that the turn has if
 * the entry is a delivery; the parent's number is counted back from it. Throws `MalformedBytes`.
 */
export function decodeEntry(body: ByteSource, turnIfDelivery: number): LogEntry {
  const kind = body.u8();
  switch (kind) {
    case EntryKind.delivery:
      return decodeDelivery(body, turnIfDelivery);
    case EntryKind.value: {
      const threw = flagOf(body, THREW);
      return { kind, threw, api: body.u16(), lo: body.u32(), hi: body.u32(), payload: body };
    }
    case EntryKind.flush:
      ends(body);
      return { kind };
    case EntryKind.end:
      return { kind, payload: body };
    case EntryKind.notFollowed: {
      const api = body.u16();
      const detail = body.text();
      ends(body);
      return { kind, api, detail };
    }
    default:
      throw new MalformedBytes(`unknown log entry ${kind}`, body.at - 1);
  }
}

function decodeDelivery(body: ByteSource, turn: number): LogEntry {
  const joined = flagOf(body, JOINED);
  const api = body.u16();
  const lo = body.u32();
  const hi = body.u32();
  const event = body.u32();
  const distance = body.u32();
  const time = body.f64();
  const hasParent = distance !== NO_PARENT;
  if (hasParent && (distance === 0 || distance > turn))
    throw new MalformedBytes(`parent ${distance} turns before turn ${turn}`, body.at - 12);
  const parentTurn = hasParent ? turn - distance : -1;
  return { kind: EntryKind.delivery, joined, api, lo, hi, event, parentTurn, time, payload: body };
}

/** The one flag that a kind has; any other bit is of a format that this one cannot read. */
function flagOf(body: ByteSource, flag: number): boolean {
  const flags = body.u8();
  if ((flags & ~flag) !== 0) throw new MalformedBytes(`unknown flags ${flags}`, body.at - 1);
  return flags === flag;
}

function ends(body: ByteSource): void {
  if (body.left > 0) throw new MalformedBytes(`${body.left} bytes after the entry`, body.at);
}
