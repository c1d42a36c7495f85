/**
 * `crypto.subtle`. What is determined by its arguments is computed by every replica and ends in the turn
 * agreed; what draws randomness (keys, ECDSA, RSA-PSS, RSA-OAEP) has the leader's result. Key material
 * and plain texts are not recorded.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { type PromiseCodec, settleInTurn } from '../settle.ts';
import { type ImportKey, webKeyCodec } from './keys.ts';

type Args = readonly unknown[];

/** What of the arguments is recorded, by method. */
const recorded: Readonly<Record<string, (args: Args) => Args>> = {
  digest: (args) => args,
  sign: ([algorithm, , data]) => [algorithm, data],
  verify: ([algorithm, , signature, data]) => [algorithm, signature, data],
  encrypt: ([algorithm]) => [algorithm],
  decrypt: ([algorithm]) => [algorithm],
  deriveBits: ([algorithm, , length]) => [nameOf(algorithm), length],
  deriveKey: ([algorithm, , target, extractable, usages]) => [
    nameOf(algorithm),
    target,
    extractable,
    usages,
  ],
  generateKey: (args) => args,
  importKey: ([format, , algorithm, extractable, usages]) => [
    format,
    algorithm,
    extractable,
    usages,
  ],
  exportKey: ([format]) => [format],
  wrapKey: ([format, , , algorithm]) => [format, algorithm],
  unwrapKey: ([format, , , algorithm, target]) => [format, algorithm, target],
};

/** Schemes that draw randomness with every use. */
const randomSchemes: ReadonlySet<string> = new Set(['ECDSA', 'RSA-PSS', 'RSA-OAEP']);

const asItIs: PromiseCodec = { carry: (value) => value, restore: (carried) => carried };

/** Replaces the methods of `SubtleCrypto.prototype`. */
export function hookSubtle({ door, report }: HookContext): void {
  const { subtle } = builtin('crypto').webcrypto;
  const prototype = Object.getPrototypeOf(subtle) as Record<string, AnyFunction>;
  const importKey = (prototype['importKey'] as AnyFunction).bind(subtle) as ImportKey;
  const keys = webKeyCodec((...args) => door.cover(() => importKey(...args)));
  for (const [key, choose] of Object.entries(recorded)) {
    const label = `crypto.subtle.${key}`;
    const api = apiId(label);
    patch(
      report,
      prototype,
      key,
      label,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const run = (): Promise<unknown> =>
            Reflect.apply(original, this, args) as Promise<unknown>;
          if (door.covered > 0) return run();
          const ref = door.begin(api, '', choose(args));
          return settleInTurn(door, ref, run, codecOf(key, args, keys));
        },
    );
  }
}

function codecOf(key: string, args: Args, keys: PromiseCodec): PromiseCodec | null {
  switch (key) {
    case 'generateKey':
      return keys;
    case 'sign':
    case 'encrypt':
      return randomSchemes.has(nameOf(args[0])) ? asItIs : null;
    case 'wrapKey':
      return randomSchemes.has(nameOf(args[3])) ? asItIs : null;
    default:
      return null;
  }
}

/** Names are compared without regard to case. */
function nameOf(algorithm: unknown): string {
  const { name } =
    typeof algorithm === 'object' && algorithm !== null
      ? (algorithm as { name?: unknown })
      : { name: algorithm };
  return typeof name === 'string' ? name.toUpperCase() : '';
}
