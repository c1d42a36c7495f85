import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ExportedIncident, exportIncident } from '../../collector/src/http/incident-export.ts';
import { openStore } from '../../collector/src/store/open-store.ts';
import { incident as judgedIncident } from '../../collector/test/store/fixtures.ts';
import { root } from '../src/workspace.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** An incident as the collector exports it, after two changes by analysts. */
async function exported(): Promise<ExportedIncident> {
  const store = openStore('memory:');
  await store.open();
  const judged = judgedIncident();
  await store.saveIncidents([judged]);
  await store.patchIncident(judged.id, { status: 'acknowledged' }, 'Ada', '2026-01-01T12:01:00Z');
  const note = { note: 'Ärger über 𝄞 "quoted"' };
  const incident = await store.patchIncident(judged.id, note, 'Ada', '2026-01-01T12:02:00Z');
  if (incident === null) throw new Error('the incident was not stored');
  const file = await exportIncident(store, incident, Date.UTC(2026, 0, 2));
  await store.close();
  return file;
}

function verify(file: unknown): { code: number | null; said: string } {
  const path = join(folder, 'incident.json');
  writeFileSync(path, JSON.stringify(file));
  const script = join(root, 'docs/verify-incident.mjs');
  const { status, stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  return { code: status, said: stdout };
}

it('finds an exported incident intact', async () => {
  const file = await exported();
  expect(file.audit).toHaveLength(2);
  expect(verify(file)).toEqual({ code: 0, said: `intact: ${file.sha256}\n` });
});

it('finds a changed value', async () => {
  const file = await exported();
  const forged = { ...file, incident: { ...file.incident, suspect: 'nobody' } };
  expect(verify(forged)).toMatchObject({ code: 1, said: expect.stringContaining('NOT intact') });
});

it('finds a changed entry of the audit trail, although the whole was hashed anew', async () => {
  const { sha256: _, ...content } = await exported();
  const { canonicalJson } = await import('../../collector/src/store/canonical-json.ts');
  const { createHash } = await import('node:crypto');
  const audit = content.audit.map((entry) => ({ ...entry, actor: 'Eve' }));
  const forged = { ...content, audit };
  const sha256 = createHash('sha256').update(canonicalJson(forged)).digest('hex');
  expect(verify({ ...forged, sha256 })).toMatchObject({ code: 1 });
});

it('refuses another kind of file', () => {
  expect(verify({ format: 'other', sha256: '' })).toMatchObject({ code: 1 });
});
