/** The collector as a whole: where it listens, what it answers early, how it strikes a drill. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createCollector } from '../src/collector.ts';
import { type ErrorCode, errorTable, refusal } from '../src/errors.ts';
import { COLLECTOR_VERSION } from '../src/version.ts';
import { Bench } from './helpers/bench.ts';
import { FakeAgent, type FakeAgentOptions, until } from './helpers/fake-agent.ts';
import { MemoryStore } from './helpers/memory-store.ts';

let cleanUp: () => Promise<void> = () => Promise.resolve();

afterEach(() => cleanUp());

async function start(): Promise<Bench> {
  const bench = await new Bench().start();
  cleanUp = () => bench.close();
  return bench;
}

test('a collector on a Unix socket takes agents there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'socket-'));
  const collector = createCollector({
    listen: { socketPath: join(directory, 'agent.sock') },
    dataDir: join(directory, 'data'),
    store: new MemoryStore(),
    serviceTokens: ['token'],
  });
  cleanUp = async () => {
    await collector.stop();
    rmSync(directory, { recursive: true });
  };
  const { url } = await collector.start();
  expect(url).toBe(`ws+unix:${join(directory, 'agent.sock')}`);
  const options: FakeAgentOptions = {
    url: `${url}:`,
    runId: 'a'.repeat(32),
    replica: 'a',
    role: 'leader',
    token: 'token',
  };
  expect(await new FakeAgent(options).connect()).toMatchObject({ type: 'welcome' });
});

test('a taken port is told by its code', async () => {
  const bench = await start();
  const port = Number(new URL(bench.url).port);
  const directory = mkdtempSync(join(tmpdir(), 'port-'));
  const second = createCollector({
    listen: { host: '127.0.0.1', port },
    dataDir: directory,
    store: new MemoryStore(),
    serviceTokens: [],
  });
  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await second.stop();
  rmSync(directory, { recursive: true });
});

test('the outcome of a run may be asked for before anybody has registered it', async () => {
  const bench = await start();
  const outcome = bench.collector.settled(bench.runId);
  const agents = await bench.run(2);
  for (const agent of agents) agent.turn(1, []).bye();
  expect(await outcome).toMatchObject({ complete: true, run: { runId: bench.runId } });
});

test('a drill strikes the last follower, or the named replica, only where drills are allowed', async () => {
  const bench = await start();
  const agents = await bench.run(3);
  const { collector } = bench;
  expect(collector.drill('shop', null, '/x.cjs')).toEqual({ ok: false, why: 'not-allowed' });
  expect(collector.drill('other', null, '/x.cjs')).toEqual({ ok: false, why: 'unknown-service' });
  const token = 'service-token';
  await bench.register(['a', 'b', 'c'], token, { allowDrills: true });
  expect(collector.drill('shop', 'z', '/x.cjs')).toEqual({ ok: false, why: 'unknown-replica' });
  expect(collector.drill('shop', null, '/x.cjs')).toMatchObject({ ok: true, replica: 'c' });
  expect(collector.drill('shop', 'a', '/y.cjs')).toMatchObject({ ok: true, replica: 'a' });
  await until(() => agents[2]?.frame('drill'), 'the drill');
  await until(() => agents[0]?.frame('drill')?.file === '/y.cjs', 'the drill');
  expect(agents[1]?.frame('drill')).toBeUndefined();
  expect(bench.view().drill).toBe(true);
});

test('the version is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(COLLECTOR_VERSION).toBe(manifest.version);
});

test('every refusal names its thing, its remedy and its close code', () => {
  for (const code of Object.keys(errorTable) as ErrorCode[]) {
    const names = [...errorTable[code].message.matchAll(/\{(\w+)\}/g)].map(
      ([, name]) => name ?? '',
    );
    const refused = refusal(code, Object.fromEntries(names.map((name) => [name, `the ${name}`])));
    for (const name of names) expect(refused.frame.message).toContain(`the ${name}`);
    expect(refused.frame.message).toContain(errorTable[code].remedy);
    expect(refused.frame.message).not.toMatch(/[{}?]/);
    expect(refused).toMatchObject({ close: errorTable[code].close, frame: { code } });
  }
});
