/**
 * Names. The leader asks the resolver, followers get its answers. A name that is an address already, or
 * none at all, is answered by Node itself on the next tick: such a call is recorded and runs in every
 * replica, for it asks nobody.
 */
import type dns from 'node:dns';
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../core/door.ts';
import { Missing } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, type CoverageReport, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { callbackCall } from './callback-call.ts';
import { promiseCall } from './fs/promise-call.ts';

/** Methods that modules and resolvers share. */
const queries = [
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTxt',
  'resolveTlsa',
  'reverse',
] as const;

/** How a function answers: through a callback or a promise. */
type Answering = (door: Door, api: number, isLocal: IsLocal, original: AnyFunction) => AnyFunction;

/** Whether Node answers by itself. */
type IsLocal = (args: readonly unknown[]) => boolean;

const never: IsLocal = () => false;

/** Replaces the functions of `dns` and `dns.promises` and the methods of both resolvers. */
export function hookDns({ door, report }: HookContext): void {
  const module = builtin('dns');
  const { isIP } = builtin('net');
  const isLocal: IsLocal = ([name]) => !name || (typeof name === 'string' && isIP(name) !== 0);
  const names: readonly (readonly [string, IsLocal])[] = [
    ['lookup', isLocal],
    ['lookupService', never],
    ...queries.map((key) => [key, never] as const),
  ];
  hookFace(door, report, 'dns.', module, module.Resolver.prototype, names, byCallback);
  const promised = module.promises;
  hookFace(door, report, 'dns.promises.', promised, promised.Resolver.prototype, names, byPromise);
}

function hookFace(
  door: Door,
  report: CoverageReport,
  prefix: string,
  module: typeof dns | typeof dns.promises,
  resolver: object,
  names: readonly (readonly [string, IsLocal])[],
  answering: Answering,
): void {
  for (const [key, isLocal] of names) {
    const api = apiId(`${prefix}${key}`);
    const make = (original: AnyFunction): AnyFunction => answering(door, api, isLocal, original);
    patch(report, module, key, `${prefix}${key}`, make);
    if (key in resolver) patch(report, resolver, key, `${prefix}Resolver.${key}`, make);
  }
  hookServers(door, report, prefix, module);
  hookServers(door, report, `${prefix}`, resolver);
}

/** The list of servers comes from the host's settings; setting it reaches nobody. */
function hookServers(door: Door, report: CoverageReport, prefix: string, owner: object): void {
  const get = apiId(`${prefix}getServers`);
  const set = apiId(`${prefix}setServers`);
  patch(
    report,
    owner,
    'getServers',
    `${prefix}getServers`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const ask = (): unknown => Reflect.apply(original, this, args);
        return door.covered > 0 ? ask() : door.value(get, '', [], ask, Missing.local);
      },
  );
  patch(
    report,
    owner,
    'setServers',
    `${prefix}setServers`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered === 0) door.record(set, '', args);
        return Reflect.apply(original, this, args);
      },
  );
}

function byCallback(door: Door, api: number, isLocal: IsLocal, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const ref = begin(door, api, args);
    const callback = args.at(-1);
    if (typeof callback !== 'function' || isLocal(args)) return Reflect.apply(original, this, args);
    const start = (done: AnyFunction): unknown =>
      Reflect.apply(original, this, [...args.slice(0, -1), done]);
    const settle = (results: readonly unknown[]): unknown => Reflect.apply(callback, this, results);
    return callbackCall(door, ref, start, settle) ?? {};
  };
}

function byPromise(door: Door, api: number, isLocal: IsLocal, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const ref = begin(door, api, args);
    const start = (): Promise<unknown> => Reflect.apply(original, this, args) as Promise<unknown>;
    return isLocal(args) ? start() : promiseCall(door, ref, start, null, () => {});
  };
}

/** Records the call; callbacks are no data. */
function begin(door: Door, api: number, args: readonly unknown[]): CallRef {
  const data = args.filter((arg) => typeof arg !== 'function');
  return door.begin(api, String(data[0] ?? ''), data);
}
