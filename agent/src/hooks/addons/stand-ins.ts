/** A follower's add-on: functions, classes and objects of the leader's shape, without native code. */
import { hide } from '../stdio/stream-writes.ts';
import type { MakeNative } from './acting.ts';
import type { ClassShape, Shape } from './shapes.ts';
import type { OnCall } from './walk.ts';

/** Makes what stands for an add-on. */
export class StandIns {
  private readonly onCall: OnCall;
  private readonly classes: Map<string, object> = new Map();

  constructor(makeOnCall: (make: MakeNative) => OnCall) {
    this.onCall = makeOnCall((carried, args) => {
      const made = Object.create(this.classOf(carried.shape)) as object;
      for (const [key, at, value] of carried.own) {
        Object.defineProperty(made, key, {
          value: at < 0 ? value : args[at],
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return made;
    });
  }

  /** The value that the program gets. */
  make(shape: Shape, name: string): unknown {
    switch (shape.kind) {
      case 'value':
        return shape.value;
      case 'object':
        return this.fill({}, shape.fields, name);
      case 'function':
        return this.makeFunction(shape, name);
    }
  }

  private fill(target: object, fields: Readonly<Record<string, Shape>>, name: string): object {
    for (const [key, field] of Object.entries(fields)) {
      Reflect.set(target, key, this.make(field, `${name}.${key}`));
    }
    return target;
  }

  private makeFunction(shape: Extract<Shape, { kind: 'function' }>, name: string): unknown {
    const { onCall } = this;
    const run = (): undefined => undefined;
    const made = function (this: unknown, ...args: unknown[]): unknown {
      return onCall({ name, receiver: this, args, isNew: new.target !== undefined, run });
    };
    Object.defineProperty(made, 'name', { value: shape.name, configurable: true });
    Object.defineProperty(made, 'length', { value: shape.length, configurable: true });
    if (shape.made !== null) {
      const prototype = this.classOf(shape.made);
      made.prototype = prototype;
      hide(prototype, 'constructor', made);
    }
    return this.fill(made, shape.fields, name);
  }

  private classOf({ className, methods, accessors, iterates }: ClassShape): object {
    const known = this.classes.get(className);
    if (known !== undefined) return known;
    const { onCall } = this;
    const run = (): undefined => undefined;
    const named = { [className]: class {} }[className] as unknown as { prototype: object };
    const { prototype } = named;
    this.classes.set(className, prototype);
    if (iterates) {
      hide(prototype, Symbol.iterator, function (this: unknown) {
        return this;
      });
    }
    for (const key of methods) {
      const name = `${className}#${key}`;
      hide(prototype, key, function (this: unknown, ...args: unknown[]): unknown {
        return onCall({ name, receiver: this, args, isNew: false, run });
      });
    }
    for (const key of accessors) {
      const name = `get ${className}#${key}`;
      Object.defineProperty(prototype, key, {
        configurable: true,
        get(this: unknown): unknown {
          return onCall({ name, receiver: this, args: [], isNew: false, run });
        },
      });
    }
    return prototype;
  }
}
