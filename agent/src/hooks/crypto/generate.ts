/**
 * Keys, primes, signatures and encryptions that draw randomness inside OpenSSL: the leader's results,
 * carried. Signatures are carried whatever their scheme: a follower is spared the work. Keys and plain
 * texts are not recorded.
 */
import { apiId } from '@lockstep/protocol';
import { Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { callbackCall, type ResultsCodec } from '../callback-call.ts';
import { carryKey, restoreKey } from './keys.ts';

/** What of a call's arguments is recorded. */
type Recorded = (args: readonly unknown[]) => readonly unknown[];

const all: Recorded = (args) => args;
const none: Recorded = () => [];
const algorithmAndData: Recorded = ([algorithm, data]) => [algorithm, data];
/** Type and sizes; the rest of the options may hold a passphrase. */
const typeOnly: Recorded = ([type]) => [type];

/** Functions with a callback. */
const asynchronous: Readonly<Record<string, Recorded>> = {
  generateKeyPair: typeOnly,
  generateKey: all,
  generatePrime: all,
  sign: algorithmAndData,
  encapsulate: none,
};

/** Functions that answer; the label is the API's name. */
const synchronous: Readonly<
  Record<string, { readonly label: string; readonly recorded: Recorded }>
> = {
  generateKeyPairSync: { label: 'generateKeyPairSync', recorded: typeOnly },
  generateKeySync: { label: 'generateKeySync', recorded: all },
  generatePrimeSync: { label: 'generatePrimeSync', recorded: all },
  sign: { label: 'signSync', recorded: algorithmAndData },
  encapsulate: { label: 'encapsulateSync', recorded: none },
  publicEncrypt: { label: 'publicEncrypt', recorded: none },
};

const keyResults: ResultsCodec = {
  carry: (results) => results.map(carryKey),
  restore: (carried) => carried.map(restoreKey),
};

/** Replaces what generates, signs and encrypts. */
export function hookGenerators(context: HookContext): void {
  for (const [key, { label, recorded }] of Object.entries(synchronous)) {
    hookSynchronous(context, builtin('crypto'), key, label, recorded);
  }
  const { prototype } = builtin('crypto').Sign as unknown as { prototype: object };
  hookSynchronous(context, prototype, 'sign', 'signSync', (args) => args.slice(1));
  for (const [key, recorded] of Object.entries(asynchronous)) {
    hookAsynchronous(context, key, recorded);
  }
}

function hookSynchronous(
  { door, report }: HookContext,
  owner: object,
  key: string,
  label: string,
  recorded: Recorded,
): void {
  const api = apiId(`crypto.${label}`);
  patch(
    report,
    owner,
    key,
    `crypto.${label}`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const run = (): unknown => Reflect.apply(original, this, args);
        if (door.covered > 0 || typeof args.at(-1) === 'function') return run();
        const made: { result: unknown } = { result: null };
        const make = (): unknown => {
          made.result = run();
          return carryResult(made.result);
        };
        const carried = door.value(api, '', recorded(args), make, Missing.local);
        return door.leads ? made.result : restoreResult(carried);
      },
  );
}

/** A key, or a pair of them, or what the program asked for instead. */
function carryResult(result: unknown): unknown {
  const { publicKey, privateKey } = (result ?? {}) as { publicKey?: unknown; privateKey?: unknown };
  if (publicKey === undefined) return carryKey(result);
  return { publicKey: carryKey(publicKey), privateKey: carryKey(privateKey) };
}

function restoreResult(carried: unknown): unknown {
  const { publicKey, privateKey } = (carried ?? {}) as {
    publicKey?: unknown;
    privateKey?: unknown;
  };
  if (publicKey === undefined) return restoreKey(carried);
  return { publicKey: restoreKey(publicKey), privateKey: restoreKey(privateKey) };
}

function hookAsynchronous({ door, report }: HookContext, key: string, recorded: Recorded): void {
  const api = apiId(`crypto.${key}`);
  patch(report, builtin('crypto'), key, `crypto.${key}`, (original) => (...args: unknown[]) => {
    const callback = args.at(-1);
    if (door.covered > 0 || typeof callback !== 'function') return original(...args) as unknown;
    const given = args.slice(0, -1);
    const ref = door.begin(api, '', recorded(given));
    return callbackCall(
      door,
      ref,
      (done) => original(...given, done) as unknown,
      (results) => Reflect.apply(callback as AnyFunction, undefined, results),
      keyResults,
    );
  });
}
