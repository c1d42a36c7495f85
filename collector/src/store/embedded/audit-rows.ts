/** The audit trail in the embedded store, and the analysts' state that is computed from it. */
import type { AuditEntry } from '../../ports.ts';
import { analystState } from '../analyst-state.ts';
import { type AuditContent, chainEntry } from '../audit-chain.ts';
import type { EmbeddedDatabase } from './database.ts';

const COLUMNS = 'sequence, at, actor, action, subject, detail, previousHash, hash';

/** Appends one entry; the caller holds the transaction that keeps the chain unbroken. */
export function appendAudit(database: EmbeddedDatabase, content: AuditContent): void {
  const newest = database.row<AuditEntry>(
    `SELECT ${COLUMNS} FROM audit ORDER BY sequence DESC LIMIT 1`,
  );
  const entry = chainEntry(content, newest ?? null);
  const { sequence, at, actor, action, subject, detail, previousHash, hash } = entry;
  const values = [sequence, at, actor, action, subject, detail, previousHash, hash];
  database.run(`INSERT INTO audit (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, values);
}

/** Entries after a sequence number, oldest first. */
export function auditSince(
  database: EmbeddedDatabase,
  afterSequence: number,
  limit: number,
): readonly AuditEntry[] {
  const sql = `SELECT ${COLUMNS} FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?`;
  return database.rows<AuditEntry>(sql, [afterSequence, limit]);
}

/** Entries about one subject, oldest first. */
export function auditOf(database: EmbeddedDatabase, subject: string): readonly AuditEntry[] {
  const sql = `SELECT ${COLUMNS} FROM audit WHERE subject = ? ORDER BY sequence`;
  return database.rows<AuditEntry>(sql, [subject]);
}

/** Computes the analysts' part of an incident again from the trail. */
export function reviewIncident(database: EmbeddedDatabase, id: string): void {
  const state = analystState(auditOf(database, id));
  const sql = `UPDATE incidents SET status = ?, resolvedAt = ?, analyst = ?,
    updatedAt = max(updatedAt, ?) WHERE id = ?`;
  const { status, resolvedAt, changedAt } = state;
  database.run(sql, [status, resolvedAt, JSON.stringify(state), changedAt ?? '', id]);
}
