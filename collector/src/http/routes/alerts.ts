/** Alerts: a list and one. */
import type { AlertView } from '@lockstep/protocol';
import type { FastifyInstance } from 'fastify';
import type { ListPage } from '../../ports.ts';
import { type HttpContext, type ListParameters, listQuery } from '../context.ts';
import { HttpProblem } from '../errors.ts';
import { ref } from '../schemas/json-schema.ts';
import { alertQuery, answers, idParameters, pageOf } from '../schemas/request-schemas.ts';

export function addAlertRoutes(app: FastifyInstance, context: HttpContext): void {
  const { store, buffer } = context;

  app.get<{ Querystring: ListParameters }>(
    '/api/alerts',
    {
      schema: {
        operationId: 'listAlerts',
        summary: 'Alerts, newest first unless sorted otherwise.',
        querystring: alertQuery,
        response: answers(pageOf('Alert')),
      },
    },
    async ({ query }): Promise<ListPage<AlertView>> => {
      await buffer.settle();
      return store.alerts(listQuery(query));
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/alerts/:id',
    {
      schema: {
        operationId: 'getAlert',
        summary: 'One alert.',
        params: idParameters,
        response: answers(ref('Alert')),
      },
    },
    async ({ params }): Promise<AlertView> => {
      await buffer.settle();
      const alert = await store.alert(params.id);
      if (alert === null) throw new HttpProblem('HTTP_ALERT_UNKNOWN', { id: params.id });
      return alert;
    },
  );
}
