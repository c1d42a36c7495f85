import { apiId, CloseCode, Reason, RecordKind, Role } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { canonical, delivery, noise, nothing } from './support/replica.ts';
import { items, useRun } from './support/run.ts';
import { until } from './support/until.ts';

const api = apiId('fs.writeFile');
const MEBIBYTE = 1024 * 1024;

describe('a transport whose collector goes away', () => {
  const run = useRun();

  it('goes on where the collector left off, with the same bytes', async () => {
    const { collector } = run;
    const { outbox } = run.start();
    const sent: Buffer[] = [];
    collector.onBinary = (frame) => sent.push(Buffer.from(frame));
    const entry = delivery(api, canonical('entry'));
    const step = (turn: number): void => {
      outbox.call(RecordKind.call, 0, api, turn, -1, 0, turn, 2, '/a', canonical(turn));
      outbox.logEntry(entry);
      outbox.flush(turn + 1);
    };
    step(0);
    await until(
      'the first turn',
      () => collector.finishedTurns === 1 && collector.log.length === 1,
    );
    await until('the agent has read the acknowledgement', () => {
      outbox.counters({});
      return collector.said('counters').at(-1)?.counters['transport.spoolBytes'] === 0;
    });
    // From now on the collector forgets what it gets: as if it died before it was written.
    collector.acknowledges = false;
    step(1);
    await until('the second turn', () => collector.finishedTurns === 2);
    await until('its log', () => collector.log.length === 2);
    await collector.kill();
    collector.records.length = 1;
    const lost = collector.log.splice(1);
    for (let turn = 2; turn < 500; turn++) step(turn);
    collector.acknowledges = true;
    await collector.start();
    await until('all turns', () => collector.finishedTurns === 500);
    expect(collector.records.map(({ turn }) => turn)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
    expect(collector.holes).toBe(0);
    expect(collector.log[1]?.equals(lost[0] ?? Buffer.alloc(0))).toBe(true);
    const connections = collector.hellos.map(({ connection }) => connection);
    expect(connections).toEqual([...connections].sort((a, b) => a - b));
    expect(new Set(connections).size).toBe(connections.length);
    expect(collector.hellos.at(-1)?.positions).toEqual([{ stream: 0, records: 1, logFrames: 1 }]);
  });

  it('waits for a collector that starts later', async () => {
    await run.collector.kill();
    const { outbox } = run.start();
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '/a', canonical(1));
    outbox.flush(1);
    await run.collector.start();
    await until('the record', () => run.collector.records.length === 1);
  });

  it('says again on the next connection that it has stopped', async () => {
    const { collector } = run;
    const { outbox } = run.start();
    outbox.stopped(Reason.notFollowed, 'tls.connect', 'x'.repeat(5000));
    await until('stopped', () => collector.said('stopped').length === 1);
    expect(collector.said('stopped')[0]?.detail).toHaveLength(4000);
    await collector.kill();
    await collector.start();
    await until('stopped again', () => collector.said('stopped').length === 2);
  });

  it('counts its reconnects', async () => {
    const { collector } = run;
    const { outbox } = run.start();
    await until('hello', () => collector.hellos.length === 1);
    await collector.kill();
    await collector.start();
    await until('hello again', () => collector.hellos.length === 2);
    outbox.counters({ 'hooks.failed': 2 });
    // Counters may have been said before, on either connection.
    const counted = () => collector.said('counters').find((said) => said.counters['hooks.failed']);
    await until('counters', () => counted() !== undefined);
    const frame = counted();
    expect(frame?.counters).toMatchObject({ 'hooks.failed': 2, 'transport.dropped': 0 });
    expect(frame?.counters['transport.reconnects']).toBeGreaterThan(0);
    expect(frame?.counters['transport.bytesSent']).toBeGreaterThan(0);
  });

  it('loses records beyond the limit of its spool and says so where they would stand', async () => {
    const { collector } = run;
    collector.acknowledges = false;
    const { outbox } = run.start({ spoolBytes: 256 * 1024 });
    const bytes = canonical('x');
    for (let turn = 0; turn < 20_000; turn++) {
      outbox.call(RecordKind.call, 0, api, turn, -1, 0, 1, 2, '/a', bytes);
    }
    outbox.flush(20_000);
    await until('dropped records', () => outbox.dropped > 0);
    await until('the held records', () => collector.records.length > 8000);
    expect(collector.records.length).toBeLessThan(14_000);
    await until('the watermark', () => collector.finishedTurns === 20_000);
    collector.acknowledges = true;
    collector.say({ type: 'ack', positions: [collector.position] });
    outbox.call(RecordKind.call, 0, api, 20_000, -1, 0, 1, 2, '/a', bytes);
    outbox.flush(20_001);
    await until('the last turn', () => collector.finishedTurns === 20_001);
    await until('its record', () => collector.records.at(-1)?.turn === 20_000);
    const gap = collector.records.at(-2);
    expect(gap).toMatchObject({ kind: RecordKind.gap, parentTurn: -1, digestLo: 0 });
    expect(gap?.targetLo).toBe(20_001 - (collector.records.length - 1));
    expect(gap?.turn).toBe(collector.records.length - 2);
    expect(collector.holes).toBe(0);
  });

  it('ends the log of a leader beyond the limit of its spool, once', async () => {
    const { collector } = run;
    await collector.kill();
    const { outbox } = run.start({ spoolBytes: MEBIBYTE });
    for (let i = 0; i < 40; i++) {
      outbox.logEntry(delivery(api, noise(100_000)));
      outbox.flush(i + 1);
    }
    await collector.start();
    await until('stopped', () => collector.said('stopped').length > 0);
    expect(collector.said('stopped')).toMatchObject([{ code: Reason.spoolFull, api: null }]);
    await until('what was kept', () => collector.log.length >= 10);
    expect(collector.log.length).toBeLessThan(13);
  });
});

describe('a refused transport', () => {
  const run = useRun();

  it('tries again when the collector says that it may help', async () => {
    let refusals = 0;
    run.collector.greet = (socket) => {
      if (refusals++ > 1) return run.collector.welcome(socket);
      const message = 'unknown token';
      socket.send(JSON.stringify({ type: 'refuse', code: 'TOKEN', message, retryable: true }));
      socket.close(CloseCode.unauthorized);
    };
    const { outbox } = run.start();
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '/a', canonical(1));
    outbox.flush(1);
    await until('the record', () => run.collector.records.length === 1);
    expect(run.collector.hellos.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  it.each([Role.leader, Role.follower])('gives up for good as a %s', async (role) => {
    run.collector.greet = (socket) => {
      const message = 'argv differs';
      socket.send(JSON.stringify({ type: 'refuse', code: 'SETTING', message, retryable: false }));
      socket.close(CloseCode.settingDiffers);
    };
    const transport = run.start({ role });
    await until(
      'nobody connected',
      () => run.collector.hellos.length === 1 && run.collector.deserted,
    );
    await until('a drain that does not wait', () => {
      const before = performance.now();
      expect(transport.drain(2000)).toBe(false);
      return performance.now() - before < 1000;
    });
    expect(transport.alive).toBe(true);
    if (role === Role.leader) expect(transport.inbox.take()).toBeNull();
    else expect(await items(transport, 1)).toMatchObject([{ code: Reason.setupMismatch }]);
  });

  it('gives up for good when its URL is none', async () => {
    const transport = run.create({ url: 'nonsense' });
    transport.setSetting({}, nothing);
    transport.outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '/a', canonical(1));
    expect(transport.drain(3000)).toBe(false);
    expect(transport.alive).toBe(true);
  });

  it('comes back after a frame it could not read', async () => {
    run.start();
    await until('hello', () => run.collector.hellos.length === 1);
    run.collector.socket?.send('{"type":"nonsense"}');
    await until('hello again', () => run.collector.hellos.length === 2);
  });
});
