/**
 * Which connections are idle, active or over their time is known to the native parsers of the leader:
 * `closeIdleConnections`, `closeAllConnections` and the check of timeouts get it as in-turn values.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, patch } from '../../core/patch.ts';
import type { ParserHooks } from './parser-slots.ts';

const CONNECTIONS = apiId('http.server.connections');

/** Replaces the list's questions. */
export function hookConnectionsList(hooks: ParserHooks, connections: object): void {
  const { door, report } = hooks.context;
  const { parsers } = hooks;
  for (const key of ['all', 'idle', 'active', 'expired']) {
    patch(
      report,
      connections,
      key,
      `ConnectionsList.${key}`,
      (original: AnyFunction) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered > 0) return Reflect.apply(original, this, args);
          let found: unknown[] = [];
          const numbers = door.local<number[]>(CONNECTIONS, () => {
            if (!door.leads) return [];
            found = Reflect.apply(original, this, args) as unknown[];
            return parsers.numbersOf(found as object[]);
          });
          return door.leads ? found : parsers.parsersOf(numbers);
        },
    );
  }
}
