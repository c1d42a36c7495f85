/**
 * Functions that only look at the host or the process (memory, load, user): in-turn values that are not
 * recorded as calls. What they answer steers programs and is printed, so followers get the leader's.
 */
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, patch } from '../core/patch.ts';

/** One function that answers a local value. */
export interface LocalFunction {
  readonly owner: object;
  readonly key: string;
  readonly api: number;
  readonly label: string;
}

/** Makes `owner[key]` a local value; what it answers, or throws, is carried. */
export function hookLocal({ door, report }: HookContext, local: LocalFunction): void {
  const { owner, key, api, label } = local;
  let convert: (() => unknown) | null = null;
  patch(report, owner, key, label, (original) => {
    const read: AnyFunction = function (this: unknown, ...args: unknown[]): unknown {
      const make = (): unknown => Reflect.apply(original, this, args);
      return door.covered > 0 ? make() : door.local(api, make);
    };
    if (Symbol.toPrimitive in original) convert = () => read() as unknown;
    return read;
  });
  // `${os.hostname}` calls a function of its own, which would be the original's.
  if (convert !== null) {
    const replaced = (owner as Record<string, object>)[key] as object;
    Object.defineProperty(replaced, Symbol.toPrimitive, { value: convert, configurable: true });
  }
}
