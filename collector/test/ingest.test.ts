/** The edge: who is let in, what is refused and how, and that nothing is taken twice or with a hole. */
import { randomBytes } from 'node:crypto';
import { MAX_CONTROL_BYTES } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './helpers/bench.ts';
import { type FakeAgent, type FakeCall, until } from './helpers/fake-agent.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await new Bench({ helloMs: 200 }).start();
});

afterEach(async () => {
  expect(bench.reports).toEqual([]);
  await bench.close();
});

const read: FakeCall = { api: 'fs.readFile', target: '/etc/app.json', data: 'utf8' };

async function closed(agent: FakeAgent): Promise<number> {
  await until(() => agent.closeCode !== null, 'the close');
  return agent.closeCode ?? 0;
}

describe('a hello', () => {
  test('with the registered token is welcomed from where the collector stands', async () => {
    await bench.register(['a', 'b']);
    const welcome = await bench.agent('a').connect();
    expect(welcome).toEqual({
      type: 'welcome',
      version: 1,
      positions: [{ stream: 0, records: 0, logFrames: 0 }],
    });
  });

  test('before the registration is refused for now', async () => {
    const agent = bench.agent('a');
    const refused = await agent.connect();
    expect(refused).toMatchObject({ type: 'refuse', code: 'RUN_UNREGISTERED', retryable: true });
    expect(await closed(agent)).toBe(4401);
    await bench.register(['a']);
    expect(await agent.connect()).toMatchObject({ type: 'welcome' });
  });

  test('with another token, or for another role, is refused for good', async () => {
    await bench.register(['a', 'b']);
    const refused = { type: 'refuse', code: 'TOKEN_REFUSED', retryable: false };
    expect(await bench.agent('b', { token: 'token a' }).connect()).toMatchObject(refused);
    expect(await bench.agent('b', { role: 'leader' }).connect()).toMatchObject(refused);
  });

  test('with the service token needs no registration', async () => {
    const agent = bench.agent('a', { token: 'service-token' });
    expect(await agent.connect()).toMatchObject({ type: 'welcome' });
  });

  test('with another protocol version is refused by its close code', async () => {
    await bench.register(['a']);
    const agent = bench.agent('a', { hello: { version: 2 } });
    expect(await agent.connect()).toMatchObject({ code: 'VERSION_DIFFERS', retryable: false });
    expect(await closed(agent)).toBe(4426);
  });

  test('replaces a connection with a lower number, and is refused with the same', async () => {
    await bench.register(['a']);
    const first = bench.agent('a');
    await first.connect();
    const second = bench.agent('a');
    expect(await second.connect()).toMatchObject({ code: 'CONNECTION_NUMBER' });
    expect(await closed(second)).toBe(4409);
    expect(await second.connect()).toMatchObject({ type: 'welcome' });
    expect(await closed(first)).toBe(1000);
  });

  test('of a second leader is refused', async () => {
    const token = 'service-token';
    await bench.agent('a', { token }).connect();
    const other = bench.agent('z', { token, role: 'leader' });
    expect(await other.connect()).toMatchObject({ code: 'SECOND_LEADER' });
  });

  test('of a replica that has ended is refused', async () => {
    const agents = await bench.run(2);
    agents[1]?.bye(0);
    await until(() => bench.view().replicas[1]?.state === 'ended', 'the end');
    const again = bench.agent('b', { hello: { connection: 9 } });
    expect(await again.connect()).toMatchObject({ code: 'RUN_ENDED', retryable: false });
  });
});

describe('a frame', () => {
  test.each([
    ['that is no JSON', 'nonsense', 4400],
    ['of an unknown type', '{"type":"what"}', 4400],
    ['that is a second hello', 'hello', 4400],
    ['of random bytes', randomBytes(200), 4400],
    ['that is empty', Buffer.alloc(0), 4400],
    ['over the limit of control frames', 'x'.repeat(MAX_CONTROL_BYTES + 1), 4413],
  ])('%s closes the connection with its code', async (_, data, code) => {
    await bench.register(['a', 'b']);
    const agent = bench.agent('a');
    await agent.connect();
    agent.sendRaw(data);
    expect(await closed(agent)).toBe(code);
    expect(await bench.agent('b').connect()).toMatchObject({ type: 'welcome' });
  });

  test('of the log from a follower is refused', async () => {
    const [, follower] = await bench.run(2);
    follower?.logFrame(1);
    expect(follower && (await closed(follower))).toBe(4400);
  });

  test('that leaves a hole is refused, and the replica resumes from what is held', async () => {
    const agents = await bench.run(2);
    const [a, b] = agents as [FakeAgent, FakeAgent];
    a.turn(1, [read]).flush();
    await until(() => a.acked === 2, 'an ack');
    a.sequence += 5;
    a.turn(2, [read]).flush();
    expect(await closed(a)).toBe(4409);
    expect(a.frame('refuse')).toMatchObject({ code: 'FRAME_HOLE', retryable: true });
    a.batches.pop();
    a.sequence = 2;
    await a.resume();
    a.turn(2, [read]).bye();
    b.turn(1, [read]).turn(2, [read]).bye();
    const outcome = await bench.collector.settled(bench.runId);
    expect(outcome).toMatchObject({ complete: true, run: { matched: 2 } });
  });

  test('that came before is ignored', async () => {
    const agents = await bench.run(2);
    for (const agent of agents) {
      agent.turn(1, [read]).flush();
      for (const { bytes } of agent.batches) agent.sendRaw(bytes);
      for (const frame of agent.log) agent.sendRaw(frame);
      agent.turn(2, [read]).flush();
    }
    const held = agents[0]?.log.length ?? 0;
    await until(() => agents[1]?.received.length === held, 'the log');
    for (const agent of agents) agent.bye();
    const outcome = await bench.collector.settled(bench.runId);
    expect(outcome).toMatchObject({ complete: true, run: { calls: 2, matched: 2 } });
  });

  test('is acknowledged cumulatively, many at once', async () => {
    const [a] = await bench.run(2);
    for (let turn = 1; turn <= 200; turn++) a?.turn(turn, [read]).flush();
    await until(() => a?.acked === 400, 'the last ack');
    expect(a?.frames.filter(({ type }) => type === 'ack').length).toBeLessThan(100);
  });
});

describe('a launcher', () => {
  test('without a service token is refused', async () => {
    const refused = await bench.register(['a'], 'guess');
    expect(refused).toMatchObject({ type: 'refuse', code: 'SERVICE_TOKEN_REFUSED' });
  });

  test('may register the same run again, but not another under its identifier', async () => {
    expect(await bench.register(['a', 'b'])).toMatchObject({ type: 'registered' });
    expect(await bench.register(['a', 'b'])).toMatchObject({ type: 'registered' });
    bench.tell({ type: 'run-end' });
    await until(() => bench.view().state === 'ended', 'the end of the run');
    expect(await bench.register(['a', 'z'])).toMatchObject({ code: 'RUN_DIFFERS' });
  });

  test('hears how the run does', async () => {
    const agents = await bench.run(2);
    const states = (): readonly unknown[] =>
      bench.told.flatMap((told) => (told.type === 'run-state' ? [told.state] : []));
    await until(() => states().includes('protected'), 'the state');
    for (const agent of agents) agent.turn(1, [read]).bye();
    await until(() => states().includes('ended'), 'the end');
    expect(states()[0]).toBe('starting');
  });
});

test('a replica that lost records resumes, and calls there are unknown', async () => {
  const [a, b] = (await bench.run(2)) as [FakeAgent, FakeAgent];
  for (const agent of [a, b]) agent.turn(1, [read]).turn(2, [read]).flush();
  await until(() => b.acked === 4, 'an ack');
  b.cut();
  b.turn(3, [read]).flush();
  const lost = b.batches.pop();
  await b.connect({ positions: [{ stream: 0, records: b.sequence, logFrames: 2 }] });
  expect(lost?.count).toBe(2);
  b.turn(4, [read]).turn(5, [read]).bye();
  a.turn(3, [read]).turn(4, [read]).turn(5, [read]).bye();
  const { alerts, run, reason } = await bench.collector.settled(bench.runId);
  expect(alerts.map(({ kind }) => kind)).toEqual(['evidence-gap']);
  expect(reason?.code).toBe('gap');
  expect(run.matched).toBeGreaterThanOrEqual(2);
});
