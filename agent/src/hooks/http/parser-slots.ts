/**
 * HOT. Inbound requests. Node's parser reads a server's sockets natively and calls JavaScript with heads,
 * body chunks and ends of messages: each such call is a delivery. A follower makes the same calls on its
 * own parser object, so that all of `_http_server` above it runs for real: keep-alive, pipelining,
 * trailers, `100-continue`, aborts, malformed requests.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { type NativeParser, type ParserClasses, ParserSlot } from './parser-classes.ts';
import type { ParserState, ParserTable, ParserUse } from './parser-table.ts';

const CONNECTION = apiId('http.server.connection');

const wrappedSlots: readonly ParserSlot[] = [
  ParserSlot.headers,
  ParserSlot.headersComplete,
  ParserSlot.body,
  ParserSlot.messageComplete,
  ParserSlot.execute,
];

/** What the hooks on parsers share. */
export interface ParserHooks {
  readonly context: HookContext;
  readonly handles: HandleTable;
  readonly parsers: ParserTable;
}

/** Replaces the methods that begin and end a parser's service for a connection. */
export function hookParserSlots(hooks: ParserHooks, classes: ParserClasses): void {
  const { report } = hooks.context;
  patch(report, classes.parser, 'initialize', 'HTTPParser.initialize', (original) =>
    initialize(hooks, original),
  );
  patch(report, classes.parser, 'consume', 'HTTPParser.consume', (original) =>
    consume(hooks, original),
  );
  patch(
    report,
    classes.parser,
    'remove',
    'HTTPParser.remove',
    (original) =>
      function (this: unknown): unknown {
        const state = hooks.parsers.remove(this as object);
        if (state !== undefined) hooks.handles.natives.forget(state);
        return Reflect.apply(original, this, []);
      },
  );
}

/** Only a server hands over its list of connections. */
function initialize(hooks: ParserHooks, original: AnyFunction): AnyFunction {
  const { parsers, context, handles } = hooks;
  const { door } = context;
  const { natives } = handles;
  const wrapped: WeakSet<object> = new WeakSet();
  return function (this: unknown, ...args: unknown[]): unknown {
    const parser = this as NativeParser;
    const before = parsers.remove(parser);
    if (before !== undefined) natives.forget(before);
    const result = Reflect.apply(original, this, args) as unknown;
    if (typeof args[4] !== 'object' || door.covered > 0) return result;
    door.identify(CONNECTION, '');
    parsers.add(parser, door.ref(CONNECTION, ''));
    if (door.leads && !wrapped.has(parser)) {
      wrapped.add(parser);
      const use = parsers.use(parser);
      for (const slot of wrappedSlots) wrapSlot(hooks, parser, use, slot);
    }
    return result;
  };
}

function consume(hooks: ParserHooks, original: AnyFunction): AnyFunction {
  const { parsers, handles, context } = hooks;
  const { door } = context;
  return function (this: unknown, ...args: unknown[]): unknown {
    const parser = this as NativeParser;
    const state = parsers.get(parser);
    const handle = handles.get(args[0] as object);
    if (state !== undefined && handle !== undefined) {
      handle.http = true;
      state.handle = args[0] as object;
      if (!door.leads) {
        handles.natives.expect(state, (slot, payload) =>
          runSlot(hooks, parser, state, slot as ParserSlot, payload),
        );
      }
    }
    return Reflect.apply(original, this, args);
  };
}

/** Node sets some callbacks anew for each connection, so the slot becomes an accessor that wraps. */
function wrapSlot(
  hooks: ParserHooks,
  parser: NativeParser,
  use: ParserUse,
  slot: ParserSlot,
): void {
  let inner = parser[slot];
  const { door } = hooks.context;
  const { natives } = hooks.handles;
  const call = function (this: unknown, ...args: unknown[]): unknown {
    if (typeof inner !== 'function') return undefined;
    const set = inner;
    const { state } = use;
    if (state?.inside === true) state.told?.push([slot, args]);
    if (state === undefined || state.handle === null || state.inside) {
      return Reflect.apply(set, parser, args);
    }
    if (slot !== ParserSlot.headersComplete) {
      const payload = slot === ParserSlot.execute ? [args[0], readBytes(state)] : args;
      return natives.enter(state, slot, payload, () => Reflect.apply(set, parser, args));
    }
    state.turn = -1;
    return natives.enter(state, slot, args, () => {
      state.turn = door.turn;
      return Reflect.apply(set, parser, args);
    });
  };
  Object.defineProperty(parser, slot, {
    get: () => (typeof inner === 'function' ? call : inner),
    set: (next: AnyFunction | null) => {
      inner = next;
    },
    enumerable: true,
    configurable: true,
  });
}

function readBytes(state: ParserState): number {
  return (state.handle as { bytesRead: number } | null)?.bytesRead ?? 0;
}

/** Follower: the leader's parser called back. */
function runSlot(
  hooks: ParserHooks,
  parser: NativeParser,
  state: ParserState,
  slot: ParserSlot,
  payload: unknown,
): void {
  const args = payload as unknown[];
  const inner = parser[slot];
  if (slot === ParserSlot.execute && state.handle !== null) {
    const handle = hooks.handles.get(state.handle);
    if (handle !== undefined) handle.bytesRead = args[1] as number;
  }
  if (typeof inner === 'function') {
    Reflect.apply(inner, parser, slot === ParserSlot.execute ? [args[0]] : args);
  }
}
