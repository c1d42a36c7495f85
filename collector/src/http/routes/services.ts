/** What runs now, from memory, and what ran, from the store. */
import type { ReplicaView, RunView, ServiceView } from '@lockstep/protocol';
import type { FastifyInstance } from 'fastify';
import type { ListPage } from '../../ports.ts';
import { type HttpContext, type ListParameters, listQuery } from '../context.ts';
import {
  answers,
  pageOf,
  replicaQuery,
  runQuery,
  serviceQuery,
} from '../schemas/request-schemas.ts';

/** Filters of `/api/replicas`. */
interface ReplicaFilter {
  readonly service?: string;
  readonly runId?: string;
  readonly state?: string;
}

export function addServiceRoutes(app: FastifyInstance, context: HttpContext): void {
  const { model, store, buffer } = context;

  app.get<{ Querystring: { service?: string } }>(
    '/api/services',
    {
      schema: {
        operationId: 'listServices',
        summary: 'Services with their current runs and replicas.',
        querystring: serviceQuery,
        response: answers(pageOf('Service')),
      },
    },
    ({ query }): ListPage<ServiceView> =>
      whole(model.services().filter((service) => fits(service.name, query.service))),
  );

  app.get<{ Querystring: ReplicaFilter }>(
    '/api/replicas',
    {
      schema: {
        operationId: 'listReplicas',
        summary: 'Replicas of current runs.',
        querystring: replicaQuery,
        response: answers(pageOf('Replica')),
      },
    },
    ({ query }): ListPage<ReplicaView> => {
      const runs = model.services().flatMap((service) => service.runs);
      const replicas = runs.flatMap((run) => run.replicas);
      return whole(replicas.filter((replica) => replicaFits(replica, query)));
    },
  );

  app.get<{ Querystring: ListParameters }>(
    '/api/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'All runs that are kept, newest first unless sorted otherwise.',
        querystring: runQuery,
        response: answers(pageOf('Run')),
      },
    },
    async ({ query }): Promise<ListPage<RunView>> => {
      await buffer.settle();
      const page = await store.runs(listQuery(query));
      // a current run is newer in memory than what was last stored of it
      return { ...page, items: page.items.map((run) => model.run(run.runId) ?? run) };
    },
  );
}

function whole<T>(items: readonly T[]): ListPage<T> {
  return { items, nextCursor: null, total: items.length };
}

function fits(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

function replicaFits(replica: ReplicaView, filter: ReplicaFilter): boolean {
  const ofRun = fits(replica.service, filter.service) && fits(replica.runId, filter.runId);
  return ofRun && fits(replica.state, filter.state);
}
