/** A collector that goes and comes back: nothing is lost, nothing is raised twice, the log goes on. */
import { appendFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Bench } from './helpers/bench.ts';
import { type FakeAgent, type FakeCall, until } from './helpers/fake-agent.ts';

let bench: Bench;

afterEach(async () => {
  expect(bench.reports).toEqual([]);
  await bench.close();
});

const read: FakeCall = { api: 'fs.readFile', target: '/etc/app.json', data: 'utf8' };
const spawn: FakeCall = { api: 'child_process.spawn', target: '/bin/sh', data: '-c id' };

type Three = [FakeAgent, FakeAgent, FakeAgent];

function moved(agents: readonly FakeAgent[]): FakeAgent[] {
  for (const agent of agents) agent.options.url = bench.url;
  return [...agents];
}

/** All do the same in a range of turns, but for one call more that `c` makes in one of them. */
function work([a, b, c]: Three, from: number, to: number, extraTurn: number): void {
  for (let turn = from; turn <= to; turn++) {
    for (const agent of [a, b]) agent.turn(turn, [read]).flush();
    c.turn(turn, turn === extraTurn ? [read, spawn] : [read]).flush();
  }
}

test('a restart under load loses no verdict, alert or log frame, and raises nothing twice', async () => {
  bench = await new Bench().start();
  const [a, b, c] = (await bench.run(3)) as Three;
  work([a, b, c], 1, 40, 10);
  await until(() => bench.store.alertsById.size === 1, 'the alert');
  await until(() => [...bench.store.alertsById.values()][0]?.target, 'its evidence');
  const before = await bench.alerts();
  await bench.restart();
  expect(bench.view().matched).toBeGreaterThan(0);
  work([a, b, c], 41, 60, 50);
  await bench.register(['a', 'b', 'c']);
  for (const agent of moved([a, b, c])) await agent.resume();
  for (const agent of [b, c]) {
    await until(() => agent.received.length === a.log.length, 'the log');
    expect(Buffer.concat(agent.received).equals(Buffer.concat(a.log))).toBe(true);
  }
  for (const agent of [a, b, c]) agent.turn(61, [read]).bye();
  const { alerts, run, complete } = await bench.collector.settled(bench.runId);
  expect({ complete, matched: run.matched }).toEqual({ complete: true, matched: 61 });
  expect(alerts.map(({ turn, suspect }) => `${turn} ${suspect}`)).toEqual(['10 c', '50 c']);
  const after = await bench.alerts();
  expect(after.find(({ id }) => id === before[0]?.id)).toEqual(before[0]);
  expect(after).toHaveLength(2);
  const [incident] = [...bench.store.incidentsById.values()];
  expect(incident).toMatchObject({ alerts: 2, firstDivergence: { turn: 10, target: '/bin/sh' } });
});

test('a follower that comes late is fed from the start, also by a restarted collector', async () => {
  bench = await new Bench().start();
  await bench.register(['a', 'b']);
  const a = bench.agent('a');
  await a.connect();
  for (let turn = 1; turn <= 30; turn++) a.turn(turn, [read]).flush();
  await until(() => a.acked === 60, 'acks');
  await bench.restart();
  await bench.register(['a', 'b']);
  for (const agent of moved([a])) await agent.resume();
  const b = bench.agent('b');
  await b.connect();
  await until(() => b.received.length === 30, 'the log');
  for (let turn = 1; turn <= 30; turn++) b.turn(turn, [read]);
  for (const agent of [a, b]) agent.bye();
  const outcome = await bench.collector.settled(bench.runId);
  expect(outcome).toMatchObject({ complete: true, alerts: [], run: { matched: 30 } });
});

test('a frame that was half-written when the collector was killed is cut off', async () => {
  bench = await new Bench().start();
  const [a, b] = (await bench.run(2)) as [FakeAgent, FakeAgent];
  for (const agent of [a, b]) agent.turn(1, [read]).flush().turn(2, [read]).flush();
  await until(() => a.acked === 4 && b.acked === 4, 'acks');
  await bench.collector.stop();
  const directory = join(bench.dataDir, 'spool', bench.runId);
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (name.endsWith('.bin')) truncateSync(path, statSync(path).size - 7);
    else appendFileSync(path, '{"at":1,"repl');
  }
  await bench.restart();
  for (const agent of moved([a, b])) await agent.resume();
  for (const agent of [a, b]) agent.turn(3, [read]).flush();
  await until(() => b.received.at(-1)?.equals(a.log[2] ?? Buffer.alloc(0)), 'the log');
  for (const agent of [a, b]) agent.bye();
  const outcome = await bench.collector.settled(bench.runId);
  expect(outcome).toMatchObject({ complete: true, alerts: [], run: { calls: 3, matched: 3 } });
});

test('a run that ended before the restart is known as it ended', async () => {
  bench = await new Bench().start();
  const agents = await bench.run(3);
  for (const agent of agents) {
    agent.turn(1, agent.options.replica === 'b' ? [spawn] : [read]).bye();
  }
  await bench.collector.settled(bench.runId);
  const before = bench.view();
  const alerts = await bench.alerts();
  await bench.restart();
  expect(bench.view()).toEqual({
    ...before,
    endedAt: bench.view().endedAt,
    replicas: expect.anything(),
  });
  expect(bench.view().replicas.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended']);
  expect(await bench.alerts()).toEqual(alerts);
  expect((await bench.collector.settled(bench.runId)).alerts).toEqual(alerts);
});
