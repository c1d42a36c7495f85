/** Standard streams are made when they are first asked for; so are what stands in their place. */
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, disguise } from '../../core/patch.ts';

/**
 * Replaces the getter of `process[name]`; `make` gets what makes Node's own stream. Whoever asks before
 * the program does (Node's `net` compares with `process.stderr`) gets Node's own.
 */
export function lazyStream(
  { report, onEntry }: HookContext,
  name: 'stdin' | 'stdout' | 'stderr',
  make: (native: () => unknown) => unknown,
): void {
  const slot = Object.getOwnPropertyDescriptor(process, name);
  const native = slot?.get as AnyFunction | undefined;
  if (slot === undefined || native === undefined || slot.configurable !== true) {
    report.miss(`process.${name}`, 'it is not a getter here');
    return;
  }
  let stream: unknown;
  let entered = false;
  onEntry(() => {
    entered = true;
  });
  const makeNative = (): unknown => Reflect.apply(native, process, []) as unknown;
  const get = (): unknown => {
    if (!entered) return makeNative();
    stream ??= make(makeNative);
    return stream;
  };
  Object.defineProperty(process, name, { ...slot, get: disguise(get, native) });
  report.hook(name);
}
