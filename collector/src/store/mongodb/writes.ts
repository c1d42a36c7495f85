/** Upserts of the MongoDB store: whole objects by `_id`, so that a repeated write changes nothing. */
import type { AlertView, RunView } from '@lockstep/protocol';
import type { AnyBulkWriteOperation } from 'mongodb';
import type { JudgedIncident } from '../../ports.ts';
import { UNTOUCHED } from '../analyst-state.ts';
import { incidentTexts } from '../incident-parts.ts';
import { alertFields, incidentFields, runFields } from '../list-fields.ts';
import type { AlertDocument, Collections, IncidentDocument, RunDocument } from './documents.ts';

/** Writes runs. One that ended goes when retention is over, unless an incident needs it. */
export async function writeRuns(
  collections: Collections,
  runs: readonly RunView[],
  retentionMs: number,
): Promise<void> {
  const operations = runs.flatMap((run) => runOperations(run, retentionMs));
  await collections.runs.bulkWrite(operations);
}

/** Writes alerts. Those of a resolved incident go when it goes. */
export async function writeAlerts(
  collections: Collections,
  alerts: readonly AlertView[],
): Promise<void> {
  const incidentIds = [...new Set(alerts.map((alert) => alert.incidentId))];
  const resolved = await collections.incidents
    .find(
      { _id: { $in: incidentIds }, expireAt: { $exists: true } },
      { projection: { expireAt: 1 } },
    )
    .toArray();
  const expiries = new Map(resolved.map(({ _id, expireAt }) => [_id, expireAt]));
  await collections.alerts.bulkWrite(
    alerts.map((alert) => alertOperation(alert, expiries.get(alert.incidentId))),
  );
}

/** Writes judgement's part of incidents. The analysts' fields are set once, when one is new. */
export async function writeIncidents(
  collections: Collections,
  incidents: readonly JudgedIncident[],
): Promise<void> {
  await collections.incidents.bulkWrite(incidents.map(incidentOperation));
  const runIds = [...new Set(incidents.map((incident) => incident.runId))];
  await collections.runs.updateMany(
    { _id: { $in: runIds } },
    { $set: { hasIncident: true }, $unset: { expireAt: '' } },
  );
}

function runOperations(run: RunView, retentionMs: number): AnyBulkWriteOperation<RunDocument>[] {
  const { id, ...fields } = runFields(run);
  const document = { ...fields, body: JSON.stringify(run) };
  const write = { updateOne: { filter: { _id: id }, update: { $set: document }, upsert: true } };
  if (run.endedAt === null) return [write];
  const expireAt = new Date(Date.parse(run.endedAt) + retentionMs);
  const unneeded = { _id: id, hasIncident: { $ne: true } };
  return [write, { updateOne: { filter: unneeded, update: { $set: { expireAt } } } }];
}

function alertOperation(
  alert: AlertView,
  expireAt: Date | undefined,
): AnyBulkWriteOperation<AlertDocument> {
  const { id, ...fields } = alertFields(alert);
  const document = { ...fields, body: JSON.stringify(alert) };
  const replacement = expireAt === undefined ? document : { ...document, expireAt };
  return { replaceOne: { filter: { _id: id }, replacement, upsert: true } };
}

function incidentOperation(judged: JudgedIncident): AnyBulkWriteOperation<IncidentDocument> {
  const { id, updatedAt, ...fields } = incidentFields(judged);
  const { status, resolvedAt, sequence } = UNTOUCHED;
  const analysts = { status, resolvedAt, sequence, analyst: JSON.stringify(UNTOUCHED) };
  const update = {
    $set: { ...fields, ...incidentTexts(judged) },
    $max: { updatedAt },
    $setOnInsert: analysts,
  };
  return { updateOne: { filter: { _id: id }, update, upsert: true } };
}
