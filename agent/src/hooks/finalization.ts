/**
 * Garbage collection enters JavaScript too. The callbacks of a `FinalizationRegistry` are deliveries of the
 * registration; `WeakRef#deref` is an in-turn value. A follower's collector runs at moments of its own, so
 * followers hold targets until the log says that the leader's is gone.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, define, patch } from '../core/patch.ts';

const REGISTER = apiId('FinalizationRegistry.register');
const DEREF = apiId('WeakRef.deref');

type Cleanup = (held: unknown) => void;

/** Replaces both classes. */
export function hookFinalization(context: HookContext): void {
  hookRegistry(context);
  hookWeakRef(context);
}

/** What the real registry of the leader holds for the program's value. */
interface Held {
  readonly ref: CallRef;
  readonly value: unknown;
}

function hookRegistry({ door, report }: HookContext): void {
  const Real = FinalizationRegistry;
  const follower = new FollowedRegistrations(door);
  /** The program's callbacks, by registry. Registries of Node's own are not in it. */
  const cleanups: WeakMap<object, Cleanup> = new WeakMap();
  replaceClass('FinalizationRegistry', Real, (args, newTarget) => {
    const [cleanup] = args;
    if (typeof cleanup !== 'function' || door.covered > 0) {
      return Reflect.construct(Real, args, newTarget) as object;
    }
    const collected = ({ ref, value }: Held): void => {
      door.deliver(ref, 0, undefined, () => (cleanup as Cleanup)(value));
    };
    const watch = door.leads ? collected : () => {};
    const registry = Reflect.construct(Real, [watch], newTarget) as object;
    cleanups.set(registry, cleanup as Cleanup);
    return registry;
  });
  const label = 'FinalizationRegistry.register';
  patch(
    report,
    Real.prototype,
    'register',
    label,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const [target, value, token] = args;
        const cleanup = cleanups.get(this as object);
        // The first is what Node's own registries do, the second what the original refuses.
        if (cleanup === undefined || Object.is(target, value)) {
          return Reflect.apply(original, this, args);
        }
        door.identify(REGISTER, '');
        const ref = door.ref(REGISTER, '');
        Reflect.apply(original, this, [target, { ref, value }, token]);
        if (!door.leads) {
          follower.add(this as object, { ref, target, token, run: () => cleanup(value) });
        }
        return undefined;
      },
  );
  patch(
    report,
    Real.prototype,
    'unregister',
    label,
    (original) =>
      function (this: unknown, token: unknown): unknown {
        const isKnown = Reflect.apply(original, this, [token]) as boolean;
        const isFollowed = !door.leads && cleanups.has(this as object);
        return isFollowed ? follower.remove(this as object, token) : isKnown;
      },
  );
}

/** Puts a class in the place of a global one; only `new` differs. */
function replaceClass<T extends object>(
  name: 'FinalizationRegistry' | 'WeakRef',
  real: T & { readonly prototype: object },
  construct: (args: unknown[], newTarget: NewableFunction) => object,
): void {
  const proxy: T = new Proxy(real, {
    construct: (_target, args: unknown[], newTarget) =>
      construct(args, newTarget === proxy ? (real as unknown as NewableFunction) : newTarget),
  });
  define(globalThis, name, proxy);
  define(real.prototype, 'constructor', proxy);
}

/** One registration in a follower. */
interface Registration {
  readonly ref: CallRef;
  /** Held by this alone. */
  readonly target: unknown;
  readonly token: unknown;
  readonly run: () => void;
}

/** Targets that a follower holds, and what to do once the leader's are gone. */
class FollowedRegistrations {
  private readonly door: Door;
  private readonly byRegistry: WeakMap<object, Set<Registration>> = new WeakMap();

  constructor(door: Door) {
    this.door = door;
  }

  add(registry: object, registration: Registration): void {
    const all = this.byRegistry.get(registry) ?? new Set();
    this.byRegistry.set(registry, all.add(registration));
    this.door.expect(registration.ref, () => {
      all.delete(registration);
      registration.run();
    });
  }

  /** Whether anything was registered with the token. */
  remove(registry: object, token: unknown): boolean {
    let any = false;
    for (const registration of this.byRegistry.get(registry) ?? []) {
      if (registration.token !== token) continue;
      any = true;
      this.byRegistry.get(registry)?.delete(registration);
      this.door.forget(registration.ref);
    }
    return any;
  }
}

function hookWeakRef({ door, report }: HookContext): void {
  const Real = WeakRef;
  /** Follower: keeps a target as long as its reference; null once the leader's is gone. */
  const kept: WeakMap<object, WeakKey | null> = new WeakMap();
  replaceClass('WeakRef', Real, (args, newTarget) => {
    const reference = Reflect.construct(Real, args, newTarget) as object;
    if (!door.leads) kept.set(reference, args[0] as WeakKey);
    return reference;
  });
  patch(report, Real.prototype, 'deref', 'WeakRef.deref', (original) =>
    dereferenced(door, kept, original),
  );
}

function dereferenced(
  door: Door,
  kept: WeakMap<object, WeakKey | null>,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown): unknown {
    const real: unknown = Reflect.apply(original, this, []);
    if (door.covered > 0) return real;
    const isAlive = door.local(DEREF, () => real !== undefined);
    if (door.leads || !kept.has(this as object)) return real;
    // The follower's own may live on; it is gone for the program.
    if (!isAlive) kept.set(this as object, null);
    return kept.get(this as object) ?? undefined;
  };
}
