/**
 * The public API for a service's own functions. Without a preloaded agent it does nothing, so a service
 * can keep the line in place wherever it runs.
 */
import { AGENT_SYMBOL, type AgentFace } from './api.ts';
import { type AnyFunction, disguise } from './core/patch.ts';

/**
 * Adds a record with the arguments to every call of `original`, under `name`, so that replicas are
 * compared there too. The function behaves as before: same `this`, arguments, result and errors.
 *
 * @example
 * import { wrap } from '@lockstep/agent';
 * const charge = wrap('payments.charge', chargeCard);
 */
export function wrap<T extends AnyFunction>(name: string, original: T): T {
  const face = (globalThis as { [AGENT_SYMBOL]?: AgentFace })[AGENT_SYMBOL];
  if (face === undefined) return original;
  return disguise(face.wrap(name, original), original) as T;
}
