/** A follower's add-on: functions, classes and objects of the leader's shape, without native code. */
import { hide } from '../stdio/stream-writes.ts';
import type { CarriedNative } from './carried.ts';
import { type ClassShape, type FieldShapes, iteratorPrototype, type Shape } from './shapes.ts';
import { keyOfName, type OnCall } from './walk.ts';

/** Makes the object that stands for one of a native class; a follower has it. */
export type MakeNative = (carried: CarriedNative, args: readonly unknown[]) => object;

const unchanged = <T>(value: T): T => value;

/** Makes what stands for an add-on. */
export class StandIns {
  private readonly onCall: OnCall;
  private readonly classes: Map<string, object> = new Map();

  constructor(makeOnCall: (make: MakeNative) => OnCall) {
    this.onCall = makeOnCall((carried, args) => {
      const made = Object.create(this.classOf(carried.shape)) as object;
      for (const [key, at, value] of carried.own) {
        Object.defineProperty(made, keyOfName(key), {
          value: at < 0 ? value : args[at],
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      for (const key of carried.accessors) {
        const name = `get ${carried.shape.className}#${key}`;
        this.defineRead(made, key, name, true);
      }
      // The leader's is shown through a proxy, which canonical bytes and printing tell apart.
      return carried.accessors.length === 0 ? made : new Proxy(made, {});
    });
  }

  /** The value that the program gets. */
  make(shape: Shape, name: string): unknown {
    switch (shape.kind) {
      case 'value':
        return shape.value;
      case 'object':
        return this.fill({}, shape, name);
      case 'function':
        return this.makeFunction(shape, name);
    }
  }

  private fill(target: object, { fields, hidden }: FieldShapes, name: string): object {
    for (const [key, field] of Object.entries(fields)) {
      const value = this.make(field, `${name}.${key}`);
      if (hidden.includes(key)) hide(target, key, value);
      else Reflect.set(target, key, value);
    }
    return target;
  }

  private defineRead(target: object, key: string, name: string, enumerable: boolean): void {
    const { onCall } = this;
    Object.defineProperty(target, key, {
      configurable: true,
      enumerable,
      get(this: unknown): unknown {
        const run = (): undefined => undefined;
        return onCall({ name, receiver: this, args: [], isNew: false, run, adopt: unchanged });
      },
    });
  }

  private makeFunction(shape: Extract<Shape, { kind: 'function' }>, name: string): unknown {
    const { onCall } = this;
    const run = (): undefined => undefined;
    const made = function (this: unknown, ...args: unknown[]): unknown {
      const isNew = new.target !== undefined;
      const result = onCall({ name, receiver: this, args, isNew, run, adopt: unchanged });
      // A class of the program's that extends this one: its objects are of that class.
      if (new.target !== undefined && new.target !== made && typeof result === 'object') {
        Object.setPrototypeOf(result, new.target.prototype as object);
      }
      return result;
    };
    Object.defineProperty(made, 'name', { value: shape.name, configurable: true });
    Object.defineProperty(made, 'length', { value: shape.length, configurable: true });
    if (shape.made !== null) {
      const prototype = this.classOf(shape.made);
      made.prototype = prototype;
      hide(prototype, 'constructor', made);
    }
    return this.fill(made, shape, name);
  }

  private classOf(shape: ClassShape): object {
    const { className, methods, accessors, shown } = shape;
    const known = this.classes.get(className);
    if (known !== undefined) return known;
    const { onCall } = this;
    const run = (): undefined => undefined;
    const named = { [className]: class {} }[className] as unknown as { prototype: object };
    const { prototype } = named;
    this.classes.set(className, prototype);
    if (shape.isIterator) Object.setPrototypeOf(prototype, iteratorPrototype);
    if (shape.iterates) {
      hide(prototype, Symbol.iterator, function (this: unknown) {
        return this;
      });
    }
    for (const key of methods) {
      const name = `${className}#${key}`;
      hide(prototype, keyOfName(key), function (this: unknown, ...args: unknown[]): unknown {
        return onCall({ name, receiver: this, args, isNew: false, run, adopt: unchanged });
      });
      if (shown.includes(key))
        Object.defineProperty(prototype, keyOfName(key), { enumerable: true });
    }
    for (const key of accessors) {
      const name = `get ${className}#${key}`;
      this.defineRead(prototype, key, name, shown.includes(key));
    }
    return prototype;
  }
}
