/** Children with logs of their own: judged each by itself, shown as one replica, complete when all are. */
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

const CHILD = 'main.00112233445566ff';
const quick = { silentAfterMs: 400, lostGraceMs: 50, laggingAfterMs: 300 };

type Three = [FakeAgent, FakeAgent, FakeAgent];

async function children(ids: string, log: string = CHILD): Promise<FakeAgent[]> {
  const streams = [{ stream: 0, log }];
  const agents = [...ids].map((id) => bench.agent(id, { hello: { streams } }));
  for (const agent of agents) {
    expect(await agent.connect()).toMatchObject({ type: 'welcome' });
  }
  return agents;
}

function announce(leader: FakeAgent, log: string = CHILD): void {
  leader.send({ type: 'stream', stream: 0, log });
}

function workAndBye(agents: readonly FakeAgent[], turns: number): void {
  for (const agent of agents) {
    for (let turn = 1; turn <= turns; turn++) agent.turn(turn, [read]);
    agent.bye();
  }
}

test('a child has its own turns, its own log and connection numbers of its own', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const [a, b, c] = (await children('abc')) as Three;
  workAndBye([a, b, c], 7);
  await until(() => b.received.length === a.log.length, 'the log of the child');
  expect(Buffer.concat(b.received).equals(Buffer.concat(a.log))).toBe(true);
  workAndBye(main, 3);
  const { alerts, run, complete } = await bench.collector.settled(bench.runId);
  expect({ alerts, complete }).toEqual({ alerts: [], complete: true });
  expect(run).toMatchObject({ matched: 10, calls: 10 });
  expect(run.replicas.map(({ id, calls, matched }) => [id, calls, matched])).toEqual([
    ['a', 10, 10],
    ['b', 10, 10],
    ['c', 10, 10],
  ]);
});

test('what differs in a child alone names log and replica, with evidence of the child', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const [a, b, c] = (await children('abc')) as Three;
  for (const agent of [a, b]) agent.turn(1, [read]).flush();
  c.turn(1, [read, spawn]).flush();
  await until(() => [...bench.store.alertsById.values()][0]?.target, 'the evidence');
  expect(await bench.alerts()).toMatchObject([
    { kind: 'extra-call', log: CHILD, turn: 1, suspect: 'c', target: '/bin/sh' },
  ]);
  for (const agent of [a, b, c]) agent.bye();
  workAndBye(main, 1);
  await bench.collector.settled(bench.runId);
});

test('a run is not over while a child is expected or goes on', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  workAndBye(main, 1);
  await until(() => bench.view().replicas.every(({ exitCode }) => exitCode === 0), 'their byes');
  expect(bench.view().state).not.toBe('ended');
  const agents = await children('abc');
  workAndBye(agents, 2);
  expect(await bench.collector.settled(bench.runId)).toMatchObject({ complete: true, alerts: [] });
});

test('a child that was killed is complete where its log was followed to the end, without an alert', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const [a, b, c] = (await children('abc')) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  await until(() => a.acked === 4, 'acks');
  a.cut();
  main[0].send({ type: 'child-exit', log: CHILD, exitCode: null, signal: 'SIGKILL' });
  for (const agent of [b, c]) {
    await until(() => agent.frame('log-closed'), 'the end of the log');
    agent.flush().sayBye(0, false);
  }
  workAndBye(main, 1);
  const { alerts, run, complete } = await bench.collector.settled(bench.runId);
  expect({ alerts, complete, matched: run.matched }).toEqual({
    alerts: [],
    complete: true,
    matched: 3,
  });
});

test('a child killed before it said hello did nothing; one whose agent did not start is incomplete', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  main[0].send({ type: 'child-exit', log: CHILD, exitCode: null, signal: 'SIGTERM' });
  const followers = await children('bc');
  for (const agent of followers) {
    await until(() => agent.frame('log-closed'), 'the end of the log');
    agent.sayBye(0, false);
  }
  const silent = 'main.ff00ff00ff00ff00';
  announce(main[0], silent);
  main[0].send({ type: 'child-exit', log: silent, exitCode: 0, signal: null });
  for (const agent of await children('bc', silent)) {
    await until(() => agent.frame('log-closed'), 'the end of the log');
    agent.sayBye(0, false);
  }
  workAndBye(main, 1);
  const { alerts, complete, reason } = await bench.collector.settled(bench.runId);
  expect({ alerts, complete }).toEqual({ alerts: [], complete: false });
  expect(reason?.detail).toContain(silent);
});

test('a follower of a child that is killed is silent, and the others go on', async () => {
  bench = await new Bench(quick).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const [a, b, c] = (await children('abc')) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).flush();
  b.cut();
  const beat = setInterval(() => {
    for (const agent of [...main, a, c]) agent.flush();
  }, 50);
  await until(() => bench.store.alertsById.size === 1, 'the alert');
  clearInterval(beat);
  for (const agent of [a, c]) agent.turn(2, [read]).bye();
  workAndBye(main, 1);
  const { alerts, run } = await bench.collector.settled(bench.runId);
  expect(alerts).toMatchObject([{ kind: 'replica-silent', suspect: 'b', log: CHILD }]);
  expect(run.matched).toBe(3);
});

test('a restarted collector has all logs again', async () => {
  bench = await new Bench().start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const [a, b, c] = (await children('abc')) as Three;
  for (const agent of [a, b]) agent.turn(1, [read]).flush();
  c.turn(1, [read, spawn]).flush();
  await until(() => [...bench.store.alertsById.values()][0]?.target, 'the evidence');
  const before = await bench.alerts();
  await bench.restart();
  await bench.register(['a', 'b', 'c']);
  for (const agent of [...main, a, b, c]) {
    agent.options.url = bench.url;
    await agent.resume();
  }
  await until(() => b.received.length === a.log.length, 'the log of the child');
  expect(Buffer.concat(b.received).equals(Buffer.concat(a.log))).toBe(true);
  workAndBye(main, 2);
  for (const agent of [a, b, c]) agent.turn(2, [read]).bye();
  const { complete, run } = await bench.collector.settled(bench.runId);
  expect({ complete, matched: run.matched }).toEqual({ complete: true, matched: 4 });
  expect(await bench.alerts()).toEqual(before);
});

test('a child beyond the limit has a reason of its own, and what is followed stays protected', async () => {
  bench = await new Bench({ ...quick, logsPerRun: 2 }).start();
  const main = (await bench.run(3)) as Three;
  announce(main[0]);
  const agents = await children('abc');
  expect(bench.view()).toMatchObject({ state: 'protected', reason: null });
  announce(main[0], 'main.00112233445566fe');
  const reason = { code: 'too-many-logs', api: null, detail: 'a run has at most 2 logs' };
  await until(() => bench.view().reason !== null, 'the reason');
  expect(bench.view()).toMatchObject({ state: 'protected', reason });
  workAndBye(agents, 1);
  workAndBye(main, 1);
  const outcome = await bench.collector.settled(bench.runId);
  expect(outcome).toMatchObject({ complete: false, alerts: [], reason: { code: reason.code } });
});
