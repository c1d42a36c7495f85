/**
 * HOT. What native code of HTTP/2 calls: the functions that Node's own code handed over when it was loaded.
 * A header block may bring a new stream, which the leader's has made by then and a follower makes of nothing.
 */
import { type AnyFunction, disguise } from '../../core/patch.ts';
import { type Http2Handles, SessionEvent } from './handles.ts';

/** The functions by position; a Node that hands over others is not followed here. */
export const callbackNames = [
  'onSessionInternalError',
  'onPriority',
  'onSettings',
  'onPing',
  'onSessionHeaders',
  'onFrameError',
  'onGoawayData',
  'onAltSvc',
  'onOrigin',
  'onStreamTrailers',
  'onStreamClose',
] as const;

const HEADERS = callbackNames.indexOf('onSessionHeaders');

/** A header block: the stream's object, which does not travel, its number, and what came. */
type Block = readonly [
  handle: object,
  id: number,
  category: number,
  flags: number,
  headers: readonly string[],
  sensitive: readonly string[],
];

/** What the native side gets in the place of the functions. */
export function enteredCallbacks(
  handles: Http2Handles,
  callbacks: readonly AnyFunction[],
): readonly AnyFunction[] {
  handles.callbacks = callbacks;
  if (!handles.table.door.leads) {
    handles.restore = (session, position, payload) =>
      position === HEADERS ? restored(handles, session, payload) : payload;
    return callbacks;
  }
  return callbacks.map((set, position) =>
    disguise(position === HEADERS ? headers(handles, set) : entered(handles, position, set), set),
  );
}

function entered({ table }: Http2Handles, position: number, set: AnyFunction): AnyFunction {
  const event = SessionEvent.firstOfModule + position;
  return function (this: unknown, ...args: unknown[]): unknown {
    const state = table.get(this as object);
    if (state === undefined || table.door.covered > 0) return Reflect.apply(set, this, args);
    return table.natives.enter(state, event, args, () => Reflect.apply(set, this, args));
  };
}

function headers(handles: Http2Handles, set: AnyFunction): AnyFunction {
  const { table } = handles;
  const event = SessionEvent.firstOfModule + HEADERS;
  return function (this: unknown, ...args: unknown[]): unknown {
    const state = table.get(this as object);
    if (state === undefined || table.door.covered > 0) return Reflect.apply(set, this, args);
    const [handle, id, category, flags, block, sensitive] = args as unknown as Block;
    const stream = table.get(handle);
    const isNew = stream === undefined;
    // What arrives for a stream goes back to whoever asked for it.
    state.turn = isNew ? -1 : stream.turn;
    const payload = [isNew, id, category, flags, [...block], sensitive && [...sensitive]];
    return table.natives.enter(state, event, payload, () => {
      if (isNew) handles.addStream(handle, requestOf(block), true);
      return Reflect.apply(set, this, args);
    });
  };
}

/** Follower: the same block, with an object of its own. */
function restored(
  handles: Http2Handles,
  session: object,
  payload: readonly unknown[],
): readonly unknown[] {
  const [isNew, id, ...rest] = payload as [boolean, number, ...unknown[]];
  const block = rest[2] as readonly string[];
  const handle = isNew
    ? handles.makeStream(session, id, requestOf(block), true)
    : handles.streamOf(session, id);
  return [handle, id, ...rest];
}

/** `GET /path`, as far as a block says it. */
function requestOf(block: readonly string[]): string {
  const said: string[] = [];
  for (const name of [':method', ':path']) {
    const at = block.indexOf(name);
    if (at >= 0 && at % 2 === 0) said.push(String(block[at + 1]));
  }
  return said.join(' ');
}
