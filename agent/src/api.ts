/**
 * The door's public face inside the process: what `@lockstep/agent` (loaded by the service as a module
 * of its own) finds of the preloaded agent. One well-known symbol, one version.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from './core/door.ts';
import type { AnyFunction } from './core/patch.ts';

const USER_CALL = apiId('user.call');

/** Where the preloaded agent leaves its face. */
export const AGENT_SYMBOL: unique symbol = Symbol.for('lockstep.agent.v1');

/** What the service's code may ask of the agent. */
export interface AgentFace {
  wrap(name: string, original: AnyFunction): AnyFunction;
}

/** Leaves the face of this thread's agent on the global object. */
export function publishApi(door: Door): void {
  const face: AgentFace = {
    wrap: (name, original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        door.record(USER_CALL, name, args);
        return Reflect.apply(original, this, args);
      },
  };
  Object.defineProperty(globalThis, AGENT_SYMBOL, { value: face, configurable: true });
}
