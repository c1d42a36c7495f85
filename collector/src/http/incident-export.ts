/**
 * An incident as one file that can be checked where there is no collector: everything its page
 * shows, all its alerts, its entries of the audit trail, and one SHA-256 over it all. The hash
 * proves that the file is whole; that it is the true one, only a hash that was noted elsewhere can.
 */
import { createHash } from 'node:crypto';
import type { AlertView, IncidentDetail } from '@lockstep/protocol';
import type { AuditEntry, Store } from '../ports.ts';
import { entryHash } from '../store/audit-chain.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { MAX_EXPORTED_ALERTS, MAX_PAGE_ITEMS } from '../store/limits.ts';

/** Names the file's kind and version, so that a later reader can tell what it holds. */
export const EXPORT_FORMAT = 'lockstep.incident.v1';

/** The file. */
export interface ExportedIncident {
  readonly format: typeof EXPORT_FORMAT;
  readonly exportedAt: string;
  readonly incident: IncidentDetail;
  /** All stored alerts of the incident, oldest first; those folded into counts are not stored. */
  readonly alerts: readonly AlertView[];
  /** Audit entries about this incident, oldest first; others between them are not part of it. */
  readonly audit: readonly AuditEntry[];
  /** Hexadecimal SHA-256 over the canonical JSON of everything above. */
  readonly sha256: string;
}

/** Whether an exported file is whole, or why not. */
export type ExportVerdict =
  | { readonly intact: true }
  | { readonly intact: false; readonly why: string };

/** Gathers the file for `incident`; `nowMs` is written into it. */
export async function exportIncident(
  store: Store,
  incident: IncidentDetail,
  nowMs: number,
): Promise<ExportedIncident> {
  const content = {
    format: EXPORT_FORMAT,
    exportedAt: new Date(nowMs).toISOString(),
    incident,
    alerts: await allAlerts(store, incident.id),
    audit: await store.auditOf(incident.id),
  } as const;
  return { ...content, sha256: contentHash(content) };
}

/** Checks an exported file without a collector: the whole by its hash, each audit entry by its own. */
export function verifyExport(file: ExportedIncident): ExportVerdict {
  const { sha256, ...content } = file;
  if (contentHash(content) !== sha256) {
    return { intact: false, why: 'the content does not have the hash that the file names' };
  }
  const broken = file.audit.find((entry) => entryHash(entry) !== entry.hash);
  if (broken === undefined) return { intact: true };
  return { intact: false, why: `audit entry ${broken.sequence} does not have its hash` };
}

function contentHash(content: Omit<ExportedIncident, 'sha256'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

async function allAlerts(store: Store, incidentId: string): Promise<readonly AlertView[]> {
  const alerts: AlertView[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['alerts']>> = await store.alerts({
      incidentId,
      sort: 'at',
      order: 'asc',
      limit: MAX_PAGE_ITEMS,
      ...(cursor === null ? {} : { cursor }),
    });
    alerts.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && alerts.length < MAX_EXPORTED_ALERTS);
  return alerts;
}
