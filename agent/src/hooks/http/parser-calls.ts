/**
 * What JavaScript asks of a server's parser: to finish at the end of the stream, to execute bytes (once
 * the program listens for `data` itself), to hand over its buffer. The follower's native parser has not
 * seen the leader's bytes, so the answer is an in-turn value, and what the parser called meanwhile is
 * repeated.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, patch } from '../../core/patch.ts';
import type { NativeParser, ParserClasses } from './parser-classes.ts';
import type { ParserHooks } from './parser-slots.ts';
import type { ParserState } from './parser-table.ts';

const PARSER = apiId('http.server.parser');

/** The parser's answer, and the callbacks that it made before it answered. */
type Answer = [unknown, [number, unknown[]][]];

/** Replaces `finish`, `execute` and `getCurrentBuffer` of parsers that serve connections. */
export function hookParserCalls(hooks: ParserHooks, classes: ParserClasses): void {
  for (const key of ['finish', 'execute', 'getCurrentBuffer']) {
    patch(hooks.context.report, classes.parser, key, `HTTPParser.${key}`, (original) =>
      hooks.context.door.leads ? leaderCall(hooks, original) : followerCall(hooks, original),
    );
  }
}

function leaderCall(hooks: ParserHooks, original: AnyFunction): AnyFunction {
  const { parsers, context } = hooks;
  return function (this: unknown, ...args: unknown[]): unknown {
    const state = parsers.get(this as object);
    if (state === undefined || state.handle === null || state.inside) {
      return Reflect.apply(original, this, args);
    }
    const told: [number, unknown[]][] = [];
    // The callbacks are the program's: they run first, then their list is written as one value.
    context.door.identify(PARSER, '');
    const ref = context.door.ref(PARSER, '');
    const answer = watched(state, told, () => Reflect.apply(original, this, args));
    context.door.fact(ref, () => [answer, told], null);
    return answer;
  };
}

function watched(state: ParserState, told: [number, unknown[]][], run: () => unknown): unknown {
  state.inside = true;
  state.told = told;
  try {
    return run();
  } finally {
    state.inside = false;
    state.told = null;
  }
}

function followerCall(hooks: ParserHooks, original: AnyFunction): AnyFunction {
  const { parsers, context } = hooks;
  return function (this: unknown, ...args: unknown[]): unknown {
    const state = parsers.get(this as object);
    if (state === undefined || state.handle === null) return Reflect.apply(original, this, args);
    context.door.identify(PARSER, '');
    const answer = context.door.fact<Answer | null>(context.door.ref(PARSER, ''), () => null, null);
    if (answer === null) return undefined;
    const [result, told] = answer;
    const parser = this as NativeParser;
    for (const [slot, given] of told) {
      const callback = parser[slot];
      if (typeof callback === 'function') Reflect.apply(callback, parser, given);
    }
    return result;
  };
}
