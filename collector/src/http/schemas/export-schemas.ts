/** Schemas of the exported incident, the collector's health and problems. */
import type { AuditEntry } from '../../ports.ts';
import { EXPORT_FORMAT, type ExportedIncident } from '../incident-export.ts';
import { count, flag, listOf, objectOf, ref, type Schema, text, time } from './json-schema.ts';
import { problem } from './request-schemas.ts';

const auditEntry = objectOf<AuditEntry>({
  sequence: count,
  at: time,
  actor: text,
  action: text,
  subject: text,
  detail: text,
  previousHash: text,
  hash: text,
});

const exported = objectOf<ExportedIncident>({
  format: { type: 'string', enum: [EXPORT_FORMAT] },
  exportedAt: time,
  incident: ref('IncidentDetail'),
  alerts: listOf(ref('Alert')),
  audit: listOf(auditEntry),
  sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
});

/** Answer of `/healthz` and `/readyz`. */
export interface Health {
  readonly ok: boolean;
  /** Why not, or what is fine. */
  readonly detail: string;
}

export const exportSchemas: Readonly<Record<string, Schema>> = {
  ExportedIncident: exported,
  Health: objectOf<Health>({ ok: flag, detail: text }),
  Problem: problem,
};
