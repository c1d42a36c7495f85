/**
 * Serves the built dashboard. Files whose names change with their content are kept by browsers for
 * ever, the page itself is asked for each time; a path without a file is a view of the page. Whether
 * there is a build is looked at when somebody asks, so building it later needs no restart.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { IMMUTABLE_AGE_SECONDS } from './limits.ts';
import { unknownRoute } from './problems.ts';

const PAGE = 'index.html';

/** Folder of a build in which names carry a hash of their content. */
const HASHED_FILES = '/assets/';

const NO_BUILD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lockstep: no dashboard</title>
<h1>The dashboard is not built</h1>
<p>The collector works and answers under <a href="/api/services">/api</a>, but there is no dashboard to show.
Build it in the folder of Lockstep's sources, then reload this page:</p>
<pre>npm run build</pre>
</html>
`;

/** Serves `folder`; null when there is none to serve. */
export async function addDashboard(app: FastifyInstance, folder: string | null): Promise<void> {
  if (folder !== null) {
    await app.register(fastifyStatic, { root: resolve(folder), serve: false });
  }
  app.get('/*', { schema: { hide: true } }, (request, reply) => answer(request, reply, folder));
  app.setNotFoundHandler((request) => {
    throw unknownRoute(request);
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, folder: string | null): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '/';
  if (path === '/api' || path.startsWith('/api/')) throw unknownRoute(request);
  if (folder === null || !isFile(path)) return sendPage(reply, folder);
  const file = decodeURIComponent(path.slice(1));
  if (path.startsWith(HASHED_FILES)) {
    return reply.sendFile(file, { maxAge: IMMUTABLE_AGE_SECONDS * 1000, immutable: true });
  }
  return reply.header('cache-control', 'no-cache').sendFile(file, { cacheControl: false });
}

function sendPage(reply: FastifyReply, folder: string | null): FastifyReply {
  void reply.header('cache-control', 'no-cache');
  if (folder !== null && existsSync(join(folder, PAGE))) {
    return reply.sendFile(PAGE, { cacheControl: false });
  }
  return reply.type('text/html; charset=utf-8').send(NO_BUILD);
}

/** A build has files in one folder and, with an extension, at its root; all else is a view. */
function isFile(path: string): boolean {
  return path.startsWith(HASHED_FILES) || (/^\/[^/]+\.\w+$/.test(path) && path !== `/${PAGE}`);
}
