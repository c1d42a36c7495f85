/** HTTP/1: inbound requests and responses, and notes of outbound requests. Needs the hooks of `net`. */
import type http from 'node:http';
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { hookConnectionsList } from './connections-list.ts';
import { hookParserCalls } from './parser-calls.ts';
import { findParserClasses, type ParserClasses } from './parser-classes.ts';
import { hookParserSlots, type ParserHooks } from './parser-slots.ts';
import { ParserTable } from './parser-table.ts';
import { hookRequests } from './requests.ts';
import { hookResponses } from './responses.ts';

const PARSER = apiId('http.server.parser');

/** Hooks `http`; `handles` is null where `net` could not be hooked. */
export function hookHttp(context: HookContext, handles: HandleTable | null): void {
  const { door, report } = context;
  const module = builtin('http');
  hookRequests(context, module);
  hookResponses(context, module);
  if (handles === null) return;
  door.covered++;
  const classes = findParserClasses(module);
  door.covered--;
  if (typeof classes === 'string') {
    report.miss('http.Server', classes);
    refuseServers(context, module, classes);
    return;
  }
  hookParsers({ context, handles, parsers: new ParserTable() }, classes);
}

function hookParsers(hooks: ParserHooks, classes: ParserClasses): void {
  hookParserSlots(hooks, classes);
  hookParserCalls(hooks, classes);
  if (classes.connections === null) {
    hooks.context.report.miss('ConnectionsList', 'http.Server keeps no list of connections');
  } else {
    hookConnectionsList(hooks, classes.connections);
  }
}

/** A parser of another shape: the first server that listens ends following. */
function refuseServers({ door, report }: HookContext, module: typeof http, why: string): void {
  patch(
    report,
    module.Server.prototype,
    'listen',
    'http.Server.listen',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        door.notFollowed(PARSER, `inbound HTTP is not followed on this Node: ${why}`);
        return Reflect.apply(original, this, args);
      },
  );
}
