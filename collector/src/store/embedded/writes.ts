/** Upserts of the embedded store: whole objects by identifier, so that a repeated write changes nothing. */
import type { AlertView, RunView } from '@lockstep/protocol';
import type { JudgedIncident } from '../../ports.ts';
import { UNTOUCHED } from '../analyst-state.ts';
import { incidentTexts } from '../incident-parts.ts';
import { alertFields, incidentFields, runFields } from '../list-fields.ts';
import type { EmbeddedDatabase, SqlValue } from './database.ts';

type Columns = Readonly<Record<string, SqlValue>>;

export function writeRun(database: EmbeddedDatabase, run: RunView): void {
  upsert(database, 'runs', { ...runFields(run), body: JSON.stringify(run) });
}

export function writeAlert(database: EmbeddedDatabase, alert: AlertView): void {
  upsert(database, 'alerts', { ...alertFields(alert), body: JSON.stringify(alert) });
}

/** Writes judgement's part. The analysts' columns are set once, when the incident is new. */
export function writeIncident(database: EmbeddedDatabase, judged: JudgedIncident): void {
  const analysts = {
    status: UNTOUCHED.status,
    resolvedAt: UNTOUCHED.resolvedAt,
    analyst: JSON.stringify(UNTOUCHED),
  };
  const columns = { ...incidentFields(judged), ...incidentTexts(judged) };
  upsert(database, 'incidents', columns, analysts);
}

function upsert(
  database: EmbeddedDatabase,
  table: string,
  columns: Columns,
  onlyWhenNew: Columns = {},
): void {
  const all = { ...columns, ...onlyWhenNew };
  const names = Object.keys(all);
  const updates = Object.keys(columns)
    .filter((name) => name !== 'id')
    .map((name) => (name === 'updatedAt' ? LATEST : `${name} = excluded.${name}`));
  const sql = `INSERT INTO ${table} (${names.join(', ')})
    VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`;
  database.run(sql, Object.values(all));
}

/** An analyst may have changed the incident after judgement did. */
const LATEST = 'updatedAt = max(updatedAt, excluded.updatedAt)';
