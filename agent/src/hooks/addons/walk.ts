/**
 * Puts functions of ours in the place of those that an add-on exports: functions, classes, the methods and
 * accessors of their instances. Objects stay what they are wherever their class can be changed, so that
 * native code gets the genuine `this`; a class that cannot be changed is shown through a proxy.
 */
import { type AnyFunction, disguise } from '../../core/patch.ts';

/** One call of an add-on. `run` makes it with `args`. */
export interface AddonCall {
  /** `exports` and the path to the function, `Class#method`, `get Class#property`. */
  readonly name: string;
  readonly receiver: unknown;
  readonly args: unknown[];
  readonly isNew: boolean;
  readonly run: (args: unknown[]) => unknown;
  /** What the program gets in the place of a value that native code gives later. */
  readonly adopt: <T>(value: T) => T;
}

/** What is done in the place of a call. */
export type OnCall = (call: AddonCall) => unknown;

/** How deep exported objects are looked into. */
const MAX_DEPTH = 4;

/** How deep results are looked into. */
const MAX_RESULT_DEPTH = 8;

export class AddonWalk {
  private readonly onCall: OnCall;
  private readonly seen: WeakMap<object, unknown> = new WeakMap();
  private readonly patched: WeakSet<object> = new WeakSet();
  /** The genuine object behind one of our proxies. */
  private readonly genuine: WeakMap<object, object> = new WeakMap();

  constructor(onCall: OnCall) {
    this.onCall = onCall;
  }

  /** What the program gets in the place of `value`. */
  wrap(value: unknown, name: string, depth = 0): unknown {
    if (typeof value === 'function') return this.wrapFunction(value as AnyFunction, name);
    const isObject = typeof value === 'object' && value !== null;
    if (!isObject || depth > MAX_DEPTH || ArrayBuffer.isView(value)) return value;
    const known = this.seen.get(value);
    if (known !== undefined) return known;
    this.seen.set(value, value);
    for (const key of Object.getOwnPropertyNames(value)) {
      const slot = Object.getOwnPropertyDescriptor(value, key);
      if (slot?.writable !== true) continue;
      Reflect.set(value, key, this.wrap(slot.value, `${name}.${key}`, depth + 1));
    }
    return value;
  }

  /** What a call gave: the class of an object is changed when it is first met, wherever in it that is. */
  readonly adopt = <T>(value: T): T => this.adoptDeep(value, 0, new Set()) as T;

  private adoptDeep(value: unknown, depth: number, seen: Set<object>): unknown {
    if (typeof value !== 'object' || value === null || depth > MAX_RESULT_DEPTH) return value;
    if (ArrayBuffer.isView(value) || seen.has(value)) return value;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value) || prototype === null || prototype === Object.prototype) {
      seen.add(value);
      for (const [key, slot] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        const adopted = this.adoptDeep(slot.value, depth + 1, seen);
        if (adopted !== slot.value) Reflect.set(value, key, adopted);
      }
      return value;
    }
    return this.adoptNative(value);
  }

  private adoptNative(value: object): object {
    const prototype = nativeClassOf(value);
    if (prototype === null) return value;
    if (!this.patchClass(prototype)) return this.proxied(value, prototype);
    const accessors = ownAccessors(value);
    return accessors.length === 0 ? value : this.shown(value, prototype, accessors);
  }

  private wrapFunction(original: AnyFunction, name: string): unknown {
    const known = this.seen.get(original);
    if (known !== undefined) return known;
    const { onCall, adopt } = this;
    const shown = shellOf(original);
    const wrapped: AnyFunction = new Proxy(shown, {
      apply: (_target, receiver, args: unknown[]) =>
        onCall({
          name,
          receiver,
          args,
          isNew: false,
          adopt,
          run: (given) =>
            this.adopt(Reflect.apply(original, this.real(receiver), this.reals(given))),
        }),
      construct: (_target, args: unknown[], newTarget) =>
        onCall({
          name,
          receiver: undefined,
          args,
          isNew: true,
          adopt,
          run: (given) =>
            this.adopt(
              Reflect.construct(
                original,
                this.reals(given),
                newTarget === wrapped ? original : newTarget,
              ),
            ),
        }) as object,
    });
    this.seen.set(original, wrapped);
    const { prototype } = original as { prototype?: object };
    if (prototype !== undefined) this.patchClass(prototype);
    this.wrapStatics(original, shown, name);
    return wrapped;
  }

  /** Functions that a class or function has. */
  private wrapStatics(original: AnyFunction, shown: AnyFunction, name: string): void {
    for (const [key, slot] of staticsOf(original)) {
      const value = this.wrapFunction(slot.value as AnyFunction, `${name}.${key}`);
      Object.defineProperty(shown, key, { ...slot, value });
    }
  }

  /** False when the class does not let itself be changed. */
  private patchClass(prototype: object): boolean {
    if (this.patched.has(prototype)) return true;
    const own = slotsOf(prototype);
    if (own.some(([, slot]) => slot.configurable !== true && slot.writable !== true)) return false;
    this.patched.add(prototype);
    changedClasses.add(prototype);
    const className = classNameOf(prototype);
    for (const [key, slot] of own) {
      if (typeof slot.value === 'function') {
        const name = nameOfKey(key);
        if (name === null) continue;
        const method = this.method(slot.value as AnyFunction, `${className}#${name}`);
        Object.defineProperty(prototype, key, { ...slot, value: method });
      } else if (slot.get !== undefined && slot.configurable === true) {
        const get = this.method(slot.get as AnyFunction, `get ${className}#${String(key)}`);
        Object.defineProperty(prototype, key, { ...slot, get });
      }
    }
    return true;
  }

  private method(original: AnyFunction, name: string): AnyFunction {
    const { onCall, adopt } = this;
    const wrap = this;
    const replacement = function (this: unknown, ...args: unknown[]): unknown {
      const run = (given: unknown[]): unknown =>
        wrap.adopt(Reflect.apply(original, wrap.real(this), wrap.reals(given)));
      return onCall({ name, receiver: this, args, isNew: false, run, adopt });
    };
    const method = disguise(replacement, original);
    ours.add(method);
    return method;
  }

  private proxied(value: object, prototype: object): object {
    const known = this.seen.get(value);
    if (known !== undefined) return known as object;
    const className = classNameOf(prototype);
    const proxy = new Proxy(value, {
      get: (target, key) => {
        const held: unknown = Reflect.get(target, key, target);
        if (typeof held !== 'function' || key === 'constructor') return held;
        return this.method(held as AnyFunction, `${className}#${String(key)}`);
      },
      set: (target, key, next) => Reflect.set(target, key, next, target),
    });
    this.seen.set(value, proxy);
    this.genuine.set(proxy, value);
    return proxy;
  }

  /** An object whose own accessors are native and stay: reading one is a call, all else is the object's. */
  private shown(value: object, prototype: object, accessors: readonly string[]): object {
    const known = this.seen.get(value);
    if (known !== undefined) return known as object;
    const { onCall, adopt } = this;
    const className = classNameOf(prototype);
    const proxy: object = new Proxy(value, {
      get: (target, key, receiver) => {
        if (typeof key !== 'string' || !accessors.includes(key)) {
          return Reflect.get(target, key, receiver) as unknown;
        }
        const run = (): unknown => Reflect.get(target, key, target);
        return onCall({
          name: `get ${className}#${key}`,
          receiver,
          args: [],
          isNew: false,
          run,
          adopt,
        });
      },
    });
    this.seen.set(value, proxy);
    this.genuine.set(proxy, value);
    return proxy;
  }

  private real(value: unknown): unknown {
    const isObject = typeof value === 'object' && value !== null;
    return isObject ? (this.genuine.get(value) ?? value) : value;
  }

  private reals(args: readonly unknown[]): unknown[] {
    return args.map((value) => this.real(value));
  }
}

/** Functions among what a class or function has. */
function staticsOf(original: AnyFunction): [string, PropertyDescriptor][] {
  return Object.entries(Object.getOwnPropertyDescriptors(original)).filter(
    ([key, slot]) => typeof slot.value === 'function' && key !== 'caller',
  );
}

/** Where a class does not let its functions be replaced, one that is shown for it; else itself. */
function shellOf(original: AnyFunction): AnyFunction {
  const isOpen = ([, slot]: [string, PropertyDescriptor]): boolean =>
    slot.configurable === true || slot.writable === true;
  if (staticsOf(original).every(isOpen)) return original;
  const shell: AnyFunction = function shell(): void {};
  Object.setPrototypeOf(shell, Object.getPrototypeOf(original) as object);
  for (const [key, slot] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (key === 'arguments' || key === 'caller' || typeof slot.value === 'function') continue;
    Object.defineProperty(shell, key, slot);
  }
  return shell;
}

/** Methods of ours. A program may put them on classes of its own, which are no native ones by that. */
const ours: WeakSet<object> = new WeakSet();

/** Native classes whose methods are ours by now. */
const changedClasses: WeakSet<object> = new WeakSet();

/** A class with methods or accessors that native code made. */
export function isNativeClass(prototype: object | null): prototype is object {
  if (prototype === null || prototype === Object.prototype) return false;
  if (changedClasses.has(prototype)) return true;
  for (const slot of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    const code: unknown = slot.value ?? slot.get;
    if (typeof code === 'function' && code !== prototype.constructor && isNative(code)) {
      return !isBuiltIn(prototype);
    }
  }
  return false;
}

/** The nearest class of an object that native code made; null when there is none below the language's own. */
export function nativeClassOf(value: unknown): object | null {
  if (typeof value !== 'object' || value === null) return null;
  let prototype = Object.getPrototypeOf(value) as object | null;
  while (prototype !== null && !isBuiltIn(prototype)) {
    if (isNativeClass(prototype)) return prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return null;
}

/** Names of an object's own accessors that native code made. */
export function ownAccessors(value: object): readonly string[] {
  const slots = Object.entries(Object.getOwnPropertyDescriptors(value));
  return slots.filter(([, { get }]) => get !== undefined && isNative(get)).map(([key]) => key);
}

/** What a class has besides its constructor. */
export function slotsOf(prototype: object): readonly [string | symbol, PropertyDescriptor][] {
  return Reflect.ownKeys(prototype).flatMap((key): [string | symbol, PropertyDescriptor][] => {
    const slot = Object.getOwnPropertyDescriptor(prototype, key);
    return slot === undefined || key === 'constructor' ? [] : [[key, slot]];
  });
}

/** Methods that syntax calls, by the names under which they travel. */
const symbols: readonly (readonly [name: string, symbol: symbol | undefined])[] = [
  ['@@dispose', (Symbol as { dispose?: symbol }).dispose],
  ['@@asyncDispose', (Symbol as { asyncDispose?: symbol }).asyncDispose],
];

const REGISTERED = '@@for ';

/** How a key is called in calls and shapes; null for symbols that no other process can know. */
export function nameOfKey(key: string | symbol): string | null {
  if (typeof key === 'string') return key;
  const registered = Symbol.keyFor(key);
  if (registered !== undefined) return `${REGISTERED}${registered}`;
  return symbols.find(([, symbol]) => symbol === key)?.[0] ?? null;
}

/** The key behind such a name. */
export function keyOfName(name: string): string | symbol {
  if (name.startsWith(REGISTERED)) return Symbol.for(name.slice(REGISTERED.length));
  return symbols.find(([known]) => known === name)?.[1] ?? name;
}

const sourceOf = Function.prototype.toString;

function isNative(code: unknown): boolean {
  return !ours.has(code as object) && Reflect.apply(sourceOf, code, []).includes('[native code]');
}

/** Classes of the language are native, and no add-on's. */
function isBuiltIn(prototype: object): boolean {
  if (!Object.hasOwn(prototype, 'constructor')) return false;
  const { name } = prototype.constructor;
  return Reflect.get(globalThis, name) === prototype.constructor || name === 'Buffer';
}

export function classNameOf(prototype: object): string {
  return prototype.constructor.name;
}
