/**
 * The store for those who have a MongoDB server: shared, replicated, backed up by their own means.
 * Works with a single server as well as with a replica set, and so without transactions: every write
 * is idempotent by its identifier instead.
 */
import type {
  AlertView,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  RunView,
} from '@lockstep/protocol';
import type { MongoClient } from 'mongodb';
import type { AuditEntry, JudgedIncident, ListPage, ListQuery, Store } from '../../ports.ts';
import { type AnalystState, PATCH_ACTION } from '../analyst-state.ts';
import { canonicalJson } from '../canonical-json.ts';
import { printableTarget, StoreAway } from '../errors.ts';
import { incidentDetail, incidentView, type JudgedHead } from '../incident-parts.ts';
import { INDEX_TIMEOUT_MS, MAX_FIRST_ALERTS } from '../limits.ts';
import { alertRules, incidentRules, pageOf, planList, runRules } from '../list-plan.ts';
import {
  appendAudit,
  auditOf,
  auditSince,
  healIncidents,
  reviewIncident,
} from './audit-documents.ts';
import { connect, databaseName, guarded, openingError } from './connection.ts';
import { type Collections, collectionsOf, type IncidentDocument } from './documents.ts';
import { expireBefore } from './expiry.ts';
import { prepareCollections } from './indexes.ts';
import { countList, findPage } from './list-find.ts';
import { writeAlerts, writeIncidents, writeRuns } from './writes.ts';

interface Opened {
  readonly client: MongoClient;
  readonly collections: Collections;
}

/** A store in the database that `url` names (default `lockstep`). Nothing is touched before `open`. */
export class MongodbStore implements Store {
  readonly kind = 'mongodb';
  readonly #url: string;
  readonly #target: string;
  readonly #retentionMs: number;
  #opened: Opened | null = null;

  constructor(url: string, retentionMs: number) {
    this.#url = url;
    this.#target = printableTarget(url);
    this.#retentionMs = retentionMs;
  }

  async open(): Promise<void> {
    if (this.#opened !== null) return;
    await this.#prepare();
    const client = await connect(this.#url);
    this.#opened = { client, collections: this.#collections(client) };
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.client.close();
  }

  async ping(): Promise<void> {
    await this.#with(({ meta }) => meta.findOne({ _id: 'schema' }));
  }

  async saveRuns(runs: readonly RunView[]): Promise<void> {
    if (runs.length === 0) return;
    await this.#with((collections) => writeRuns(collections, runs, this.#retentionMs));
  }

  async saveAlerts(alerts: readonly AlertView[]): Promise<void> {
    if (alerts.length === 0) return;
    await this.#with((collections) => writeAlerts(collections, alerts));
  }

  async saveIncidents(incidents: readonly JudgedIncident[]): Promise<void> {
    if (incidents.length === 0) return;
    await this.#with((collections) => writeIncidents(collections, incidents));
  }

  patchIncident(
    id: string,
    patch: IncidentPatch,
    actor: string,
    at: string,
  ): Promise<IncidentDetail | null> {
    const content = { at, actor, action: PATCH_ACTION, subject: id, detail: canonicalJson(patch) };
    return this.#with(async (collections) => {
      const known = await collections.incidents.findOne({ _id: id }, { projection: { _id: 1 } });
      if (known === null) return null;
      await appendAudit(collections, content);
      await reviewIncident(collections, id, this.#retentionMs);
      return readIncident(collections, id);
    });
  }

  runs(query: ListQuery): Promise<ListPage<RunView>> {
    const plan = planList(runRules, query);
    return this.#with(async ({ runs }) => {
      const found = await findPage(runs, plan, ({ body }) => parse<RunView>(body));
      return pageOf(plan, found, await countList(runs, plan));
    });
  }

  alert(id: string): Promise<AlertView | null> {
    return this.#with(async ({ alerts }) => {
      const found = await alerts.findOne({ _id: id });
      return found === null ? null : parse<AlertView>(found.body);
    });
  }

  async alerts(query: ListQuery): Promise<ListPage<AlertView>> {
    const plan = planList(alertRules, query);
    return this.#with(async ({ alerts }) => {
      const found = await findPage(alerts, plan, ({ body }) => parse<AlertView>(body));
      return pageOf(plan, found, await countList(alerts, plan));
    });
  }

  incident(id: string): Promise<IncidentDetail | null> {
    return this.#with((collections) => readIncident(collections, id));
  }

  async incidents(query: ListQuery): Promise<ListPage<IncidentView>> {
    const plan = planList(incidentRules, query);
    return this.#with(async ({ incidents }) => {
      const found = await findPage(incidents, plan, viewOf);
      return pageOf(plan, found, await countList(incidents, plan));
    });
  }

  audit(afterSequence: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#with((collections) => auditSince(collections, afterSequence, limit));
  }

  auditOf(subject: string): Promise<readonly AuditEntry[]> {
    return this.#with((collections) => auditOf(collections, subject));
  }

  expire(before: string): Promise<number> {
    return this.#with((collections) => expireBefore(collections, before));
  }

  /** Over a connection of its own, on which building an index may take its time. */
  async #prepare(): Promise<void> {
    const client = await connect(this.#url, INDEX_TIMEOUT_MS);
    try {
      const collections = this.#collections(client);
      await prepareCollections(collections, this.#target);
      await healIncidents(collections, this.#retentionMs);
    } catch (cause) {
      throw openingError(cause, this.#target);
    } finally {
      await client.close();
    }
  }

  #collections(client: MongoClient): Collections {
    return collectionsOf(client.db(databaseName(this.#url)));
  }

  #with<T>(work: (collections: Collections) => Promise<T>): Promise<T> {
    const opened = this.#opened;
    return guarded(this.#target, () => {
      if (opened === null) throw new StoreAway(this.#target, { cause: 'it is closed' });
      return work(opened.collections);
    });
  }
}

async function readIncident(collections: Collections, id: string): Promise<IncidentDetail | null> {
  const { incidents, alerts, runs } = collections;
  const found = await incidents.findOne({ _id: id });
  if (found === null) return null;
  const order = { turn: 1, at: 1, _id: 1 } as const;
  const [firstAlerts, run] = await Promise.all([
    alerts.find({ incidentId: id }, { sort: order, limit: MAX_FIRST_ALERTS }).toArray(),
    runs.findOne({ _id: found.runId }),
  ]);
  return incidentDetail({
    head: parse(found.head),
    body: parse(found.body),
    analyst: parse(found.analyst),
    firstAlerts: firstAlerts.map(({ body }) => parse<AlertView>(body)),
    replicas: run === null ? [] : parse<RunView>(run.body).replicas,
  });
}

function viewOf({ head, analyst }: IncidentDocument): IncidentView {
  return incidentView(parse<JudgedHead>(head), parse<AnalystState>(analyst));
}

/** What the store wrote itself is read without checks. */
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}
