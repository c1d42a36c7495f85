/**
 * Replaces a function on an object so that nobody notices: name, length, own properties, prototype and
 * descriptor flags stay. What could not be replaced is reported in the coverage, never thrown.
 */
import { apiTable, type Coverage } from '@lockstep/protocol';

// biome-ignore lint/suspicious/noExplicitAny: a patched function is called with whatever the program passes
export type AnyFunction = (this: unknown, ...args: any[]) => any;

const apiNames: ReadonlySet<string> = new Set(apiTable.map((api) => api.name));

/** Counts what was hooked and names what was not; one object a process. */
export class CoverageReport {
  private readonly hooked: Set<string> = new Set();
  private readonly unhooked: { api: string; why: string }[] = [];
  private readonly notFollowed: string[] = [];

  /** Counts an API of the table once; what one role alone replaces beside it does not count. */
  hook(label: string): void {
    if (apiNames.has(label)) this.hooked.add(label);
  }

  miss(api: string, why: string): void {
    this.unhooked.push({ api, why });
  }

  /** A known way in whose first use ends following. */
  exclude(api: string): void {
    if (!this.notFollowed.includes(api)) this.notFollowed.push(api);
  }

  view(): Coverage {
    return {
      hooked: this.hooked.size,
      unhooked: [...this.unhooked],
      notFollowed: [...this.notFollowed],
    };
  }
}

/**
 * Puts `make(original)` in the place of `owner[key]`. The replacement looks like the original from
 * outside. Answers the original, or null when there is nothing to replace or it cannot be.
 */
export function patch(
  report: CoverageReport,
  owner: object,
  key: PropertyKey,
  label: string,
  make: (original: AnyFunction) => AnyFunction,
): AnyFunction | null {
  const slot = findSlot(owner, key);
  if (slot === undefined) return null;
  const original: unknown = slot.get === undefined ? slot.value : Reflect.get(owner, key);
  if (typeof original !== 'function') {
    report.miss(label, 'it is not a plain function here');
    return null;
  }
  const replacement = disguise(make(original as AnyFunction), original as AnyFunction);
  try {
    Object.defineProperty(owner, key, {
      value: replacement,
      writable: slot.writable ?? true,
      enumerable: slot.enumerable ?? true,
      configurable: slot.configurable ?? true,
    });
    report.hook(label);
    return original as AnyFunction;
  } catch (error) {
    report.miss(label, error instanceof Error ? error.message : String(error));
    return null;
  }
}

/**
 * Name, length and own properties of the original on its replacement. What is the same already is left
 * alone: V8 binds a function quickly only while nobody has set its name or length, and Node binds some
 * for each request.
 */
export function disguise<T extends AnyFunction>(replacement: T, original: AnyFunction): T {
  for (const key of Reflect.ownKeys(original)) {
    const slot = Object.getOwnPropertyDescriptor(original, key);
    const own = Object.getOwnPropertyDescriptor(replacement, key);
    if (isSame(slot, own)) continue;
    if (slot !== undefined && (own === undefined || own.configurable || own.writable)) {
      Reflect.defineProperty(replacement, key, slot);
    }
  }
  return replacement;
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  if (a === undefined || b === undefined || !('value' in a && 'value' in b)) return false;
  const flags: readonly (keyof PropertyDescriptor)[] = ['writable', 'enumerable', 'configurable'];
  return Object.is(a.value, b.value) && flags.every((flag) => a[flag] === b[flag]);
}

/** Sets a value property that reads as before in shape, whatever kind of property it was. */
export function define(owner: object, key: PropertyKey, value: unknown): void {
  const slot = Object.getOwnPropertyDescriptor(owner, key);
  const shape = { enumerable: slot?.enumerable ?? true, configurable: true };
  const set = (): boolean =>
    Reflect.defineProperty(owner, key, { ...shape, value, writable: true });
  set();
  if (Object.is(Reflect.get(owner, key), value)) return;
  // A native getter that looks like a value (`process.ppid` in Node 22) stays until it is none.
  Reflect.defineProperty(owner, key, { ...shape, get: () => value });
  set();
}

function findSlot(owner: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (
    let at: object | null = owner;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const slot = Object.getOwnPropertyDescriptor(at, key);
    if (slot !== undefined) return slot;
  }
  return undefined;
}
