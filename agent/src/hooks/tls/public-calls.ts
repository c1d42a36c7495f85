/**
 * The calls that are compared: where a client connects and as whom it expects to be answered. What travels
 * is compared as the plain text of each write, in `net`.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

const CONNECT = apiId('tls.connect');
const TICKET_KEYS = apiId('tls.ticketKeys');

/** What of the options is recorded; keys and certificates are not. */
const recordedOptions = [
  'host',
  'port',
  'path',
  'servername',
  'ALPNProtocols',
  'rejectUnauthorized',
] as const;

/** Replaces `tls.connect` and the ticket keys of servers. */
export function hookTlsCalls({ door, report }: HookContext): void {
  const tls = builtin('tls');
  patch(
    report,
    tls,
    'connect',
    'tls.connect',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered === 0) {
          const options = optionsOf(args);
          door.record(CONNECT, peerOf(options), [options]);
        }
        return Reflect.apply(original, this, args);
      },
  );
  const { prototype } = tls.Server as unknown as { prototype: object };
  patch(
    report,
    prototype,
    'getTicketKeys',
    'tls.ticketKeys',
    (original: AnyFunction) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const make = (): unknown => Reflect.apply(original, this, args);
        return door.covered > 0 ? make() : door.local(TICKET_KEYS, make);
      },
  );
}

/** `(options)`, `(port, host, options)`, `(path, options)`, callbacks left out. */
function optionsOf(args: readonly unknown[]): Record<string, unknown> {
  const [first, second] = args;
  const given = args.filter((arg) => typeof arg === 'object' && arg !== null);
  const options = Object.assign({}, ...given) as Record<string, unknown>;
  if (typeof first === 'number') options['port'] = first;
  else if (typeof first === 'string') options[/^\d+$/.test(first) ? 'port' : 'path'] = first;
  if (typeof second === 'string') options['host'] = second;
  const said: Record<string, unknown> = {};
  for (const key of recordedOptions) {
    if (options[key] !== undefined && options[key] !== null) said[key] = options[key];
  }
  return said;
}

function peerOf({ path, host, port, servername }: Record<string, unknown>): string {
  if (path !== undefined) return String(path);
  return port === undefined
    ? String(servername ?? '')
    : `${String(host ?? 'localhost')}:${String(port)}`;
}
