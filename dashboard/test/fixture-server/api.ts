/** The fixture's HTTP API: the collector's shapes, filters, sorts and cursors. */
import type { AlertView, IncidentView, Page } from '@lockstep/protocol';
import { severityRank } from '../../src/model/words.ts';
import { viewOf, type World } from './world.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const DEFAULT_LIMIT = 50;

function page<T>(items: readonly T[], query: URLSearchParams): Page<T> {
  const start = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? String(end) : null,
    total: items.length,
  };
}

function fits(query: URLSearchParams, fields: Readonly<Record<string, string | null>>): boolean {
  const words = query.get('q')?.toLowerCase();
  const filtered = Object.entries(fields).every(
    ([name, value]) => !query.has(name) || query.get(name) === value,
  );
  return filtered && (words === undefined || JSON.stringify(fields).toLowerCase().includes(words));
}

function sorted<T>(
  items: T[],
  query: URLSearchParams,
  keys: Record<string, (item: T) => string | number>,
  first: string,
): T[] {
  const key = keys[query.get('sort') ?? first] ?? keys[first];
  if (key === undefined) return items;
  const sign = query.get('order') === 'asc' ? 1 : -1;
  return items.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}

function incidents(world: World, query: URLSearchParams): Page<IncidentView> {
  const items = [...world.incidents.values()].map(viewOf).filter((incident) =>
    fits(query, {
      service: incident.service,
      status: incident.status,
      severity: incident.severity,
      kind: incident.firstDivergence.kind,
      runId: incident.runId,
      suspect: incident.suspect ?? 'unattributed',
      target: incident.firstDivergence.target,
    }),
  );
  const keys = {
    openedAt: (item: IncidentView) => item.openedAt,
    updatedAt: (item: IncidentView) => item.updatedAt,
    severity: (item: IncidentView) => severityRank[item.severity],
    alerts: (item: IncidentView) => item.alerts,
  };
  return page(sorted(items, query, keys, 'openedAt'), query);
}

function alerts(world: World, query: URLSearchParams): Page<AlertView> {
  const items = world.alerts.filter((alert) =>
    fits(query, {
      service: alert.service,
      runId: alert.runId,
      incidentId: alert.incidentId,
      kind: alert.kind,
      severity: alert.severity,
      status: alert.resolvedAt === null ? 'open' : 'resolved',
      suspect: alert.suspect ?? 'unattributed',
      api: alert.api,
      target: alert.target,
    }),
  );
  const keys = {
    at: (item: AlertView) => item.at,
    severity: (item: AlertView) => severityRank[item.severity],
  };
  return page(sorted(items, query, keys, 'at'), query);
}

function found(thing: unknown, what: string): Answer {
  return thing === undefined || thing === null
    ? {
        status: 404,
        body: {
          code: 'NOT_FOUND',
          message: `There is no ${what}. Retention may have removed it; look in the list.`,
        },
      }
    : { status: 200, body: thing };
}

/** Answers a GET. */
export function answerGet(world: World, url: URL): Answer {
  const [, , kind, id] = url.pathname.split('/');
  const query = url.searchParams;
  switch (`${kind}${id === undefined ? '' : '/:id'}`) {
    case 'services':
      return { status: 200, body: { items: world.services } };
    case 'runs':
      return { status: 200, body: { items: world.services.flatMap(({ runs }) => runs) } };
    case 'incidents':
      return { status: 200, body: incidents(world, query) };
    case 'incidents/:id':
      return found(world.incidents.get(id ?? ''), `incident ${id}`);
    case 'alerts':
      return { status: 200, body: alerts(world, query) };
    case 'alerts/:id':
      return found(
        world.alerts.find((alert) => alert.id === id),
        `alert ${id}`,
      );
    default:
      return found(null, url.pathname);
  }
}
