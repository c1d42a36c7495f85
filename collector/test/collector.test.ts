/** The collector from hello to alert, over real sockets, with replicas that do what the test says. */
import { afterEach, expect, test } from 'vitest';
import { Bench } from './helpers/bench.ts';
import { type FakeAgent, type FakeCall, until } from './helpers/fake-agent.ts';

let bench: Bench;

afterEach(async () => {
  await bench.close();
});

const read: FakeCall = { api: 'fs.readFile', target: '/etc/app.json', data: 'utf8' };
const write: FakeCall = { api: 'fs.writeFile', target: '/tmp/out', data: 'hello' };

/** All replicas do the same in a number of turns. */
function work(agents: readonly FakeAgent[], turns: number): void {
  for (const agent of agents) {
    for (let turn = 0; turn < turns; turn++) agent.turn(turn, [read, write]);
    agent.flush();
  }
}

test('a clean run matches every call and raises nothing', async () => {
  bench = await new Bench().start();
  const agents = await bench.run(3);
  work(agents, 50);
  for (const agent of agents) agent.bye();
  const outcome = await bench.collector.settled(bench.runId);
  expect(outcome).toMatchObject({ complete: true, reason: null, alerts: [] });
  expect(outcome.run).toMatchObject({ calls: 100, matched: 100, state: 'ended' });
  expect(outcome.run.replicas.map(({ matched }) => matched)).toEqual([100, 100, 100]);
  expect(bench.reports).toEqual([]);
});

test('an extra call of one follower names it, with the evidence of all replicas', async () => {
  bench = await new Bench().start();
  const agents = await bench.run(3);
  work(agents, 3);
  const post: FakeCall = { api: 'net.connect', target: '10.0.0.1:80', data: 'secret' };
  for (const [index, agent] of agents.entries()) {
    agent.turn(3, index === 2 ? [read, post, write] : [read, write]).flush();
  }
  for (const agent of agents) agent.bye();
  const outcome = await bench.collector.settled(bench.runId);
  expect(outcome.alerts).toHaveLength(1);
  expect(outcome.alerts[0]).toMatchObject({
    kind: 'extra-call',
    severity: 'critical',
    suspect: 'c',
    turn: 3,
    api: 'net.connect',
    target: '10.0.0.1:80',
  });
  const [alert] = await bench.alerts();
  const incident = await bench.collector.store.incident(alert?.incidentId ?? '');
  expect(incident?.firstDivergence).toMatchObject({
    kind: 'extra-call',
    target: '10.0.0.1:80',
    root: 'entry',
    expected: { replicas: ['a', 'b'], digest: null },
    actual: { replicas: ['c'], evidence: { type: 'string', text: 'secret' } },
  });
  expect(incident?.evidence.map(({ replica, status }) => `${replica} ${status}`)).toEqual([
    'a never-made',
    'b never-made',
    'c found',
  ]);
  expect(incident?.deliveries.map(({ turn, label }) => ({ turn, label }))).toEqual([
    { turn: 0, label: null },
    { turn: 3, label: 'delivery 3' },
  ]);
  const divergent = incident?.surroundings.find(({ turn }) => turn === 3);
  const shown = divergent?.calls.map(({ api, verdict }) => `${api} ${verdict}`);
  expect(shown?.slice(0, 3)).toEqual([
    'fs.readFile match',
    'net.connect extra',
    'fs.writeFile match',
  ]);
});

test('followers get the log in order and its end', async () => {
  bench = await new Bench().start();
  const [leader, ...followers] = await bench.run(3);
  work(leader === undefined ? [] : [leader], 5);
  for (let frame = 0; frame < 200; frame++) leader?.logFrame(5, 1000);
  leader?.bye();
  for (const follower of followers) {
    await until(() => follower.frame('log-closed'), 'the end of the log');
    expect(Buffer.concat(follower.received).equals(Buffer.concat(leader?.log ?? []))).toBe(true);
    expect(follower.frame('log-closed')).toMatchObject({ frames: leader?.log.length, clean: true });
  }
});
