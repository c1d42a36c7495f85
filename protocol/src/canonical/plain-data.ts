/**
 * HOT. The data of somebody else's objects, read through descriptors: no accessor, no trap, no method of
 * theirs runs. Costs a descriptor object a property, which is what not running their code costs.
 */
import { brands } from './brands.ts';

/** Methods that show that an object's state belongs to the world: emitters, promises, streams. */
const worldlyMethods = ['on', 'addEventListener', 'then', 'pipe', 'getReader'] as const;

/** A class is looked up once: names are read at every call, and do not change in practice. */
const classNames = new WeakMap<object, string>();

const isAbove = Object.prototype.isPrototypeOf;

/** Value of an own data property; undefined for none and for an accessor. */
export function ownData(owner: object, key: string): unknown {
  const slot = Object.getOwnPropertyDescriptor(owner, key);
  return slot !== undefined && 'value' in slot ? (slot.value as unknown) : undefined;
}

/** Name of the class that a value's prototype belongs to; `Object` when that cannot be told. */
export function className(value: object): string {
  const proto = Object.getPrototypeOf(value) as object | null;
  if (proto === null || brands.isProxy(proto)) return 'Object';
  let name = classNames.get(proto);
  if (name === undefined) {
    name = classNameOf(proto);
    classNames.set(proto, name);
  }
  return name;
}

function classNameOf(proto: object): string {
  const maker = ownData(proto, 'constructor');
  if (typeof maker !== 'function' || brands.isProxy(maker)) return 'Object';
  const name = ownData(maker, 'name');
  return typeof name === 'string' ? name : 'Object';
}

/** Whether looking anything up on the value could reach a trap of a prototype. */
export function hasProxyAbove(value: object): boolean {
  let proto = Object.getPrototypeOf(value) as object | null;
  while (proto !== null) {
    if (brands.isProxy(proto)) return true;
    proto = Object.getPrototypeOf(proto) as object | null;
  }
  return false;
}

/** Whether a prototype is above a value that has no proxy above it. */
export function inherits(value: object, proto: object): boolean {
  return isAbove.call(proto, value);
}

/** Whether a value that has no proxy above it stands for something outside: its class is all we say. */
export function isWorldly(value: object): boolean {
  for (const method of worldlyMethods) {
    if (method in value && typeof inheritedData(value, method) === 'function') return true;
  }
  return typeof ownData(value, 'fd') === 'number';
}

function inheritedData(value: object, key: string): unknown {
  let owner: object | null = value;
  while (owner !== null) {
    const slot = Object.getOwnPropertyDescriptor(owner, key);
    if (slot !== undefined) return 'value' in slot ? slot.value : undefined;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return undefined;
}
