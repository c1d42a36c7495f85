/**
 * HOT. Writes and half-closes below the streams. Most complete at once, and it matters which: a write that
 * completes a moment later lets other code run before its callback. So what was not a success at once is
 * an in-turn value, and the completion of what took longer is a delivery.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeCalls } from '../native/native-calls.ts';
import type { HandleClasses, NativeRequest } from './handle-classes.ts';
import type { HandleState, HandleTable } from './handle-table.ts';

const WRITE = apiId('net.socket.write');
const SHUTDOWN = apiId('net.socket.shutdown');

/** The handle's text methods, with the encoding that each of them writes. */
const textWrites: readonly (readonly [string, BufferEncoding])[] = [
  ['writeUtf8String', 'utf8'],
  ['writeLatin1String', 'latin1'],
  ['writeAsciiString', 'latin1'],
  ['writeUcs2String', 'utf16le'],
];

/** How many bytes a write method's arguments are. */
type Measure = (data: unknown, all: unknown) => number;

/** Replaces the write methods and `shutdown` of a class of handles. */
export function hookWriting(
  table: HandleTable,
  { stream }: Pick<HandleClasses, 'stream'>,
  report: CoverageReport,
): void {
  const methods: (readonly [string, Measure])[] = [
    ['writeBuffer', (data) => (data as Uint8Array).byteLength],
    ['writev', sizeOfAll],
  ];
  for (const [key, encoding] of textWrites) {
    methods.push([key, (data) => Buffer.byteLength(data as string, encoding)]);
  }
  for (const [key, measure] of methods) {
    patch(report, stream, key, `Stream.${key}`, (original) =>
      table.door.leads ? leaderWrite(table, original) : followerWrite(table, original, measure),
    );
  }
  patch(report, stream, 'shutdown', 'Stream.shutdown', (original) =>
    table.door.leads ? leaderShutdown(table, original) : followerShutdown(table, original),
  );
}

/**
 * How a write went: its code; whether its completion comes later; whether the native side made the
 * request (Node 26), and the status that it then already had; what a layer below says of a failure.
 */
type Outcome = readonly [
  code: number,
  waits: boolean,
  made: boolean,
  status: number | null,
  error?: string | undefined,
];

/** What a completion brings: its status alone, or with the words that native code left on the request. */
type Completion = number | readonly [status: number, error: string];

const AT_ONCE: Outcome = [0, false, false, null];

function leaderWrite(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door, natives } = table;
  return function (this: unknown, req: NativeRequest | null, data: unknown, all: unknown): unknown {
    const state = table.get(this as object);
    if (state === undefined || door.covered > 0) return original.call(this, req, data, all);
    door.identify(WRITE, '');
    attribute(state, door.turn);
    const { lo, hi } = door;
    const early = natives.isInside && req !== null ? watchEarly(table, req) : undefined;
    const result = original.call(this, req, data, all) as number | NativeRequest;
    // A write may have led to others, on a stream below it.
    door.lo = lo;
    door.hi = hi;
    return typeof result === 'number'
      ? leaderOutcome(table, req, result, early)
      : leaderLateWrite(table, result);
  };
}

/** A layer below may complete a request before the call that made it returns. Answers what was set. */
function watchEarly(table: HandleTable, req: NativeRequest): AnyFunction | undefined {
  const done = completerOf(req);
  if (done !== undefined) deliverDone(table, table.door.ref(WRITE, ''), req);
  return done;
}

function leaderOutcome(
  table: HandleTable,
  req: NativeRequest | null,
  code: number,
  early: AnyFunction | undefined,
): number {
  const { door, slots } = table;
  const waits = req !== null && slots.state[slots.wasAsync] !== 0;
  if (early !== undefined && req !== null && !waits) req.oncomplete = early;
  if (code === 0 && !waits) return code;
  const ref = door.ref(WRITE, '');
  const outcome: Outcome = [code, waits, false, null, req?.error];
  door.fact(ref, () => outcome, AT_ONCE);
  if (waits && early === undefined) deliverDone(table, ref, req);
  return code;
}

/** The request comes from the native side, its `oncomplete` is set when this has returned. */
function leaderLateWrite({ door, slots, natives }: HandleTable, req: NativeRequest): NativeRequest {
  const code = slots.lastError === undefined ? 0 : (slots.state[slots.lastError] ?? 0);
  const status = req.writeStatus ?? null;
  const waits = code === 0 && status === null;
  const ref = door.ref(WRITE, '');
  const outcome: Outcome = [code, waits, true, status, req.error];
  door.fact(ref, () => outcome, AT_ONCE);
  if (!waits) return req;
  watchLateDone(natives, ref, req);
  return req;
}

/** Whoever made the request sets its `oncomplete` later. */
function watchLateDone(natives: NativeCalls, ref: CallRef, req: NativeRequest): void {
  let done: AnyFunction | undefined;
  const complete = function (this: unknown, ...given: unknown[]): unknown {
    if (done === undefined) return undefined;
    const set = done;
    return natives.enter(ref, 0, completionOf(req, given[0]), () =>
      Reflect.apply(set, this, given),
    );
  };
  Object.defineProperty(req, 'oncomplete', {
    get: () => (done === undefined ? undefined : complete),
    set: (next: AnyFunction | undefined) => {
      done = next;
    },
    configurable: true,
  });
}

function followerWrite(table: HandleTable, original: AnyFunction, measure: Measure): AnyFunction {
  const { door, slots } = table;
  return function (this: unknown, req: NativeRequest | null, data: unknown, all: unknown): unknown {
    const state = table.get(this as object);
    if (state === undefined) return original.call(this, req, data, all);
    door.identify(WRITE, '');
    attribute(state, door.turn);
    const ref = door.ref(WRITE, '');
    const size = measure(data, all);
    state.bytesWritten += size;
    slots.state[slots.bytesWritten] = size;
    const outcome = door.fact<Outcome>(ref, atOnce, AT_ONCE);
    return followOutcome(table, ref, outcome, req, this);
  };
}

/** Answers as the leader's handle did, and waits for the completion if that one did. */
function followOutcome(
  table: HandleTable,
  ref: CallRef,
  [code, waits, made, status, error]: Outcome,
  req: NativeRequest | null,
  handle: unknown,
): unknown {
  const { slots } = table;
  slots.state[slots.wasAsync] = waits ? 1 : 0;
  const used: NativeRequest | null = made ? { oncomplete: undefined, writeStatus: status } : req;
  if (used !== null && error !== undefined) used.error = error;
  if (waits && used !== null) expectDone(table, ref, used, handle);
  if (!made) return code;
  if (slots.lastError !== undefined) slots.state[slots.lastError] = code;
  return used;
}

function leaderShutdown(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, req: NativeRequest): unknown {
    const state = table.get(this as object);
    if (state === undefined || door.covered > 0) return original.call(this, req);
    door.identify(SHUTDOWN, '');
    const ref = door.ref(SHUTDOWN, '');
    deliverDone(table, ref, req);
    const code = original.call(this, req) as number;
    if (code !== 0) door.fact(ref, () => code, 0);
    return code;
  };
}

function followerShutdown(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, req: NativeRequest): unknown {
    const state = table.get(this as object);
    if (state === undefined) return original.call(this, req);
    door.identify(SHUTDOWN, '');
    const ref = door.ref(SHUTDOWN, '');
    const code = door.fact<number>(ref, () => 0, 0);
    if (code === 0) expectDone(table, ref, req, this);
    return code;
  };
}

/** What arrives after a write goes back to it; on an inbound socket each arrival is a root. */
function attribute(state: HandleState, turn: number): void {
  if (!state.inbound) state.turn = turn;
}

function deliverDone(table: HandleTable, ref: CallRef, req: NativeRequest): void {
  const done = completerOf(req);
  if (done === undefined) {
    watchLateDone(table.natives, ref, req);
    return;
  }
  req.oncomplete = function (this: unknown, ...given: unknown[]): unknown {
    req.oncomplete = done;
    const run = (): unknown => Reflect.apply(done, this, given);
    return table.natives.enter(ref, 0, completionOf(req, given[0]), run);
  };
}

function expectDone(table: HandleTable, ref: CallRef, req: NativeRequest, handle: unknown): void {
  const complete = (_event: number, completion: unknown): void => {
    const done = completerOf(req);
    const [status, error] = Array.isArray(completion) ? completion : [completion, undefined];
    if (error !== undefined) req.error = error;
    if (done !== undefined) Reflect.apply(done, req, [status, handle, undefined]);
  };
  table.natives.expect(ref, complete, false);
}

/** Newer Nodes make requests with `null` where nothing was set yet. */
function completerOf({ oncomplete }: NativeRequest): AnyFunction | undefined {
  return typeof oncomplete === 'function' ? oncomplete : undefined;
}

function completionOf(req: NativeRequest, status: unknown): Completion {
  const { error } = req;
  return error === undefined ? (status as number) : [status as number, error];
}

function atOnce(): Outcome {
  return AT_ONCE;
}

/** `writev` takes buffers only (`all`), or chunks and encodings in turn. */
function sizeOfAll(data: unknown, all: unknown): number {
  const chunks = data as readonly (string | Uint8Array)[];
  let size = 0;
  for (let i = 0; i < chunks.length; i += all === true ? 1 : 2) {
    const chunk = chunks[i] as string | Uint8Array;
    size +=
      typeof chunk === 'string'
        ? Buffer.byteLength(chunk, chunks[i + 1] as BufferEncoding)
        : chunk.byteLength;
  }
  return size;
}
