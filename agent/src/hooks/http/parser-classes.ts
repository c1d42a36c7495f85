/**
 * Finds the classes behind `http.Server`: the native parser and the list of connections. Both are taken
 * from a server that is given a stream in place of a connection, for asking Node for them by name prints
 * deprecation warnings in some versions.
 */
import type http from 'node:http';
import { Duplex } from 'node:stream';
import type { AnyFunction } from '../../core/patch.ts';

/** A parser as far as it is used here; its callbacks stand under small numbers. */
export interface NativeParser {
  [slot: number]: AnyFunction | null | undefined;
  readonly initialize: AnyFunction;
}

/** Where a parser keeps what the native side calls. */
export const ParserSlot = {
  headers: 1,
  headersComplete: 2,
  body: 3,
  messageComplete: 4,
  execute: 5,
} as const;
export type ParserSlot = (typeof ParserSlot)[keyof typeof ParserSlot];

/** The prototypes that carry the hooked methods. */
export interface ParserClasses {
  readonly parser: object;
  readonly connections: object | null;
}

const neededMethods = ['initialize', 'consume', 'finish', 'execute', 'remove', 'free'];
const neededSlots = [
  ParserSlot.headers,
  ParserSlot.headersComplete,
  ParserSlot.body,
  ParserSlot.messageComplete,
  ParserSlot.execute,
];

/** The classes, or why they cannot be hooked. Call it covered: it starts and ends a timer. */
export function findParserClasses({ createServer }: typeof http): ParserClasses | string {
  const server = createServer();
  const stream = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  try {
    server.emit('listening');
    server.emit('connection', stream);
    const { parser } = stream as unknown as { parser?: NativeParser };
    if (parser === undefined) return 'a server gave its connection no parser';
    const lost = neededSlots.find((slot) => typeof parser[slot] !== 'function');
    if (lost !== undefined) return `the parser has no callback ${lost}`;
    const proto = Object.getPrototypeOf(parser) as object;
    const missing = neededMethods.find((key) => typeof Reflect.get(proto, key) !== 'function');
    if (missing !== undefined) return `the parser has no ${missing}`;
    return { parser: proto, connections: connectionsOf(server) };
  } finally {
    stream.emit('close');
    server.close();
  }
}

function connectionsOf(server: http.Server): object | null {
  for (const symbol of Object.getOwnPropertySymbols(server)) {
    const value: unknown = Reflect.get(server, symbol);
    if (typeof value !== 'object' || value === null) continue;
    if (typeof Reflect.get(value, 'expired') === 'function') {
      return Object.getPrototypeOf(value) as object;
    }
  }
  return null;
}
