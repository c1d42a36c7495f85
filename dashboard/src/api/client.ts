/** The collector's HTTP API: one function for each request, errors as `DashboardError`. */
import type {
  AlertView,
  ApiProblem,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  Page,
  ServiceView,
} from '@lockstep/protocol';
import { collectorError, dashboardError } from '../errors.ts';
import { LIST_PAGE_SIZE } from '../limits.ts';
import { actorHeader } from '../model/actor.ts';
import { stringifySearch } from '../model/list-search.ts';

/** What may accompany a request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** All services with their runs. */
export async function fetchServices(options: RequestOptions = {}): Promise<readonly ServiceView[]> {
  const answer = await request<{ items: readonly ServiceView[] }>('/api/services', options);
  return answer.items;
}

/** One page of incidents, `cursor` null for the first. */
export function fetchIncidents(
  search: object,
  cursor: string | null,
  options: RequestOptions = {},
): Promise<Page<IncidentView>> {
  return request(`/api/incidents${pageSearch(search, cursor)}`, options);
}

/** One page of alerts, `cursor` null for the first. */
export function fetchAlerts(
  search: object,
  cursor: string | null,
  options: RequestOptions = {},
): Promise<Page<AlertView>> {
  return request(`/api/alerts${pageSearch(search, cursor)}`, options);
}

/** Everything about one incident. */
export function fetchIncident(id: string, options: RequestOptions = {}): Promise<IncidentDetail> {
  return request(`/api/incidents/${encodeURIComponent(id)}`, options);
}

/** One alert. */
export function fetchAlert(id: string, options: RequestOptions = {}): Promise<AlertView> {
  return request(`/api/alerts/${encodeURIComponent(id)}`, options);
}

/** Changes an incident in the name of `actor`; answers with the incident as it is then. */
export function patchIncident(
  id: string,
  patch: IncidentPatch,
  actor: string,
): Promise<IncidentDetail> {
  return request(`/api/incidents/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'x-lockstep-actor': actorHeader(actor) },
    body: JSON.stringify(patch),
  });
}

function pageSearch(search: object, cursor: string | null): string {
  return stringifySearch({
    ...search,
    ...(cursor === null ? {} : { cursor }),
    limit: String(LIST_PAGE_SIZE),
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw dashboardError('DASHBOARD_UNREACHABLE', { path }, cause);
  }
  const body = await readJson(response, path);
  if (!response.ok) throw collectorError(response.status, body as ApiProblem);
  return body as T;
}

async function readJson(response: Response, path: string): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    const values = { path, status: response.status };
    throw dashboardError('DASHBOARD_ANSWER_UNREADABLE', values, cause);
  }
}
