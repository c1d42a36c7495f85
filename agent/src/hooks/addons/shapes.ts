/**
 * What a follower is told of an add-on that it does not load: the shape of what it exports, and of its
 * classes. Plain data, in the leader's log.
 */
import { classNameOf, nameOfKey, slotsOf } from './walk.ts';

/** Methods and accessors of a class. */
export interface ClassShape {
  readonly className: string;
  readonly methods: readonly string[];
  readonly accessors: readonly string[];
  /** Those among them that show when an instance is enumerated. */
  readonly shown: readonly string[];
  /** Its instances are iterators of themselves. */
  readonly iterates: boolean;
  /** They have what every iterator of the language has. */
  readonly isIterator: boolean;
}

/** Fields of an exported object or function; `hidden`: those that do not show when it is enumerated. */
export interface FieldShapes {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly hidden: readonly string[];
}

/** One exported value. */
export type Shape =
  | { readonly kind: 'value'; readonly value: unknown }
  | (FieldShapes & { readonly kind: 'object' })
  | (FieldShapes & {
      readonly kind: 'function';
      readonly name: string;
      readonly length: number;
      readonly made: ClassShape | null;
    });

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
      ...fieldsOf(value, depth),
    };
  }
  if (isPlainObject(value)) return { kind: 'object', ...fieldsOf(value, depth) };
  return { kind: 'value', value };
}

/** What every function has, and says otherwise. */
const ofFunctions: ReadonlySet<string> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
]);

function fieldsOf(value: object, depth: number): FieldShapes {
  const fields: Record<string, Shape> = {};
  const hidden: string[] = [];
  if (depth >= MAX_DEPTH) return { fields, hidden };
  for (const [key, slot] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (typeof value === 'function' && ofFunctions.has(key)) continue;
    fields[key] = shapeOf(slot.get === undefined ? slot.value : Reflect.get(value, key), depth + 1);
    if (slot.enumerable !== true) hidden.push(key);
  }
  return { fields, hidden };
}

/** Above every iterator of the language. */
export const iteratorPrototype: object = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
) as object;

export function classShape(prototype: object): ClassShape {
  const own = slotsOf(prototype).flatMap(([key, slot]): [string, PropertyDescriptor][] => {
    const name = nameOfKey(key);
    return name === null ? [] : [[name, slot]];
  });
  return {
    className: classNameOf(prototype),
    methods: own.filter(([, slot]) => typeof slot.value === 'function').map(([key]) => key),
    accessors: own.filter(([, slot]) => slot.get !== undefined).map(([key]) => key),
    shown: own.filter(([, slot]) => slot.enumerable === true).map(([key]) => key),
    iterates: Object.hasOwn(prototype, Symbol.iterator),
    isIterator: Object.getPrototypeOf(prototype) === iteratorPrototype,
  };
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype;
}
