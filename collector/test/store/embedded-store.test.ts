import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/ports.ts';
import { verifyAudit } from '../../src/store/audit-chain.ts';
import { DATABASE_FILE, openDatabase } from '../../src/store/embedded/database.ts';
import { countSql, type ListSource, pageSql } from '../../src/store/embedded/list-sql.ts';
import { migrations } from '../../src/store/embedded/migrations.ts';
import {
  alertRules,
  incidentRules,
  type ListRules,
  planList,
  runRules,
} from '../../src/store/list-plan.ts';
import { openStore } from '../../src/store/open-store.ts';
import { storeContract } from './contract.ts';
import { at, incident } from './fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-store-'));
let folders = 0;

function freshFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

storeContract('embedded', {
  fresh: async () => openStore(freshFolder()),
  again: async () => openStore(join(root, String(folders))),
});

describe('opening the embedded store', () => {
  it('reads everything that version 1 wrote', async () => {
    const golden = fileURLToPath(new URL('golden/v1', import.meta.url));
    const folder = freshFolder();
    cpSync(golden, folder, { recursive: true });
    const store = openStore(folder);
    await store.open();
    const query = { limit: 10 };
    expect({
      runs: await store.runs(query),
      alerts: await store.alerts(query),
      incidents: await store.incidents(query),
      details: [await store.incident('incident-1'), await store.incident('incident-2')],
      audit: await store.audit(0, 10),
    }).toEqual(JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')));
    expect(verifyAudit(await store.audit(0, 10))).toMatchObject({ intact: true, entries: 2 });
    await store.patchIncident('incident-1', { note: 'still works' }, 'ada', at(70));
    await store.close();
  });

  it('applies only the steps that a file has not seen, and all or none of them', () => {
    const folder = freshFolder();
    openDatabase(folder).close();
    const next = 'ALTER TABLE runs ADD COLUMN extra TEXT; UPDATE runs SET extra = id';
    expect(() => openDatabase(folder, [...migrations, next, 'NOT SQL'])).toThrow(/cannot be used/);
    const database = openDatabase(folder, [...migrations, next]);
    expect(database.row('PRAGMA user_version')).toEqual({ user_version: migrations.length + 1 });
    database.close();
  });

  it('refuses a file of a newer version, naming both versions', async () => {
    const folder = freshFolder();
    openDatabase(folder, [...migrations, 'SELECT 1']).close();
    await expect(openStore(folder).open()).rejects.toMatchObject({
      code: 'STORE_SCHEMA_NEWER',
      message: expect.stringMatching(/schema version 2; this collector knows up to 1\. Start/),
    });
  });

  it('refuses a file that is not a database, naming it', async () => {
    const folder = freshFolder();
    openDatabase(folder).close();
    writeFileSync(join(folder, DATABASE_FILE), 'these are somebody else’s notes '.repeat(99));
    await expect(openStore(folder).open()).rejects.toMatchObject({
      code: 'STORE_NOT_A_DATABASE',
      message: expect.stringContaining(join(folder, DATABASE_FILE)),
    });
  });

  it('refuses a database that another program made', async () => {
    const folder = freshFolder();
    const database = openDatabase(folder, []);
    database.run('PRAGMA application_id = 7');
    database.run('CREATE TABLE theirs (a)');
    database.close();
    await expect(openStore(folder).open()).rejects.toMatchObject({
      code: 'STORE_NOT_A_DATABASE',
      message: expect.stringContaining('another program made it'),
    });
  });

  it('refuses a folder that is a file', async () => {
    const path = join(root, 'file');
    writeFileSync(path, '');
    await expect(openStore(path).open()).rejects.toMatchObject({
      code: 'STORE_FOLDER_UNUSABLE',
      message: expect.stringMatching(/store folder ".*file" cannot be used \(EEXIST.*--store DIR/),
    });
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that it may not read', async () => {
    const folder = freshFolder();
    openDatabase(folder).close();
    chmodSync(folder, 0);
    await expect(openStore(folder).open()).rejects.toMatchObject({ code: 'STORE_FOLDER_UNUSABLE' });
    chmodSync(folder, 0o700);
  });

  it('refuses a folder that another collector uses, and takes it once that one let go', async () => {
    const folder = freshFolder();
    const first = openStore(folder);
    await first.open();
    const second = openStore(folder);
    await expect(second.open()).rejects.toMatchObject({ code: 'STORE_FOLDER_TAKEN' });
    await first.close();
    await second.open();
    await second.close();
  });

  it.each(['postgres://localhost/x', 'http://localhost:27017', '', ' '])(
    'refuses the target %j, which is of no known kind',
    (target) => {
      expect(() => openStore(target)).toThrow(/is of no known kind\. Give a folder, or a URL/);
    },
  );

  it('keeps nothing of a store in memory', async () => {
    const store = openStore('memory:');
    await store.open();
    await store.saveIncidents([incident()]);
    expect((await store.incidents({ limit: 1 })).total).toBe(1);
    await store.close();
    await store.open();
    expect((await store.incidents({ limit: 1 })).total).toBe(0);
    await store.close();
  });
});

describe('the file of the embedded store', () => {
  it('refuses to change or remove an entry of the audit trail', async () => {
    const folder = freshFolder();
    const store = openStore(folder);
    await store.open();
    await store.saveIncidents([incident()]);
    await store.patchIncident('incident-1', { note: 'x' }, 'ada', at(20));
    await store.close();
    const database = openDatabase(folder);
    expect(() => database.run("UPDATE audit SET actor = 'eve'")).toThrow(/append-only/);
    expect(() => database.run('DELETE FROM audit')).toThrow(/append-only/);
    database.close();
  });

  const filters: Partial<ListQuery>[] = [
    {},
    { service: 'shop' },
    { runId: 'run-1' },
    { incidentId: 'incident-1' },
    { kind: 'digest-mismatch' },
    { severity: 'high' },
    { status: 'open' },
    { suspect: 'b' },
    { suspect: 'unattributed' },
    { text: 'orders' },
  ];
  const lists: [ListSource, ListRules][] = [
    [{ table: 'runs', columns: 'body' }, runRules],
    [{ table: 'alerts', columns: 'body' }, alertRules],
    [{ table: 'incidents', columns: 'head, analyst' }, incidentRules],
  ];

  it.each(lists)('reads %o by an index for every filter, sort, page and count', (source, rules) => {
    const database = openDatabase('memory:');
    for (const sort of Object.keys(rules.sorts)) {
      for (const filter of filters) {
        const first = planList(rules, { ...filter, sort, limit: 10 });
        const second = { ...first, after: { value: 'x', at: at(0), id: 'x' } };
        for (const { sql, values } of [
          pageSql(source, first),
          pageSql(source, second),
          countSql(source, first),
        ]) {
          const plan = database.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, values);
          const reads = plan.map(({ detail }) => detail);
          expect(
            reads.some((detail) => /INDEX/.test(detail)),
            `${sql}: ${reads.join()}`,
          ).toBe(true);
        }
      }
    }
    database.close();
  });
});
