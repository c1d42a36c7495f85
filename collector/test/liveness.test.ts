/** Replicas that are killed, stopped or cut off: never confused with divergence. */
import type { AlertView } from '@lockstep/protocol';
import { afterEach, expect, test } from 'vitest';
import { Bench } from './helpers/bench.ts';
import { type FakeAgent, type FakeCall, until } from './helpers/fake-agent.ts';

let bench: Bench;

afterEach(async () => {
  expect(bench.reports).toEqual([]);
  await bench.close();
});

const read: FakeCall = { api: 'fs.readFile', target: '/etc/app.json', data: 'utf8' };

/** Limits so short that nobody has to wait for them. */
const quick = { silentAfterMs: 400, lostGraceMs: 50, laggingAfterMs: 300 };

type Three = [FakeAgent, FakeAgent, FakeAgent];

function kinds(alerts: readonly AlertView[]): readonly string[] {
  return alerts.map(({ kind, suspect }) => `${kind} ${suspect}`);
}

function alertOf(kind: string): AlertView | undefined {
  return [...bench.store.alertsById.values()].find((alert) => alert.kind === kind);
}

test('a follower that is killed is silent, and the others go on being compared', async () => {
  bench = await new Bench(quick).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  b.cut();
  bench.exit('b', null, 'SIGKILL');
  await until(() => alertOf('replica-silent'), 'the alert');
  expect(bench.view().state).toBe('protected');
  for (const agent of [a, c]) agent.turn(3, [read]).turn(4, [read]).bye();
  const { alerts, run, complete } = await bench.collector.settled(bench.runId);
  expect(kinds(alerts)).toEqual(['replica-silent b']);
  expect(complete).toBe(false);
  expect(run.matched).toBe(4);
  expect(run.replicas[1]).toMatchObject({ state: 'lost', exitSignal: 'SIGKILL' });
});

test('a leader that is killed ends the run up to its last finished turn, without an alert', async () => {
  bench = await new Bench(quick).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  for (const agent of [b, c]) agent.turn(1, [read]).turn(2, [read]).turn(3, [read]);
  a.turn(1, [read]).turn(2, [read]).flush().turn(3, []).flush(3);
  a.cut();
  bench.exit('a', null, 'SIGKILL');
  for (const agent of [b, c]) {
    await until(() => agent.frame('log-closed'), 'the end of the log');
    expect(agent.frame('log-closed')).toMatchObject({ clean: false });
    agent.bye(0, true);
  }
  const { alerts, run } = await bench.collector.settled(bench.runId);
  expect(alerts).toEqual([]);
  expect(run).toMatchObject({ state: 'ended', matched: 2 });
});

test('followers killed after the end of the leader are unfinished, not silent', async () => {
  bench = await new Bench(quick).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  a.turn(3, [read]).bye();
  await until(() => b.frame('log-closed'), 'the end of the log');
  c.turn(3, [read]).bye();
  b.cut();
  bench.exit('b', null, 'SIGKILL');
  const { alerts, reason } = await bench.collector.settled(bench.runId);
  expect(alerts).toEqual([]);
  expect(reason?.code).toBe('unfinished');
});

test('a stopped follower lags, which resolves when it goes on, and its calls are compared', async () => {
  bench = await new Bench({ ...quick, silentAfterMs: 60_000 }).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  for (const agent of [a, c]) agent.turn(3, [read]).turn(4, [read]).flush();
  await until(() => alertOf('replica-lagging'), 'the alert');
  expect(bench.view().replicas[1]).toMatchObject({ state: 'lagging', lagTurns: 2 });
  b.turn(3, [read]).turn(4, [read]).flush();
  await until(() => alertOf('replica-lagging')?.resolvedAt, 'the resolution');
  for (const agent of [a, b, c]) agent.bye();
  const { alerts, run } = await bench.collector.settled(bench.runId);
  expect(kinds(alerts)).toEqual(['replica-lagging b']);
  expect(run.matched).toBe(4);
});

test('a follower that waits for the leader does not lag', async () => {
  bench = await new Bench({ ...quick, silentAfterMs: 60_000 }).start();
  const agents = await bench.run(2);
  for (const agent of agents) agent.turn(1, [read]).flush();
  const at = Date.now();
  await until(() => Date.now() - at > 600, 'twice the limit');
  expect(bench.store.alertsById.size).toBe(0);
  expect(bench.view().replicas[1]?.state).toBe('running');
});

test('a replica that is cut off is silent until it is back, and never missing calls', async () => {
  bench = await new Bench(quick).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  const heartbeats = setInterval(() => {
    for (const agent of [a, c]) agent.sendRaw(agent.batches[0]?.bytes ?? '');
  }, 50);
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  b.cut();
  await until(() => alertOf('replica-silent'), 'the alert');
  expect(bench.view().replicas[1]?.state).toBe('silent');
  for (const agent of [a, c]) agent.turn(3, [read]).turn(4, [read]).turn(5, [read]).flush();
  await until(() => bench.view().matched === 4, 'verdicts without it');
  b.turn(3, [read]).turn(4, [read]).turn(5, [read]).flush();
  await b.resume();
  await until(() => alertOf('replica-silent')?.resolvedAt, 'the resolution');
  clearInterval(heartbeats);
  for (const agent of [a, b, c]) agent.turn(6, [read]).bye();
  const { alerts, run } = await bench.collector.settled(bench.runId);
  expect(kinds(alerts)).toEqual(['replica-silent b']);
  expect(run.matched).toBe(6);
});

test('a registered replica that never comes is silent, and is not waited for', async () => {
  bench = await new Bench(quick).start();
  await bench.register(['a', 'b', 'c']);
  const [a, b] = [bench.agent('a'), bench.agent('b')];
  for (const agent of [a, b]) await agent.connect();
  for (const agent of [a, b]) agent.turn(1, [read]).turn(2, [read]).flush();
  const heartbeats = setInterval(() => {
    for (const agent of [a, b]) agent.sendRaw(agent.batches[0]?.bytes ?? '');
  }, 50);
  await until(() => alertOf('replica-silent')?.suspect === 'c', 'the alert');
  await until(() => bench.view().matched > 0, 'a verdict');
  clearInterval(heartbeats);
});

test('a stopped follower gets the whole log when it goes on', async () => {
  bench = await new Bench({ relayBytes: 256 * 1024, tailBytes: 64 * 1024 }).start();
  const [a, b] = (await bench.run(2)) as [FakeAgent, FakeAgent];
  b.pause();
  for (let frame = 0; frame < 1000; frame++) a.logFrame(1, 10_000);
  a.flush();
  await until(() => a.ackedFrames === 1001, 'acks');
  expect(b.received.length).toBeLessThan(1001);
  b.unpause();
  await until(() => b.received.length === 1001, 'the whole log', 15_000);
  expect(Buffer.concat(b.received).equals(Buffer.concat(a.log))).toBe(true);
});

test('over the spool limit followers are ended, the service is not held, the run says so', async () => {
  bench = await new Bench({ spoolBytes: 100_000 }).start();
  const [a, b, c] = (await bench.run(3)) as Three;
  for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
  for (let frame = 0; frame < 20; frame++) a.logFrame(2, 10_000);
  for (const agent of [b, c]) {
    const end = await until(() => agent.frame('end'), 'the end');
    expect(end.code).toBe('spool-full');
  }
  expect(bench.view()).toMatchObject({ state: 'unprotected', reason: { code: 'spool-full' } });
  a.turn(3, [read]).flush();
  await until(() => a.ackedFrames === a.log.length, 'acks of what is dropped');
  a.bye();
  for (const agent of [b, c]) agent.sayBye(0, false);
  const { alerts, reason } = await bench.collector.settled(bench.runId);
  expect(kinds(alerts)).toEqual(['unprotected null']);
  expect(reason?.code).toBe('spool-full');
});
