/**
 * How what native code gives travels: a call's result, what a promise comes to, the arguments of a callback.
 * Objects of native classes become stand-ins, wherever in plain objects and arrays they are.
 */

import { type ClassShape, classShape } from './shapes.ts';
import type { MakeNative } from './stand-ins.ts';
import { nameOfKey, nativeClassOf, ownAccessors } from './walk.ts';

/** How one value travels. */
export type Carried =
  /** The receiver, or an argument, by its position. */
  | { readonly kind: 'receiver' }
  | { readonly kind: 'argument'; readonly at: number }
  | CarriedNative
  /** An array and a plain object with such objects somewhere in them. */
  | { readonly kind: 'list'; readonly items: readonly Carried[] }
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [string, Carried])[] }
  | { readonly kind: 'value'; readonly value: unknown };

/** An object of a native class, with the plain values that it holds, and what reading it asks for. */
export interface CarriedNative {
  readonly kind: 'native';
  readonly shape: ClassShape;
  readonly own: OwnFields;
  readonly accessors: readonly string[];
}

export type OwnFields = readonly (readonly [key: string, at: number, value: unknown])[];

/** Whose call it was. */
export interface Belonging {
  readonly receiver: unknown;
  readonly args: readonly unknown[];
}

const nobody: Belonging = { receiver: undefined, args: [] };

/** How deep objects of native classes are looked for. */
const MAX_DEPTH = 8;

/** A result, with regard to whose call it was. */
export function carry(result: unknown, belonging: Belonging = nobody): Carried {
  if (typeof result !== 'object' || result === null) return { kind: 'value', value: result };
  if (result === belonging.receiver) return { kind: 'receiver' };
  const at = belonging.args.indexOf(result);
  if (at >= 0) return { kind: 'argument', at };
  return holdsNative(result, 0) ? carryDeep(result, belonging) : { kind: 'value', value: result };
}

/** The arguments of a callback. */
export function carryAll(args: readonly unknown[]): readonly Carried[] {
  return args.map((arg) => carry(arg));
}

function carryDeep(value: unknown, belonging: Belonging): Carried {
  if (!holdsNative(value, 0)) return { kind: 'value', value };
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item) => carryDeep(item, belonging)) };
  }
  const prototype = nativeClassOf(value);
  if (prototype === null) {
    const fields = Object.entries(value as object);
    return {
      kind: 'fields',
      fields: fields.map(([key, held]) => [key, carryDeep(held, belonging)]),
    };
  }
  const accessors = ownAccessors(value as object);
  const own = ownFields(value as object, belonging.args, accessors);
  return { kind: 'native', shape: classShape(prototype), own, accessors };
}

function holdsNative(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || !value || depth > MAX_DEPTH) return false;
  if (ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some((item) => holdsNative(item, depth + 1));
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && prototype !== Object.prototype) return nativeClassOf(value) !== null;
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((slot) =>
    holdsNative(slot.value, depth + 1),
  );
}

/** What a follower's program gets. */
export function restore(
  carried: Carried,
  make: MakeNative,
  belonging: Belonging = nobody,
): unknown {
  switch (carried.kind) {
    case 'receiver':
      return belonging.receiver;
    case 'argument':
      return belonging.args[carried.at];
    case 'native':
      return make(carried, belonging.args);
    case 'list':
      return carried.items.map((item) => restore(item, make, belonging));
    case 'fields':
      return Object.fromEntries(
        carried.fields.map(([key, held]) => [key, restore(held, make, belonging)]),
      );
    case 'value':
      return carried.value;
  }
}

export function restoreAll(carried: readonly Carried[], make: MakeNative): unknown[] {
  return carried.map((one) => restore(one, make));
}

/** Values that native code put on an object: plain ones, and those that it was given. */
function ownFields(
  result: object,
  args: readonly unknown[],
  accessors: readonly string[],
): OwnFields {
  return Reflect.ownKeys(result).flatMap((key): OwnFields => {
    const name = nameOfKey(key);
    if (name === null || accessors.includes(name)) return [];
    const value: unknown = Reflect.get(result, key);
    const at = args.indexOf(value);
    if (at >= 0 && typeof value === 'object') return [[name, at, null]];
    return isPlainValue(value) ? [[name, -1, value]] : [];
  });
}

function isPlainValue(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol'].includes(typeof value);
}
