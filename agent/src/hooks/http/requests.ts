/**
 * Outbound requests, for people to read: what travels is compared as the bytes of the socket's writes,
 * these notes say which request they were.
 */
import type http from 'node:http';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

const HTTP_REQUEST = apiId('http.request');
const FETCH = apiId('fetch');

/** Replaces `request` and `get` of `http` and `https`, and `fetch`. */
export function hookRequests({ door, report }: HookContext, module: typeof http): void {
  for (const key of ['request', 'get']) {
    for (const owner of [module, builtin('https')]) {
      patch(
        report,
        owner,
        key,
        `http.${key}`,
        (original) =>
          function (this: unknown, ...args: unknown[]): unknown {
            if (door.covered === 0) {
              const [method, url] = requestOf(args);
              door.record(HTTP_REQUEST, `${method} ${url}`, [method, url], RecordKind.note);
            }
            return Reflect.apply(original, this, args);
          },
      );
    }
  }
  patch(
    report,
    globalThis,
    'fetch',
    'fetch',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered === 0) {
          const [method, url] = fetchOf(args);
          door.record(FETCH, `${method} ${url}`, [method, url], RecordKind.note);
        }
        return Reflect.apply(original, this, args);
      },
  );
}

type Options = Record<string, unknown>;

function optionsOf(value: unknown): Options {
  return typeof value === 'object' && value !== null ? (value as Options) : {};
}

/** `(url, options)`, `(options)`: the options win over the URL, as they do in Node. */
function requestOf(args: readonly unknown[]): [string, string] {
  const [first] = args;
  const hasUrl = typeof first === 'string' || first instanceof URL;
  const options = optionsOf(hasUrl ? args[1] : first);
  const method = typeof options['method'] === 'string' ? options['method'].toUpperCase() : 'GET';
  return [method, hasUrl ? String(first) : urlOf(options)];
}

function urlOf(options: Options): string {
  const { hostname, host, port, path, socketPath } = options;
  const where = String(socketPath ?? hostname ?? host ?? 'localhost');
  const at =
    port === undefined || port === null || port === '' ? where : `${where}:${String(port)}`;
  return `${at}${String(path ?? '/')}`;
}

function fetchOf(args: readonly unknown[]): [string, string] {
  const [input] = args;
  const request = optionsOf(input);
  const options = optionsOf(args[1]);
  const method = options['method'] ?? request['method'] ?? 'GET';
  const isText = typeof input === 'string' || input instanceof URL;
  return [String(method).toUpperCase(), isText ? String(input) : String(request['url'] ?? '')];
}
