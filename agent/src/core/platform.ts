/**
 * How Node's own classes travel in the log: file states, directory entries, file handles. Their
 * prototypes are taken from live objects, for Node does not export all of them.
 */
import fs from 'node:fs';
import { MalformedBytes, type ValuePlatform } from '@lockstep/protocol';

const statsPrototype = Object.getPrototypeOf(fs.statSync('/')) as object;
const bigStatsPrototype = Object.getPrototypeOf(fs.statSync('/', { bigint: true })) as object;

/** `Dirent` keeps its type under a symbol that only an instance shows. */
const direntTypeSymbol: symbol | undefined = Object.getOwnPropertySymbols(new fs.Dirent())[0];

const timeFields = ['atime', 'mtime', 'ctime', 'birthtime'] as const;

/** Makes the `FileHandle` that stands for the leader's; set by the hook that owns the class. */
export interface HandleFactory {
  readonly isHandle: (value: object) => boolean;
  readonly make: (fd: number) => unknown;
}

/** How messages between threads travel; set by the hook that owns ports. */
export interface MessageCarrier {
  /** Null for what is no message. */
  dismantle(value: object): unknown;
  assemble(fields: unknown): unknown;
}

/** Carries Node's classes; one object a thread. */
export class NodePlatform implements ValuePlatform {
  handles: HandleFactory = { isHandle: () => false, make: (fd) => fd };
  messages: MessageCarrier = { dismantle: () => null, assemble: (fields) => fields };

  /** Not from the pool: programs look at `.buffer`, and what native code gives them fills its own. */
  buffer(bytes: Uint8Array): Uint8Array {
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    copy.set(bytes);
    return copy;
  }

  dismantle(value: object): { name: string; fields: unknown } | null {
    const proto = Object.getPrototypeOf(value) as object | null;
    if (proto === statsPrototype) return { name: 'Stats', fields: statsFields(value) };
    if (value instanceof Error) return { name: 'Error', fields: errorFields(value) };
    if (proto === bigStatsPrototype) return { name: 'BigIntStats', fields: statsFields(value) };
    if (value instanceof fs.Dirent) return { name: 'Dirent', fields: direntFields(value) };
    if (this.handles.isHandle(value)) {
      return { name: 'FileHandle', fields: (value as { fd: number }).fd };
    }
    const message = this.messages.dismantle(value);
    if (message !== null) return { name: 'Message', fields: message };
    return null;
  }

  assemble(name: string, fields: unknown): unknown {
    switch (name) {
      case 'Stats':
        return makeStats(statsPrototype, fields as Record<string, unknown>);
      case 'BigIntStats':
        return makeStats(bigStatsPrototype, fields as Record<string, unknown>);
      case 'Dirent':
        return makeDirent(fields as Record<string, unknown>);
      case 'Error':
        return makeError(fields as ErrorFields);
      case 'FileHandle':
        return this.handles.make(fields as number);
      case 'Message':
        return this.messages.assemble(fields);
      default:
        throw new MalformedBytes(`unknown class ${name}`, 0);
    }
  }
}

function statsFields(value: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    fields[key] = item instanceof Date ? item.getTime() : item;
  }
  for (const key of timeFields) fields[key] = (value as Record<string, Date>)[key]?.getTime();
  return fields;
}

function makeStats(prototype: object, fields: Record<string, unknown>): object {
  const stats = Object.create(prototype) as Record<string, unknown>;
  for (const [key, item] of Object.entries(fields)) {
    if (!isTimeField(key)) stats[key] = item;
  }
  for (const key of timeFields) {
    Object.defineProperty(stats, key, {
      value: new Date(fields[key] as number),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return stats;
}

/** An error with its printed stack: the program may print it, and it must read the same everywhere. */
interface ErrorFields {
  readonly className: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly own: Readonly<Record<string, unknown>>;
  /** Properties that hold the error itself, as those of failed synchronous commands do. */
  readonly self: readonly string[];
}

const errorClasses: Readonly<Record<string, ErrorConstructor>> = {
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
};

function errorFields(error: Error): ErrorFields {
  const isDom = error instanceof DOMException;
  const known = Object.values(errorClasses).find((made) => error instanceof made);
  const carried = Object.entries(error).filter(([, item]) => typeof item !== 'function');
  const self = carried.filter(([, item]) => item === error).map(([key]) => key);
  const own = Object.fromEntries(
    carried.map(([key, item]) => [key, item === error ? undefined : (item as unknown)]),
  );
  const { name, message, stack } = error;
  const className = isDom ? 'DOMException' : (known?.name ?? 'Error');
  return { className, name, message, stack, own, self };
}

function makeError({ className, name, message, stack, own, self }: ErrorFields): Error {
  const error =
    className === 'DOMException'
      ? new DOMException(message, name)
      : new (errorClasses[className] ?? Error)(message);
  const hidden = { writable: true, configurable: true, enumerable: false };
  if (error.name !== name) Object.defineProperty(error, 'name', { ...hidden, value: name });
  Object.defineProperty(error, 'stack', { ...hidden, value: stack });
  Object.assign(error, own);
  for (const key of self) Reflect.set(error, key, error);
  return error;
}

function isTimeField(key: string): boolean {
  return (timeFields as readonly string[]).includes(key);
}

function direntFields(value: fs.Dirent): Record<string, unknown> {
  const type = direntTypeSymbol === undefined ? 0 : Reflect.get(value, direntTypeSymbol);
  return { own: { ...value }, type };
}

function makeDirent(fields: Record<string, unknown>): object {
  const dirent = Object.create(fs.Dirent.prototype) as object;
  Object.assign(dirent, fields['own']);
  if (direntTypeSymbol !== undefined) Reflect.set(dirent, direntTypeSymbol, fields['type']);
  return dirent;
}
