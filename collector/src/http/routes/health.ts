/** Probes and metrics: whether the process lives, whether it can work, and its numbers. */
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';
import type { Readiness } from '../readiness.ts';
import type { Health } from '../schemas/export-schemas.ts';
import { ref, text } from '../schemas/json-schema.ts';
import { answers } from '../schemas/request-schemas.ts';

export interface HealthParts {
  readonly context: HttpContext;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

export function addHealthRoutes(app: FastifyInstance, parts: HealthParts): void {
  const { metrics, readiness } = parts;

  app.get(
    '/healthz',
    { schema: { summary: 'Whether the process lives.', response: answers(ref('Health')) } },
    (): Health => ({ ok: true, detail: 'alive' }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether it listens and its store answers; 503 otherwise.',
        response: { 200: ref('Health'), 503: ref('Health') },
      },
    },
    async (_, reply): Promise<Health> => {
      const health = await readiness();
      if (!health.ok) void reply.code(503);
      return health;
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Numbers for Prometheus.',
        produces: ['text/plain'],
        response: { 200: text },
      },
    },
    async (_, reply): Promise<string> => {
      void reply.type(metrics.contentType);
      return metrics.text();
    },
  );
}
