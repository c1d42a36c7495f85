/**
 * HOT. What a value really is, told without touching it. `instanceof`, `toString` tags, getters and
 * iterators all run code that a program may have replaced; the canonical form is written inside that
 * program and must not. So built-in getters are taken once, at load, and brands come from Node's
 * `util.types`. Elsewhere (a browser, where nothing is written, only read) built-in getters tell the
 * same by throwing, and proxies cannot be told at all.
 */

/** The part of `util.types` that is used here. */
export interface Brands {
  isProxy(value: unknown): boolean;
  isMap(value: unknown): boolean;
  isSet(value: unknown): boolean;
  isDate(value: unknown): boolean;
  isRegExp(value: unknown): boolean;
  isNativeError(value: unknown): boolean;
  isArrayBuffer(value: unknown): boolean;
  isSharedArrayBuffer(value: unknown): boolean;
}

type Getter<T> = (this: unknown) => T;

function getterOf<T>(owner: object, key: PropertyKey): Getter<T> {
  const getter = Object.getOwnPropertyDescriptor(owner, key)?.get;
  if (getter === undefined) throw new Error(`brands: no built-in getter ${String(key)}`);
  return getter as Getter<T>;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** Built-in getters and methods, as they were at load. Each throws for a value of another brand. */
export const mapSize: Getter<number> = getterOf(Map.prototype, 'size');
export const mapForEach: typeof Map.prototype.forEach = Map.prototype.forEach;
export const setSize: Getter<number> = getterOf(Set.prototype, 'size');
export const setForEach: typeof Set.prototype.forEach = Set.prototype.forEach;
export const dateTime: (this: Date) => number = Date.prototype.getTime;
export const regexpSource: Getter<string> = getterOf(RegExp.prototype, 'source');
export const urlHref: Getter<string> = getterOf(URL.prototype, 'href');
export const symbolDescription: Getter<string | undefined> = getterOf(
  Symbol.prototype,
  'description',
);

const bufferBytes: Getter<number> = getterOf(ArrayBuffer.prototype, 'byteLength');
const typedName: Getter<string | undefined> = getterOf(typedArray, Symbol.toStringTag);
const typedBuffer: Getter<ArrayBufferLike> = getterOf(typedArray, 'buffer');
const typedOffset: Getter<number> = getterOf(typedArray, 'byteOffset');
const typedBytes: Getter<number> = getterOf(typedArray, 'byteLength');
const viewBuffer: Getter<ArrayBufferLike> = getterOf(DataView.prototype, 'buffer');
const viewOffset: Getter<number> = getterOf(DataView.prototype, 'byteOffset');
const viewBytes: Getter<number> = getterOf(DataView.prototype, 'byteLength');

/** The letter of each flag, in the order in which `flags` prints them. */
const regexpFlagNames = [
  ['d', 'hasIndices'],
  ['g', 'global'],
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['s', 'dotAll'],
  ['u', 'unicode'],
  ['v', 'unicodeSets'],
  ['y', 'sticky'],
] as const;

const regexpFlags = regexpFlagNames.flatMap(([letter, key]) => {
  const isSet = Object.getOwnPropertyDescriptor(RegExp.prototype, key)?.get;
  return isSet === undefined ? [] : [{ letter, isSet: isSet as Getter<boolean> }];
});

/** Flags of a regular expression; the built-in `flags` would look them up on the value. */
export function flagsOf(value: object): string {
  let flags = '';
  for (const { letter, isSet } of regexpFlags) if (isSet.call(value)) flags += letter;
  return flags;
}

/** How many bytes a view shows. Throws for a `DataView` whose buffer is gone. */
export function byteLengthOf(view: ArrayBufferView): number {
  return typedName.call(view) === undefined ? viewBytes.call(view) : typedBytes.call(view);
}

/**
 * The bytes under a view, whatever its class says; the view itself where it shows bytes already, so
 * its `length` must not be asked. Throws when its buffer is gone.
 */
export function bytesUnder(view: ArrayBufferView): Uint8Array {
  const name = typedName.call(view);
  if (name === 'Uint8Array') return view as Uint8Array;
  if (name !== undefined) {
    return new Uint8Array(typedBuffer.call(view), typedOffset.call(view), typedBytes.call(view));
  }
  return new Uint8Array(viewBuffer.call(view), viewOffset.call(view), viewBytes.call(view));
}

const domException = (globalThis as { DOMException?: { prototype: object } }).DOMException
  ?.prototype;

/** Name or message of a `DOMException`, which holds them behind built-in getters; undefined for others. */
export function domText(value: object, key: 'name' | 'message'): string | undefined {
  if (domException === undefined || Object.getPrototypeOf(value) !== domException) return undefined;
  return domTexts[key]?.call(value);
}

const domTexts: Readonly<Record<'name' | 'message', Getter<string> | undefined>> = {
  name: domGetter('name'),
  message: domGetter('message'),
};

function domGetter(key: string): Getter<string> | undefined {
  return domException === undefined ? undefined : getterOf(domException, key);
}

function answers<T>(getter: (this: T) => unknown): (value: unknown) => boolean {
  return (value) => {
    try {
      getter.call(value as T);
      return true;
    } catch {
      // A built-in getter throws for other brands: that is the answer.
      return false;
    }
  };
}

/** What the built-in getters alone can tell. */
export const portableBrands: Brands = {
  isProxy: () => false,
  isMap: answers(mapSize),
  isSet: answers(setSize),
  isDate: answers(dateTime),
  isRegExp: (value) => value !== RegExp.prototype && answers(regexpSource)(value),
  isNativeError: () => false,
  isArrayBuffer: answers(bufferBytes),
  isSharedArrayBuffer: (value) =>
    typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer,
};

/** Node's own, where there is a Node. */
function platformBrands(): Brands | undefined {
  const host = globalThis as {
    process?: { getBuiltinModule?: (id: string) => { types: Brands } | undefined };
  };
  return host.process?.getBuiltinModule?.('node:util')?.types;
}

/** Brands as this platform tells them. */
export const brands: Brands = platformBrands() ?? portableBrands;
