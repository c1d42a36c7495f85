/**
 * What a follower is told of an add-on that it does not load: the shape of what it exports, and of the
 * objects that its calls give. Plain data, in the leader's log.
 */
import { classNameOf, isNativeClass } from './walk.ts';

/** Methods and accessors of a class. */
export interface ClassShape {
  readonly className: string;
  readonly methods: readonly string[];
  readonly accessors: readonly string[];
  /** Its instances are iterators of themselves. */
  readonly iterates: boolean;
}

/** One exported value. */
export type Shape =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly length: number;
      readonly made: ClassShape | null;
      readonly fields: Readonly<Record<string, Shape>>;
    };

/** How a call's result travels. */
export type Carried =
  /** The receiver, or an argument, by its position. */
  | { readonly kind: 'receiver' }
  | { readonly kind: 'argument'; readonly at: number }
  /** An object of a native class, with the plain values that it holds. */
  | { readonly kind: 'native'; readonly shape: ClassShape; readonly own: OwnFields }
  | { readonly kind: 'value'; readonly value: unknown };

export type OwnFields = readonly (readonly [key: string, at: number, value: unknown])[];

/** How deep exported objects are looked into. */
const MAX_DEPTH = 4;

export function shapeOf(value: unknown, depth = 0): Shape {
  if (typeof value === 'function') {
    const { prototype, name, length } = value as {
      prototype?: object;
      name: string;
      length: number;
    };
    const made = prototype === undefined ? null : classShape(prototype);
    const isClass = made !== null && made.methods.length + made.accessors.length > 0;
    return {
      kind: 'function',
      name,
      length,
      made: isClass ? made : null,
      fields: fieldsOf(value, depth),
    };
  }
  if (isPlainObject(value)) return { kind: 'object', fields: fieldsOf(value, depth) };
  return { kind: 'value', value };
}

function fieldsOf(value: object, depth: number): Record<string, Shape> {
  if (depth >= MAX_DEPTH) return {};
  const fields: Record<string, Shape> = {};
  for (const [key, field] of Object.entries(value)) fields[key] = shapeOf(field, depth + 1);
  return fields;
}

export function classShape(prototype: object): ClassShape {
  const slots = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const own = slots.filter(([key]) => key !== 'constructor');
  return {
    className: classNameOf(prototype),
    methods: own.filter(([, slot]) => typeof slot.value === 'function').map(([key]) => key),
    accessors: own.filter(([, slot]) => slot.get !== undefined).map(([key]) => key),
    iterates: Object.hasOwn(prototype, Symbol.iterator),
  };
}

/** A result, with regard to whose call it was. */
export function carry(result: unknown, receiver: unknown, args: readonly unknown[]): Carried {
  if (typeof result !== 'object' || result === null) return { kind: 'value', value: result };
  if (result === receiver) return { kind: 'receiver' };
  const at = args.indexOf(result);
  if (at >= 0) return { kind: 'argument', at };
  const prototype = Object.getPrototypeOf(result) as object | null;
  if (!isNativeClass(prototype)) return { kind: 'value', value: result };
  return { kind: 'native', shape: classShape(prototype), own: ownFields(result, args) };
}

/** Values that native code put on an object: plain ones, and those that it was given. */
function ownFields(result: object, args: readonly unknown[]): OwnFields {
  return Object.getOwnPropertyNames(result).flatMap((key): OwnFields => {
    const value: unknown = Reflect.get(result, key);
    const at = args.indexOf(value);
    if (at >= 0 && typeof value === 'object') return [[key, at, null]];
    return isPlainValue(value) ? [[key, -1, value]] : [];
  });
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype;
}

function isPlainValue(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol'].includes(typeof value);
}
