/** Incidents: a list, one with everything, what analysts change, and the file for elsewhere. */
import type { IncidentDetail, IncidentPatch, IncidentView } from '@lockstep/protocol';
import type { FastifyInstance } from 'fastify';
import type { ListPage } from '../../ports.ts';
import { readActor } from '../actor.ts';
import { type HttpContext, type ListParameters, listQuery } from '../context.ts';
import { HttpProblem } from '../errors.ts';
import { type ExportedIncident, exportIncident } from '../incident-export.ts';
import { ref } from '../schemas/json-schema.ts';
import {
  actorHeaders,
  answers,
  idParameters,
  incidentPatch,
  incidentQuery,
  pageOf,
} from '../schemas/request-schemas.ts';

interface ById {
  readonly Params: { readonly id: string };
}

export function addIncidentRoutes(app: FastifyInstance, context: HttpContext): void {
  const { store, buffer } = context;

  app.get<{ Querystring: ListParameters }>(
    '/api/incidents',
    {
      schema: {
        operationId: 'listIncidents',
        summary: 'Incidents, newest first unless sorted otherwise.',
        querystring: incidentQuery,
        response: answers(pageOf('Incident')),
      },
    },
    async ({ query }): Promise<ListPage<IncidentView>> => {
      await buffer.settle();
      return store.incidents(listQuery(query));
    },
  );

  app.get<ById>(
    '/api/incidents/:id',
    {
      schema: {
        operationId: 'getIncident',
        summary: 'One incident with its alerts, history, surroundings and evidence.',
        params: idParameters,
        response: answers(ref('IncidentDetail')),
      },
    },
    ({ params }) => readIncident(context, params.id),
  );

  addIncidentPatch(app, context);
  addIncidentExport(app, context);
}

function addIncidentPatch(app: FastifyInstance, context: HttpContext): void {
  app.patch<ById & { Body: IncidentPatch }>(
    '/api/incidents/:id',
    {
      schema: {
        operationId: 'patchIncident',
        summary: 'Changes status or assignee, or adds a note, in the name of the actor.',
        params: idParameters,
        headers: actorHeaders,
        body: incidentPatch,
        response: answers(ref('IncidentDetail')),
      },
    },
    async ({ params, body, headers }): Promise<IncidentDetail> => {
      const actor = readActor(headers['x-lockstep-actor']);
      const at = new Date(context.clock.now()).toISOString();
      await context.buffer.settle();
      const incident = await context.store.patchIncident(params.id, body, actor, at);
      if (incident === null) throw new HttpProblem('HTTP_INCIDENT_UNKNOWN', { id: params.id });
      context.onPatched(incident);
      return incident;
    },
  );
}

function addIncidentExport(app: FastifyInstance, context: HttpContext): void {
  app.get<ById>(
    '/api/incidents/:id/export',
    {
      schema: {
        operationId: 'exportIncident',
        summary: 'One file with the incident and its audit entries that verifies offline.',
        params: idParameters,
        response: answers(ref('ExportedIncident')),
      },
    },
    async ({ params }, reply): Promise<ExportedIncident> => {
      const incident = await readIncident(context, params.id);
      const exported = await exportIncident(context.store, incident, context.clock.now());
      const name = params.id.replaceAll(/[^\w.-]/g, '_');
      void reply.header('content-disposition', `attachment; filename="incident-${name}.json"`);
      return exported;
    },
  );
}

async function readIncident(context: HttpContext, id: string): Promise<IncidentDetail> {
  await context.buffer.settle();
  const incident = await context.store.incident(id);
  if (incident === null) throw new HttpProblem('HTTP_INCIDENT_UNKNOWN', { id });
  return incident;
}
