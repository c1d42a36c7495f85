/**
 * The collector's HTTP side in one place: API, live feed, metrics, probes and dashboard on one Node
 * server that the caller binds. Everything that comes in is validated here; everything that goes
 * wrong leaves as an `ApiProblem`.
 */
import type { Server } from 'node:http';
import fastifySwagger from '@fastify/swagger';
import type { CollectorStatus, IncidentDetail } from '@lockstep/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../clock.ts';
import { attachLive } from '../live/attach.ts';
import { LiveHub } from '../live/hub.ts';
import type { RunModel, Store } from '../ports.ts';
import { StoreAway } from '../store/errors.ts';
import type { WriteBuffer } from '../store/write-buffer.ts';
import type { HttpContext } from './context.ts';
import { addDashboard } from './dashboard-files.ts';
import { changesState, checkHost, checkOrigin, type HostRules } from './guards.ts';
import { MAX_BODY_BYTES, MAX_PARAMETER_CHARS, REQUEST_TIMEOUT_MS } from './limits.ts';
import { Metrics } from './metrics.ts';
import { answerProblem, type Report } from './problems.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIncidentRoutes } from './routes/incidents.ts';
import { addServiceRoutes } from './routes/services.ts';
import { exportSchemas } from './schemas/export-schemas.ts';
import { incidentSchemas } from './schemas/incident-schemas.ts';
import { runSchemas } from './schemas/run-schemas.ts';
import { securityHeaders } from './security-headers.ts';

/** What the HTTP side works on. */
export interface HttpOptions {
  readonly model: RunModel;
  readonly store: Store;
  readonly buffer: WriteBuffer;
  readonly collectorStatus: () => CollectorStatus;
  /** Folder of the built dashboard; null serves a page that says how to build it. */
  readonly dashboardDir: string | null;
  /** Address that the caller will bind; default 127.0.0.1. It decides which Host headers are taken. */
  readonly host?: string;
  /** Further DNS names by which the collector may be called. */
  readonly allowedHosts?: readonly string[];
  /** False leaves the live feed out. */
  readonly live?: boolean;
  readonly clock?: Clock;
  /** Told of every incident that an analyst changed. */
  readonly onPatched?: (incident: IncidentDetail) => void;
  /** Told, in one line, what failed unexpectedly. */
  readonly report?: Report;
}

/** The HTTP side, ready to be bound by `server.listen`. */
export interface HttpSide {
  readonly server: Server;
  /** The answer of `/readyz`. */
  readonly ready: Readiness;
  /** Ends all connections; resolves when they are gone. */
  close(): Promise<void>;
}

/**
 * Makes the HTTP side. It does not listen.
 *
 * @example
 * const http = await createHttp({ model, store, buffer, collectorStatus, dashboardDir });
 * http.server.listen(4600, '127.0.0.1');
 */
export async function createHttp(options: HttpOptions): Promise<HttpSide> {
  const { model, store, buffer, collectorStatus, clock = systemClock } = options;
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARS },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: false } },
    forceCloseConnections: true,
  });
  const hub = new LiveHub({ model, store, buffer, collectorStatus, clock });
  const rules = { host: options.host ?? '127.0.0.1', allowedHosts: options.allowedHosts ?? [] };
  const context: HttpContext = {
    model,
    store,
    buffer,
    collectorStatus,
    clock,
    onPatched: (incident) => {
      options.onPatched?.(incident);
      hub.patched(incident);
    },
  };
  const metrics = new Metrics(context, () => hub.clients);
  const readiness = createReadiness(app.server, store, clock);
  addEdges(app, { rules, metrics, buffer, report: options.report ?? (() => undefined) });
  await addDocument(app);
  addServiceRoutes(app, context);
  addAlertRoutes(app, context);
  addIncidentRoutes(app, context);
  addHealthRoutes(app, { context, metrics, readiness });
  await addDashboard(app, options.dashboardDir);
  await app.ready();
  if (options.live !== false) {
    await hub.start();
    attachLive(app.server, hub, rules);
  }
  return { server: app.server, ready: readiness, close: () => closeAll(app, hub) };
}

interface Edges {
  readonly rules: HostRules;
  readonly metrics: Metrics;
  readonly buffer: WriteBuffer;
  readonly report: Report;
}

/** What holds for every request, whatever its route. */
function addEdges(app: FastifyInstance, { rules, metrics, buffer, report }: Edges): void {
  app.removeContentTypeParser('text/plain');
  // answers are built from typed objects; the schemas describe them, and tests hold them to it
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders);
    if (request.url.startsWith('/api')) void reply.header('cache-control', 'no-store');
    checkHost(rules, request.headers);
    if (changesState(request.method)) checkOrigin(request.headers);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { method: request.method, route, status: reply.statusCode };
    metrics.observe(labels, reply.elapsedTime / 1000);
  });
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof StoreAway) buffer.noteAway(error);
    return answerProblem(error, request, reply, report);
  });
}

async function addDocument(app: FastifyInstance): Promise<void> {
  const schemas = { ...runSchemas, ...incidentSchemas, ...exportSchemas };
  for (const [name, schema] of Object.entries(schemas)) app.addSchema({ $id: name, ...schema });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lockstep collector',
        description: 'Services, runs, alerts and incidents. Changes also arrive live at /api/live.',
        version: '1',
      },
    },
    refResolver: {
      buildLocalReference: (json, _, __, index) => String(json['$id'] ?? `schema-${index}`),
    },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

async function closeAll(app: FastifyInstance, hub: LiveHub): Promise<void> {
  hub.close();
  const { server } = app;
  if (server.listening) {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }
  await app.close();
}
