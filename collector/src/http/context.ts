/** What the routes work on; one object instead of module-level state. */
import type { CollectorStatus, IncidentDetail } from '@lockstep/protocol';
import type { Clock } from '../clock.ts';
import type { ListQuery, RunModel, Store } from '../ports.ts';
import type { WriteBuffer } from '../store/write-buffer.ts';
import { DEFAULT_PAGE_ITEMS } from './limits.ts';

/** The collector, as seen by a route. */
export interface HttpContext {
  readonly model: RunModel;
  readonly store: Store;
  readonly buffer: WriteBuffer;
  readonly collectorStatus: () => CollectorStatus;
  readonly clock: Clock;
  /** Told of every incident that an analyst changed. */
  readonly onPatched: (incident: IncidentDetail) => void;
}

/** What a list's query string holds after validation. */
export interface ListParameters extends Omit<ListQuery, 'limit' | 'text'> {
  readonly q?: string;
  readonly limit?: number;
}

/** The store's query behind a query string. */
export function listQuery(parameters: ListParameters): ListQuery {
  const { q, limit, ...rest } = parameters;
  const query = { ...rest, limit: limit ?? DEFAULT_PAGE_ITEMS };
  return q === undefined ? query : { ...query, text: q };
}
