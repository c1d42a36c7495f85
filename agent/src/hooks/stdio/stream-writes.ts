/**
 * Writes to a stream whose other end is outside: recorded as the program makes them, completed as the
 * leader's were. Most complete within the call; one that does not is a delivery, and whether it did is
 * needed at once, so the log says it of those that did not.
 */
import type { CallRef, Door } from '../../core/door.ts';
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

/** How a write ended: absent from the log when at once and well. */
type Outcome = Error | 'pending' | null;

/** Runs one write or end and its completion. */
function complete(door: Door, name: WriteName, start: (done: Done) => void, done: Done): void {
  if (door.covered > 0) {
    start(done);
    return;
  }
  door.identify(name.api, name.target);
  const ref = door.ref(name.api, name.target);
  if (door.leads) {
    completeReally(door, ref, start, done);
    return;
  }
  const outcome = door.fact<Outcome>(ref, () => null, null);
  if (outcome === 'pending') door.expect(ref, (_event, error) => done(error as Error | null));
  else done(outcome);
}

function completeReally(door: Door, ref: CallRef, start: (done: Done) => void, done: Done): void {
  const write: { returned: boolean; outcome: Outcome } = { returned: false, outcome: 'pending' };
  door.cover(() =>
    start((error) => {
      if (write.returned) door.deliver(ref, 0, error ?? null, () => done(error));
      else write.outcome = error ?? null;
    }),
  );
  write.returned = true;
  const { outcome } = write;
  if (outcome !== null) door.fact<Outcome>(ref, () => outcome, null);
  if (outcome !== 'pending') done(outcome);
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
