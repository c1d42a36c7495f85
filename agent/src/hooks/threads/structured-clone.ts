/** `structuredClone` with ports in its transfer list: they go on in other objects, in this thread. */
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import type { Ports } from './ports.ts';

/** Replaces `structuredClone`; without a transfer list it is Node's own. */
export function hookStructuredClone({ door, report }: HookContext, ports: Ports): void {
  patch(
    report,
    globalThis,
    'structuredClone',
    'structuredClone',
    (original) =>
      function structuredClone(this: unknown, ...args: unknown[]): unknown {
        const clone = (): unknown => Reflect.apply(original, this, args);
        return args[1] === undefined || door.covered > 0 ? clone() : ports.cloned(args, clone);
      },
  );
}
