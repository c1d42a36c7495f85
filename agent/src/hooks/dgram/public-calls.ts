/** Datagrams as the program sends them: what, and where to. */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

const calls = [
  ['send', apiId('dgram.send')],
  ['bind', apiId('dgram.bind')],
  ['connect', apiId('dgram.connect')],
] as const;

/** Replaces `send`, `bind` and `connect` of `dgram.Socket`. */
export function hookDatagramCalls({ door, report }: HookContext): void {
  const { prototype } = builtin('dgram').Socket as unknown as { prototype: object };
  for (const [key, api] of calls) {
    patch(
      report,
      prototype,
      key,
      `dgram.${key}`,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered === 0) {
            const data = args.filter((arg) => typeof arg !== 'function');
            door.record(api, targetOf(data), data);
          }
          return Reflect.apply(original, this, args);
        },
    );
  }
}

/** `port` or `port address`, wherever they stand; a socket that is connected says neither. */
function targetOf(data: readonly unknown[]): string {
  const address = data.findLast((arg) => typeof arg === 'string');
  const port = data.findLast((arg) => typeof arg === 'number');
  return [address, port].filter((part) => part !== undefined && part !== data[0]).join(':');
}
