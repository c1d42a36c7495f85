/**
 * HOT. What the service answers, as the program set it: status and headers when the head is made, each
 * piece of the body as it is written. Never the socket's bytes, for Node adds a `Date` of its own to them.
 */
import type http from 'node:http';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';

const REQUEST = apiId('http.server.request');
const RESPONSE = apiId('http.server.response');
const WRITE = apiId('http.server.write');
const END = apiId('http.server.end');

/** Events that hand an inbound request to the program. */
const requestEvents: ReadonlySet<unknown> = new Set([
  'request',
  'checkContinue',
  'checkExpectation',
  'upgrade',
  'connect',
]);

/** A response as far as it is read here; `_header` is the head as text. */
interface ResponseLike {
  readonly req: http.IncomingMessage;
  readonly statusCode: number;
  readonly _header?: string | null;
  readonly sendDate: boolean;
  hasHeader(name: string): boolean;
  getHeaders(): http.OutgoingHttpHeaders;
}

/** Replaces `emit` of `http.Server` and the writing methods of `http.ServerResponse`. */
export function hookResponses({ door, report }: HookContext, module: typeof http): void {
  const response = module.ServerResponse.prototype;
  patch(
    report,
    module.Server.prototype,
    'emit',
    'http.Server.emit',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (requestEvents.has(args[0]) && door.covered === 0) recordRequest(door, args[1]);
        return Reflect.apply(original, this, args);
      },
  );
  for (const key of ['writeHead', 'writeHeader']) {
    patch(
      report,
      response,
      key,
      `http.ServerResponse.${key}`,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const result = Reflect.apply(original, this, args) as unknown;
          if (door.covered === 0) recordHead(door, this as ResponseLike, args);
          return result;
        },
    );
  }
  for (const [key, api] of [
    ['write', WRITE],
    ['end', END],
  ] as const) {
    patch(
      report,
      response,
      key,
      `http.ServerResponse.${key}`,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered === 0) {
            door.record(api, nameOf(this as ResponseLike), bodyOf(args), RecordKind.response);
          }
          return Reflect.apply(original, this, args);
        },
    );
  }
}

/** The name made last: a request and the parts of its answer have the same. */
class RequestName {
  private method = '';
  private url = '';
  private name = ' ';

  of(method: string, url: string): string {
    if (method !== this.method || url !== this.url) {
      this.method = method;
      this.url = url;
      this.name = `${method} ${url}`;
    }
    return this.name;
  }
}

const names = new RequestName();

function recordRequest(door: Door, request: unknown): void {
  const { method, url } = request as http.IncomingMessage;
  door.record(REQUEST, names.of(String(method), String(url)), [method, url], RecordKind.note);
}

function nameOf({ req }: ResponseLike): string {
  return names.of(String(req?.method ?? ''), String(req?.url ?? ''));
}

function bodyOf(args: readonly unknown[]): unknown[] {
  const [chunk, encoding] = args;
  if (chunk === undefined || chunk === null || typeof chunk === 'function') return [];
  if (typeof chunk !== 'string') return [chunk];
  return [chunk, typeof encoding === 'string' ? encoding : 'utf8'];
}

function recordHead(door: Door, response: ResponseLike, args: readonly unknown[]): void {
  const { _header: head } = response;
  const said = typeof head === 'string' ? withoutDate(head, response, args) : response.getHeaders();
  door.record(RESPONSE, nameOf(response), [response.statusCode, said], RecordKind.response);
}

/** Node's own `Date` line stands after all that the program set; a line of the program's stays. */
function withoutDate(head: string, response: ResponseLike, args: readonly unknown[]): string {
  if (!response.sendDate || setsDate(response, args)) return head;
  const from = head.lastIndexOf('\r\nDate: ');
  if (from < 0) return head;
  return head.slice(0, from) + head.slice(head.indexOf('\r\n', from + 2));
}

function setsDate(response: ResponseLike, args: readonly unknown[]): boolean {
  if (response.hasHeader('date')) return true;
  for (let i = args.length - 1; i >= 0; i--) {
    const given = args[i];
    if (typeof given !== 'object' || given === null) continue;
    return hasDate(Array.isArray(given) ? given.flat() : Object.keys(given));
  }
  return false;
}

function hasDate(headers: readonly unknown[]): boolean {
  for (let i = 0; i < headers.length; i++) {
    const name = headers[i];
    if (typeof name === 'string' && name.length === 4 && name.toLowerCase() === 'date') return true;
  }
  return false;
}
