/**
 * Writes to a stream whose other end is outside: recorded as the program makes them, completed as the
 * leader's were. Most complete within the call; one that does not is a delivery, and whether it did is
 * needed at once, so the log says it of those that did not.
 */
import type { Door } from '../../core/door.ts';
import type { AnyFunction } from '../../core/patch.ts';

type Done = (error?: Error | null) => void;

/** What a write was and where it went, for its record. */
export interface WriteName {
  readonly api: number;
  readonly target: string;
}

/** The parts of a writable stream that reach its other end. */
interface Sink {
  write: AnyFunction;
  end: AnyFunction;
  _write: AnyFunction;
  _writev?: AnyFunction | null;
  _final?: AnyFunction;
}

/** Makes `stream` record its writes and complete them as the leader's were. */
export function followWrites(door: Door, stream: object, name: WriteName): void {
  const sink = stream as Sink;
  recordWrites(door, sink, name);
  const { _write, _writev, _final } = sink;
  hide(sink, '_write', function (this: unknown, chunk: unknown, encoding: unknown, done: Done) {
    complete(door, name, (end) => Reflect.apply(_write, this, [chunk, encoding, end]), done);
  });
  if (typeof _writev === 'function') {
    hide(sink, '_writev', function (this: unknown, chunks: unknown, done: Done) {
      complete(door, name, (end) => Reflect.apply(_writev, this, [chunks, end]), done);
    });
  }
  if (typeof _final === 'function') {
    hide(sink, '_final', function (this: unknown, done: Done) {
      complete(door, name, (end) => Reflect.apply(_final, this, [end]), done);
    });
  }
}

function recordWrites(door: Door, sink: Sink, { api, target }: WriteName): void {
  const { write, end } = sink;
  hide(sink, 'write', function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered === 0) door.record(api, target, writtenData(args));
    return Reflect.apply(write, this, args) as unknown;
  });
  hide(sink, 'end', function (this: unknown, ...args: unknown[]): unknown {
    const [chunk] = args;
    const hasData = chunk !== undefined && chunk !== null && typeof chunk !== 'function';
    if (door.covered === 0) door.record(api, target, hasData ? writtenData(args) : []);
    return Reflect.apply(end, this, args) as unknown;
  });
}

/** The data and, when the program named one, its encoding. */
function writtenData([chunk, encoding]: readonly unknown[]): readonly unknown[] {
  return typeof encoding === 'string' ? [chunk, encoding] : [chunk];
}

/** One completion. The fact is absent when it came at once and well, an error when at once and badly. */
function complete(
  door: Door,
  { api, target }: WriteName,
  start: (done: Done) => void,
  done: Done,
): void {
  if (door.covered > 0) return start(done);
  door.identify(api, target);
  const ref = door.ref(api, target);
  if (!door.leads) {
    const outcome = door.fact<Error | 'pending' | null>(ref, () => null, null);
    if (outcome !== 'pending') return done(outcome);
    return door.expect(ref, (_event, error) => done(error as Error | null));
  }
  let returned = false;
  let early: { readonly error: Error | null } | null = null;
  door.cover(() =>
    start((error) => {
      if (returned) door.deliver(ref, 0, error ?? null, () => done(error));
      else early = { error: error ?? null };
    }),
  );
  returned = true;
  finishEarly(early, (outcome) => door.fact(ref, () => outcome, null), done);
}

function finishEarly(
  early: { readonly error: Error | null } | null,
  say: (outcome: Error | 'pending') => void,
  done: Done,
): void {
  if (early === null) return say('pending');
  if (early.error !== null) say(early.error);
  done(early.error);
}

/** Sets an own method that does not show when the stream is enumerated. */
export function hide(owner: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(owner, key, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
