/** Each kind of divergence: the right kind, the right suspect, one incident. */
import { type AlertView, apiName, RecordKind } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './helpers/bench.ts';
import { type FakeAgent, type FakeCall, until } from './helpers/fake-agent.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await new Bench().start();
});

afterEach(async () => {
  expect(bench.reports).toEqual([]);
  await bench.close();
});

const read: FakeCall = { api: 'fs.readFile', target: '/etc/app.json', data: 'utf8' };
const write: FakeCall = { api: 'fs.writeFile', target: '/tmp/out', data: 'hello' };
const spawn: FakeCall = { api: 'child_process.spawn', target: '/bin/sh', data: '-c id' };

/** Turn 3 as each replica does it, with an equal turn before and after, to the end of the run. */
async function compare(...turns: readonly (readonly FakeCall[])[]): Promise<readonly AlertView[]> {
  const agents = await bench.run(turns.length);
  for (const [index, agent] of agents.entries()) {
    agent
      .turn(2, [read])
      .turn(3, turns[index] ?? [])
      .turn(4, [write])
      .flush();
  }
  for (const agent of agents) agent.bye();
  return (await bench.collector.settled(bench.runId)).alerts;
}

function brief({ kind, suspect, severity }: AlertView): string {
  return `${kind} ${suspect} ${severity}`;
}

describe('a divergent call', () => {
  test('with other data is a digest mismatch', async () => {
    const alerts = await compare([read, write], [read, write], [read, { ...write, data: 'hellO' }]);
    expect(alerts.map(brief)).toEqual(['digest-mismatch c high']);
  });

  test('that the leader alone makes names the leader', async () => {
    const alerts = await compare([read, spawn], [read], [read]);
    expect(alerts.map(brief)).toEqual(['extra-call a critical']);
  });

  test('that one replica omits is missing there', async () => {
    const alerts = await compare([read, write], [read], [read, write]);
    expect(alerts.map(brief)).toEqual(['missing-call b high']);
  });

  test('of two replicas is unattributed, and what the leader did stands as expected', async () => {
    const alerts = await compare([read], [read, spawn]);
    expect(alerts.map(brief)).toEqual(['extra-call null critical']);
    await bench.alerts();
    const [incident] = [...bench.store.incidentsById.values()];
    expect(incident?.firstDivergence).toMatchObject({
      expected: { replicas: ['a'], digest: null },
      actual: { replicas: ['b'] },
    });
  });

  test('in all replicas alike is no divergence', async () => {
    expect(await compare([read, spawn], [read, spawn], [read, spawn])).toEqual([]);
  });

  test('with another target is one pair of alerts', async () => {
    const other = { ...read, target: '/etc/passwd' };
    const alerts = await compare([read, write], [read, write], [other, write]);
    expect(alerts.map(brief).sort()).toEqual(['extra-call c medium', 'missing-call c medium']);
    const [first, second] = alerts;
    expect(first?.pairedWith).toBe(second?.id);
    expect(second?.pairedWith).toBe(first?.id);
    expect(first?.incidentId).toBe(second?.incidentId);
  });

  test.each([
    [
      'code-mismatch',
      'critical',
      { api: 'module.load', target: '/app/x.js', kind: RecordKind.code },
    ],
    ['response-mismatch', 'high', { api: 'http.server.response', kind: RecordKind.response }],
  ] as const)('of its own kind of record is a %s', async (kind, severity, call) => {
    const own = { ...call, data: '200' };
    const alerts = await compare([own], [own], [{ ...own, data: '500' }]);
    expect(alerts.map(brief)).toEqual([`${kind} c ${severity}`]);
  });

  test('is reported while the service idles, before any further turn', async () => {
    const agents = await bench.run(3);
    for (const agent of agents) {
      agent.turn(0, agent.options.replica === 'b' ? [read, spawn, write] : [read, write]).flush();
    }
    await until(() => bench.store.alertsById.size > 0, 'the alert');
    expect((await bench.alerts()).map(brief)).toEqual(['extra-call b critical']);
  });
});

describe('an incident', () => {
  test('folds ten thousand consequences under its first divergence', async () => {
    const work = (agent: FakeAgent, dataOf: (turn: number) => string): void => {
      for (let turn = 1; turn <= 2000; turn++) {
        const call = { ...write, data: dataOf(turn) };
        agent.turn(
          turn,
          ['1', '2', '3', '4', '5'].map((target) => ({ ...call, target })),
        );
        if (turn % 100 === 0) agent.flush();
      }
      agent.bye();
    };
    const [a, b, c] = (await bench.run(3)) as [FakeAgent, FakeAgent, FakeAgent];
    for (const agent of [a, b]) work(agent, () => 'good');
    work(c, (turn) => (turn < 5 ? 'good' : 'bad'));
    const { alerts, run } = await bench.collector.settled(bench.runId);
    await until(() => bench.collector.status().store.pendingWrites === 0, 'writes');
    const incidents = [...bench.store.incidentsById.values()];
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ alerts: 9980, suspect: 'c', severity: 'high' });
    expect(incidents[0]?.firstDivergence).toMatchObject({ turn: 5, kind: 'digest-mismatch' });
    expect(incidents[0]?.folded).toEqual([{ kind: 'digest-mismatch', count: 9880 }]);
    expect(alerts).toHaveLength(100);
    expect(run).toMatchObject({ calls: 10_000, matched: 20, openIncidents: 1 });
  });

  test('begins with the exit of a follower that crashed', async () => {
    const [a, b, c] = (await bench.run(3)) as [FakeAgent, FakeAgent, FakeAgent];
    for (const agent of [a, b, c]) agent.turn(1, [read, write]).flush();
    b.turn(2, [read]).bye(1, false);
    for (const agent of [a, c]) agent.turn(2, [read, write]).turn(3, [read]).bye();
    const { alerts, run } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['exit-mismatch b high', 'missing-call b high']);
    expect(new Set(alerts.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(run.replicas.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0]);
  });

  test('is opened by an exit code that only the launcher saw', async () => {
    const [a, b, c] = (await bench.run(3)) as [FakeAgent, FakeAgent, FakeAgent];
    for (const agent of [a, b, c]) agent.turn(1, [read, write]).flush();
    b.cut();
    bench.exit('b', 7);
    for (const agent of [a, c]) agent.turn(2, [read, write]).bye();
    const { alerts, complete } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['exit-mismatch b high']);
    expect(complete).toBe(false);
  });

  test('names the leader when it ends with another code than all its followers', async () => {
    const agents = await bench.run(3);
    for (const agent of agents) {
      agent.turn(1, [read]).bye(agent.options.replica === 'a' ? 3 : 0);
    }
    const { alerts } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['exit-mismatch a high']);
    expect(alerts[0]?.api).toBe(apiName(2));
  });

  test('opens at once when a follower exits while the leader goes on', async () => {
    const agents = await bench.run(3);
    for (const agent of agents) agent.turn(0, [read]).flush();
    agents[2]?.bye(0, false);
    await until(() => bench.store.alertsById.size > 0, 'the alert');
    expect((await bench.alerts()).map(brief)).toEqual(['exit-mismatch c high']);
  });
});

describe('the start of a replica', () => {
  test('with another setting names the field and refuses that replica', async () => {
    await bench.register(['a', 'b', 'c']);
    const [a, b] = [bench.agent('a'), bench.agent('b')];
    const c = bench.agent('c', { hello: { setting: { argv: 'evil.js', node: 'v20.19.0' } } });
    for (const agent of [c, a, b]) await agent.connect();
    await until(() => c.closeCode, 'the refusal');
    expect(c.closeCode).toBe(4412);
    expect(c.frame('end')).toMatchObject({ code: 'setup-mismatch' });
    for (const agent of [a, b]) agent.turn(1, [read]).bye();
    const { alerts, reason, run } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['setup-mismatch c high']);
    expect(alerts[0]?.summary).toContain('argv');
    expect(reason?.code).toBe('setup-mismatch');
    expect(run.replicas.map(({ state }) => state)).toEqual(['ended', 'ended', 'refused']);
  });

  test('with other coverage is compared all the same', async () => {
    await bench.register(['a', 'b']);
    const unhooked = [{ api: 'fs.readFile', why: 'frozen' }];
    const [a, b] = [
      bench.agent('a'),
      bench.agent('b', { hello: { coverage: { hooked: 9, unhooked, notFollowed: [] } } }),
    ];
    for (const agent of [a, b]) await agent.connect();
    for (const agent of [a, b]) agent.turn(1, [read]).bye();
    const { alerts, run } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['coverage-mismatch b medium']);
    expect(run.matched).toBe(1);
  });
});

describe('what is not compared', () => {
  test('an API that is not followed leaves the run unprotected, and no other alert', async () => {
    const [a, b, c] = (await bench.run(3)) as [FakeAgent, FakeAgent, FakeAgent];
    for (const agent of [a, b, c]) agent.turn(1, [read]).turn(2, [read]).flush();
    for (const agent of [b, c]) {
      agent.stopped('not-followed', 'http2.connect');
      agent.sayBye(0, false);
    }
    await until(() => bench.view().state === 'unprotected', 'the state');
    expect(bench.view().reason).toMatchObject({ code: 'not-followed', api: 'http2.connect' });
    a.turn(3, [read]).bye();
    const { alerts, complete, reason } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['unprotected null low']);
    expect({ complete, code: reason?.code }).toEqual({ complete: false, code: 'not-followed' });
    await until(
      () => bench.told.some((told) => 'state' in told && told.state === 'ended'),
      'the end',
    );
    expect(bench.told.some((told) => 'api' in told && told.api === 'http2.connect')).toBe(true);
  });

  test('lost records are a gap, and calls there unknown', async () => {
    const agents = await bench.run(2);
    for (const agent of agents) {
      agent.turn(1, [read, write]).flush();
      if (agent.options.replica === 'b') agent.gap(2, 3);
      else agent.turn(2, [read, write]);
      agent.turn(3, [read]).turn(4, [read]).bye();
    }
    const { alerts, reason, run } = await bench.collector.settled(bench.runId);
    expect(alerts.map(brief)).toEqual(['evidence-gap null low']);
    expect(reason?.code).toBe('gap');
    expect(run).toMatchObject({ calls: 6, matched: 3 });
    expect(run.replicas[1]?.gaps).toBe(1);
  });
});
