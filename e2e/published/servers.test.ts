/**
 * Servers and drivers that nobody here wrote, under concurrent load: every call agrees in all replicas,
 * without an option, a mask or a rule. LOCKSTEP_REQUESTS sets how many requests each gets (2,000 for a
 * release, fewer by default); a database's own counters show that one client spoke to it.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, startMongo, startPostgres, startRedis } from '../support/databases.ts';
import { type Ask, checkServer, type Driven } from '../support/driven-check.ts';
import { hasPackages, INSTALL_MS } from '../support/packages.ts';
import { alertLines, Workspace } from '../support/workspace.ts';
import { insertCounters } from './inserts.ts';

const folder = join(import.meta.dirname, 'servers');
const count = Number(process.env['LOCKSTEP_REQUESTS'] ?? 240);
const atOnce = 20;
const isInstalled = hasPackages(folder);

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

function expectAgreement({ code, report, stderr }: Driven, calls: number): void {
  expect(alertLines(report.alerts), stderr).toEqual([]);
  expect(report, stderr).toMatchObject({ complete: true, reason: null, noise: 0 });
  expect(report.matched).toBe(report.calls);
  expect(report.calls).toBeGreaterThan(calls);
  expect(code).toBe(0);
}

function askItems(number: number): Ask {
  switch (number % 6) {
    case 0:
      return { path: `/hello?x=${number}` };
    case 1:
      return { method: 'POST', path: '/items', body: { name: `n${number}`, tags: ['a', 'b'] } };
    case 2:
      return { path: `/items/${Math.floor(number / 8)}` };
    case 3:
      return { path: '/file' };
    case 4:
      return { path: `/missing/${number}` };
    default:
      return { path: '/report' };
  }
}

function askGraph(number: number): Ask {
  const queries = [
    `{ hello(x: "${number}") }`,
    `mutation { add(name: "n${number}") { id key at } }`,
    `{ item(id: "${Math.floor(number / 4)}") { name key } draw }`,
  ];
  return { method: 'POST', path: '/graphql', body: { query: queries[number % 3] } };
}

const files = ['/items.cjs', '/koa.cjs', '/missing.txt', '/', '/nest.cjs'];

function askFiles(number: number): Ask {
  const headers: Record<string, string> = number % 3 === 0 ? { range: 'bytes=10-200' } : {};
  return { path: files[number % files.length] ?? '/', headers };
}

/** The database saw the statements of one client. */
async function expectCounted(name: string, url: string): Promise<void> {
  const inserts = insertCounters[name];
  const kinds = name === 'mongodb.cjs' ? 4 : 3;
  if (inserts !== undefined) expect(await inserts(url)).toBe(Math.ceil(count / kinds));
}

const askNumber = (number: number): Ask => ({ path: `/${number}` });

describe.skipIf(!isInstalled)('a published server under load agrees in all replicas', () => {
  it.each([
    ['express.cjs', askItems],
    ['koa.cjs', askItems],
    ['hapi.cjs', askItems],
    ['hono.mjs', askItems],
    ['nest.cjs', askItems],
    ['fastify.cjs', askItems],
    ['feathers.cjs', askItems],
    ['graphql-yoga.cjs', askGraph],
    ['serve.cjs', askFiles],
    ['clients.cjs', askNumber],
    ['https-clients.cjs', askNumber],
  ] as const)(
    '%s',
    async (name, ask) => {
      const driven = await checkServer(workspace, join(folder, name), { count, atOnce, ask });
      expectAgreement(driven, count);
    },
    120_000,
  );
});

describe.skipIf(!isInstalled)('a service over a real database agrees in all replicas', () => {
  let home: Workspace;
  let databases: Record<'MONGODB_URI' | 'REDIS_URL' | 'PG_URL', Database | null>;
  beforeAll(async () => {
    home = new Workspace();
    databases = {
      MONGODB_URI: await startMongo(home),
      REDIS_URL: await startRedis(home),
      PG_URL: await startPostgres(home),
    };
  }, INSTALL_MS);
  afterAll(() => home.dispose());

  it.for([
    ['mongodb.cjs', 'MONGODB_URI'],
    ['mongoose.cjs', 'MONGODB_URI'],
    ['redis.cjs', 'REDIS_URL'],
    ['ioredis.cjs', 'REDIS_URL'],
    ['pg.cjs', 'PG_URL'],
    ['sequelize.cjs', 'PG_URL'],
  ] as const)(
    '%s',
    async ([name, variable], { skip }) => {
      const database = databases[variable];
      // Which database is missing was said when it could not be started.
      if (database === null) return skip();
      const env = { [variable]: database.url, DATABASE: `published-${process.pid}` };
      const load = { count, atOnce, ask: askNumber };
      const driven = await checkServer(workspace, join(folder, name), load, env);
      expectAgreement(driven, count);
      expect(driven.statuses).toEqual({ 200: count });
      await expectCounted(name, database.url);
    },
    120_000,
  );

  it('pg.cjs over TLS', async ({ skip }) => {
    const { PG_URL: database } = databases;
    if (database?.ca === undefined) return skip();
    const env = { PG_URL: database.url, PG_CA: database.ca };
    const load = { count, atOnce, ask: askNumber };
    const driven = await checkServer(workspace, join(folder, 'pg.cjs'), load, env);
    expectAgreement(driven, count);
    expect(driven.statuses).toEqual({ 200: count });
    await expectCounted('pg.cjs', database.url);
  }, 120_000);
});
