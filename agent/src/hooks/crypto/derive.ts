/**
 * Key derivation and checks with a callback: each replica computes, the turn of the end is agreed.
 * Recorded are the parameters and how long the secret is, never the secret.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

type Derivation = 'pbkdf2' | 'scrypt' | 'hkdf' | 'checkPrime' | 'verify' | 'argon2' | 'decapsulate';

/** Position of the secret among the arguments, or -1. */
const secretAt: Readonly<Record<Derivation, number>> = {
  pbkdf2: 0,
  scrypt: 0,
  hkdf: 1,
  checkPrime: -1,
  verify: 2,
  // The parameters: message and secret are among them.
  argon2: 1,
  decapsulate: 0,
};

/** Replaces the functions whose result does not depend on randomness. */
export function hookDerivations({ door, report }: HookContext): void {
  for (const key of Object.keys(secretAt) as Derivation[]) {
    const api = apiId(`crypto.${key}`);
    patch(
      report,
      builtin('crypto') as object,
      key,
      `crypto.${key}`,
      (original) =>
        (...args: unknown[]) => {
          const callback = args.at(-1);
          if (door.covered > 0 || typeof callback !== 'function')
            return original(...args) as unknown;
          const given = args.slice(0, -1);
          const ref = door.begin(api, '', withoutSecret(given, secretAt[key]));
          const gate = door.compute(ref);
          const ended = function (this: unknown, ...results: unknown[]): void {
            gate(() => Reflect.apply(callback as AnyFunction, this, results));
          };
          try {
            return original(...given, ended) as unknown;
          } catch (error) {
            door.forget(ref);
            throw error;
          }
        },
    );
  }
}

function withoutSecret(args: readonly unknown[], at: number): readonly unknown[] {
  return args.map((value, index) => (index === at ? lengthOf(value) : value));
}

function lengthOf(value: unknown): unknown {
  const { byteLength, length } = (value ?? {}) as { byteLength?: number; length?: number };
  return byteLength ?? length ?? null;
}
