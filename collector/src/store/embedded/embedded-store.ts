/**
 * The default store: one SQLite file in a folder, no set-up. What it trades away: one process at a
 * time, and a list over a very large file holds up that process while it is read.
 */
import type {
  AlertView,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  RunView,
} from '@lockstep/protocol';
import type { AuditEntry, JudgedIncident, ListPage, ListQuery, Store } from '../../ports.ts';
import { type AnalystState, PATCH_ACTION } from '../analyst-state.ts';
import { canonicalJson } from '../canonical-json.ts';
import { incidentDetail, incidentView, type JudgedHead } from '../incident-parts.ts';
import { MAX_FIRST_ALERTS } from '../limits.ts';
import {
  alertRules,
  incidentRules,
  type ListRules,
  pageOf,
  planList,
  runRules,
} from '../list-plan.ts';
import { appendAudit, auditOf, auditSince, reviewIncident } from './audit-rows.ts';
import { type EmbeddedDatabase, guarded, openDatabase, type SqlValue } from './database.ts';
import { expireBefore } from './expiry.ts';
import { countSql, type ListSource, pageSql } from './list-sql.ts';
import { writeAlert, writeIncident, writeRun } from './writes.ts';

/** A store in folder `target`, or in memory for `memory:`. Nothing is touched before `open`. */
export class EmbeddedStore implements Store {
  readonly kind = 'embedded';
  readonly #target: string;
  #database: EmbeddedDatabase | null = null;

  constructor(target: string) {
    this.#target = target;
  }

  async open(): Promise<void> {
    this.#database ??= openDatabase(this.#target);
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = null;
  }

  async ping(): Promise<void> {
    this.#with((database) => database.row('SELECT count(*) FROM sqlite_schema'));
  }

  async saveRuns(runs: readonly RunView[]): Promise<void> {
    this.#write(runs, writeRun);
  }

  async saveAlerts(alerts: readonly AlertView[]): Promise<void> {
    this.#write(alerts, writeAlert);
  }

  async saveIncidents(incidents: readonly JudgedIncident[]): Promise<void> {
    this.#write(incidents, writeIncident);
  }

  async patchIncident(
    id: string,
    patch: IncidentPatch,
    actor: string,
    at: string,
  ): Promise<IncidentDetail | null> {
    const content = { at, actor, action: PATCH_ACTION, subject: id, detail: canonicalJson(patch) };
    return this.#with((database) =>
      database.transaction(() => {
        if (database.row('SELECT 1 FROM incidents WHERE id = ?', [id]) === undefined) return null;
        appendAudit(database, content);
        reviewIncident(database, id);
        return readIncident(database, id);
      }),
    );
  }

  async runs(query: ListQuery): Promise<ListPage<RunView>> {
    return this.#list({ table: 'runs', columns: 'body' }, runRules, query, (row: BodyRow) =>
      parse<RunView>(row.body),
    );
  }

  async alert(id: string): Promise<AlertView | null> {
    const row = this.#with((database) =>
      database.row<BodyRow>('SELECT body FROM alerts WHERE id = ?', [id]),
    );
    return row === undefined ? null : parse<AlertView>(row.body);
  }

  async alerts(query: ListQuery): Promise<ListPage<AlertView>> {
    return this.#list({ table: 'alerts', columns: 'body' }, alertRules, query, (row: BodyRow) =>
      parse<AlertView>(row.body),
    );
  }

  async incident(id: string): Promise<IncidentDetail | null> {
    return this.#with((database) => readIncident(database, id));
  }

  async incidents(query: ListQuery): Promise<ListPage<IncidentView>> {
    const source = { table: 'incidents', columns: 'head, analyst' } as const;
    return this.#list(source, incidentRules, query, viewOf);
  }

  async audit(afterSequence: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#with((database) => auditSince(database, afterSequence, limit));
  }

  async auditOf(subject: string): Promise<readonly AuditEntry[]> {
    return this.#with((database) => auditOf(database, subject));
  }

  async expire(before: string): Promise<number> {
    return this.#with((database) => expireBefore(database, before));
  }

  #with<T>(work: (database: EmbeddedDatabase) => T): T {
    const database = this.#database;
    return guarded(this.#target, () => {
      if (database === null) throw new TypeError('the database is not open');
      return work(database);
    });
  }

  #write<T>(items: readonly T[], write: (database: EmbeddedDatabase, item: T) => void): void {
    if (items.length === 0) return;
    this.#with((database) =>
      database.transaction(() => {
        for (const item of items) write(database, item);
      }),
    );
  }

  #list<R extends object, T>(
    source: ListSource,
    rules: ListRules,
    query: ListQuery,
    read: (row: R) => T,
  ): ListPage<T> {
    const plan = planList(rules, query);
    const page = pageSql(source, plan);
    const count = countSql(source, plan);
    return this.#with((database) => {
      const found = database.rows<R & Keys>(page.sql, page.values).map((row) => ({
        item: read(row),
        position: { value: row.sortValue, at: row.at, id: row.id },
      }));
      return pageOf(plan, found, database.row<{ n: number }>(count.sql, count.values)?.n ?? 0);
    });
  }
}

interface BodyRow {
  readonly body: string;
}

interface ViewRow {
  readonly head: string;
  readonly analyst: string;
}

/** What a page's statement selects besides the object. */
interface Keys {
  readonly sortValue: SqlValue;
  readonly at: string;
  readonly id: string;
}

const FIRST_ALERTS = `SELECT body FROM alerts WHERE incidentId = ?
  ORDER BY turn, at, id LIMIT ${MAX_FIRST_ALERTS}`;

function readIncident(database: EmbeddedDatabase, id: string): IncidentDetail | null {
  const sql = 'SELECT head, body, analyst FROM incidents WHERE id = ?';
  const row = database.row<ViewRow & BodyRow>(sql, [id]);
  if (row === undefined) return null;
  const head = parse<JudgedHead>(row.head);
  const run = database.row<BodyRow>('SELECT body FROM runs WHERE id = ?', [head.runId]);
  const firstAlerts = database.rows<BodyRow>(FIRST_ALERTS, [id]);
  return incidentDetail({
    head,
    body: parse(row.body),
    analyst: parse(row.analyst),
    firstAlerts: firstAlerts.map((found) => parse<AlertView>(found.body)),
    replicas: run === undefined ? [] : parse<RunView>(run.body).replicas,
  });
}

function viewOf(row: ViewRow): IncidentView {
  return incidentView(parse<JudgedHead>(row.head), parse<AnalystState>(row.analyst));
}

/** What the store wrote itself is read without checks. */
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}
