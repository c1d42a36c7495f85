/** Cryptography that takes its time or draws randomness; plain randomness stands in `random.ts`. */
import type { HookContext } from '../../core/hook-context.ts';
import { hookDerivations } from './derive.ts';
import { hookExchanges } from './exchange.ts';
import { hookGenerators } from './generate.ts';
import { hookSubtle } from './subtle.ts';

/** Replaces the functions of `crypto` and `crypto.subtle` whose end or result comes from outside. */
export function hookCrypto(context: HookContext): void {
  hookDerivations(context);
  hookGenerators(context);
  hookExchanges(context);
  hookSubtle(context);
}
