/** A platform as the agent will be one: Node's buffers, and classes that only Node can build again. */
import { Dirent, Stats, statSync } from 'node:fs';
import { MalformedBytes, type ValuePlatform } from '../../src/index.ts';

/** Stands for a file handle: known by a number, its methods are the program's side. */
export class Handle {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  close(): number {
    return this.fd;
  }
}

const classes: ReadonlyMap<string, object> = new Map<string, object>([
  ['Stats', Stats.prototype],
  // Node exports no `BigIntStats`; an instance leads to it.
  ['BigIntStats', Object.getPrototypeOf(statSync('/', { bigint: true })) as object],
  ['Dirent', Dirent.prototype],
  ['Handle', Handle.prototype],
]);

/** Node keeps an entry's type under a symbol, which fields do not carry. */
function direntFields(entry: Record<PropertyKey, unknown>): Record<string, unknown> {
  const [type] = Object.getOwnPropertySymbols(entry).map((key) => entry[key]);
  return { ...entry, type };
}

export const testPlatform: ValuePlatform = {
  dismantle(value) {
    const proto: unknown = Object.getPrototypeOf(value);
    for (const [name, known] of classes) {
      if (proto !== known) continue;
      const own = value as Record<PropertyKey, unknown>;
      return { name, fields: name === 'Dirent' ? direntFields(own) : { ...own } };
    }
    return null;
  },
  assemble(name, fields) {
    const proto = classes.get(name);
    if (proto === undefined) throw new MalformedBytes(`unknown class ${name}`, 0);
    const { type, ...rest } = fields as Record<string, unknown>;
    if (name !== 'Dirent') return Object.assign(Object.create(proto), fields);
    const made = Reflect.construct(Dirent, ['', type, '']) as object;
    return Object.assign(made, rest);
  },
  buffer: (bytes) => Buffer.from(bytes),
};
