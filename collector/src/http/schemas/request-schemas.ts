/** Schemas of what requests may ask, and of the answers that are not objects of the model. */
import {
  AlertKind,
  type ApiProblem,
  IncidentStatus,
  ReplicaState,
  RunState,
  Severity,
} from '@lockstep/protocol';
import { MAX_PAGE_ITEMS } from '../../store/limits.ts';
import { alertRules, incidentRules, runRules } from '../../store/list-plan.ts';
import { MAX_NOTE_CHARS, MAX_PARAMETER_CHARS, MAX_PERSON_CHARS } from '../limits.ts';
import { count, listOf, nullable, objectOf, oneOf, ref, type Schema, text } from './json-schema.ts';

const parameter: Schema = { type: 'string', minLength: 1, maxLength: MAX_PARAMETER_CHARS };

const paging = {
  q: { ...parameter, description: 'Text that must occur in id, API, target or summary.' },
  order: { type: 'string', enum: ['asc', 'desc'] },
  cursor: { ...parameter, maxLength: 4 * MAX_PARAMETER_CHARS },
  limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE_ITEMS },
};

function query(fields: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', additionalProperties: false, properties: fields };
}

function sortOf(sorts: Readonly<Record<string, string>>): Schema {
  return { type: 'string', enum: Object.keys(sorts) };
}

export const runQuery: Schema = query({
  ...paging,
  service: parameter,
  status: oneOf(RunState),
  sort: sortOf(runRules.sorts),
});

export const alertQuery: Schema = query({
  ...paging,
  service: parameter,
  runId: parameter,
  incidentId: parameter,
  kind: oneOf(AlertKind),
  severity: oneOf(Severity),
  status: { type: 'string', enum: ['open', 'resolved'] },
  suspect: { ...parameter, description: 'A replica, or `unattributed`.' },
  sort: sortOf(alertRules.sorts),
});

export const incidentQuery: Schema = query({
  ...paging,
  service: parameter,
  runId: parameter,
  kind: oneOf(AlertKind),
  severity: oneOf(Severity),
  status: oneOf(IncidentStatus),
  suspect: { ...parameter, description: 'A replica, or `unattributed`.' },
  sort: sortOf(incidentRules.sorts),
});

export const replicaQuery: Schema = query({
  service: parameter,
  runId: parameter,
  state: oneOf(ReplicaState),
});

export const serviceQuery: Schema = query({ service: parameter });

export const idParameters: Schema = {
  type: 'object',
  required: ['id'],
  properties: { id: parameter },
};

export const actorHeaders: Schema = {
  type: 'object',
  properties: {
    'x-lockstep-actor': { type: 'string', description: 'Who acts; `local` if absent.' },
  },
};

export const incidentPatch: Schema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: {
    status: oneOf(IncidentStatus),
    assignee: nullable({ type: 'string', minLength: 1, maxLength: MAX_PERSON_CHARS }),
    note: { type: 'string', minLength: 1, maxLength: MAX_NOTE_CHARS },
  },
};

/** One page of a list of the named schema. */
export function pageOf(name: string): Schema {
  return objectOf<{ items: unknown; nextCursor: unknown; total: unknown }>({
    items: listOf(ref(name)),
    nextCursor: nullable(text),
    total: count,
  });
}

export const problem: Schema = objectOf<ApiProblem>({ code: text, message: text });

/** The answers of a route: its own, and the problems that any route may report. */
export function answers(own: Schema): Schema {
  return { 200: own, '4xx': ref('Problem'), '5xx': ref('Problem') };
}
