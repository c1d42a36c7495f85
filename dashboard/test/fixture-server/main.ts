/**
 * A collector made of cardboard, for looking at the dashboard without one: built pages, HTTP API and
 * live feed over fixed data. `POST /fixture/strike | store-away | store-back | mute | unmute | skip |
 * drop | burst` makes things happen. Usage: `npm run fixtures`, with PORT and STRIKE_AFTER_S.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import process from 'node:process';
import type { IncidentPatch } from '@lockstep/protocol';
import { answerGet } from './api.ts';
import { LiveFixture } from './live.ts';
import { viewOf, World } from './world.ts';

const environment: { readonly PORT?: string; readonly STRIKE_AFTER_S?: string } = process.env;
const port = Number(environment.PORT ?? 4_601);
const strikeAfterSeconds = Number(environment.STRIKE_AFTER_S ?? 15);
const EVIDENCE_DELAY_MS = 1_500;
const DIST = join(process.cwd(), 'dist');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const world = new World();
const http = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});
const live = new LiveFixture(http, world);
let strikes = 0;

function strike(): void {
  strikes += 1;
  const { incident, alerts } = world.strike(strikes);
  live.patch({ incidents: [incident], alerts });
  setTimeout(() => {
    const view = world.bringEvidence(incident.id);
    if (view !== null) live.patch({ incidents: [view] });
  }, EVIDENCE_DELAY_MS);
}

function setStore(state: 'ready' | 'away'): void {
  const away = state === 'away';
  const store = {
    ...world.collector.store,
    state,
    pendingWrites: away ? 128 : 0,
    since: new Date().toISOString(),
    detail: away ? 'connect ECONNREFUSED 127.0.0.1:27017' : null,
  };
  world.collector = { ...world.collector, store };
  live.patch({ collector: world.collector });
}

const actions: Readonly<Record<string, () => void>> = {
  strike,
  'store-away': () => setStore('away'),
  'store-back': () => setStore('ready'),
  mute: () => live.mute(true),
  unmute: () => live.mute(false),
  skip: () => live.skip(),
  drop: () => live.drop(),
  burst: () => {
    for (let count = 0; count < 500; count += 1) strike();
  },
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture');
  if (url.pathname.startsWith('/fixture/')) {
    actions[url.pathname.slice('/fixture/'.length)]?.();
    response.writeHead(204).end();
    return;
  }
  if (!url.pathname.startsWith('/api/')) return sendFile(url.pathname, response);
  const { status, body } =
    request.method === 'PATCH' ? await answerPatch(request, url) : answerGet(world, url);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerPatch(
  request: IncomingMessage,
  url: URL,
): Promise<{ status: number; body: unknown }> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const id = url.pathname.split('/')[3] ?? '';
  const actor = String(request.headers['x-lockstep-actor'] ?? '');
  const detail = world.patch(id, JSON.parse(text) as IncidentPatch, actor);
  if (detail === null)
    return { status: 404, body: { code: 'NOT_FOUND', message: 'No such incident.' } };
  live.patch({ incidents: [viewOf(detail)] });
  return { status: 200, body: detail };
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const known = TYPES[extname(path)] !== undefined;
  const file = known ? normalize(join(DIST, path)) : join(DIST, 'index.html');
  const content = file.startsWith(DIST) ? await readFile(file).catch(() => null) : null;
  const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' };
  response.writeHead(content === null ? 404 : 200, headers).end(content ?? 'not found');
}

let second = 0;
setInterval(() => {
  second += 1;
  live.patch({ runs: world.tick(second), collector: world.collector });
  if (second === strikeAfterSeconds) strike();
}, 1_000);
setInterval(() => live.heartbeat(), 2_000);

http.listen(port, '127.0.0.1', () => {
  process.stdout.write(`fixture: http://127.0.0.1:${port}\n`);
});
