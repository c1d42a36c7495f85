import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { apiId, apiName, KeyLabel, RecordKind, Role, readFrameHeader } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
// biome-ignore lint/correctness/noUnresolvedImports: its declaration file wraps the default export in `declare module`
import xxhash from 'xxhash-wasm';
import { deriveKey } from '../../src/transport/keys.ts';
import { AGENT_VERSION } from '../../src/transport/version.ts';
import { canonical, delivery, nothing, replicaOptions } from './support/replica.ts';
import { items, plainBytes, useRun } from './support/run.ts';
import { until } from './support/until.ts';

const api = apiId('fs.readFile');

describe('transport', () => {
  const run = useRun();

  it('hands records over in order, with the digest of name and canonical bytes', async () => {
    const { outbox } = run.start();
    const bytes = canonical(['/etc/hosts', { encoding: 'utf8' }]);
    outbox.call(RecordKind.call, 3, api, 0, -1, 0, 0xfffffff1, 7, '/etc/hosts', bytes);
    outbox.call(RecordKind.turn, 0, api, 5, 2, 0, 1, 0xffffffff, 'ключ', canonical(null));
    outbox.flush(5);
    await until('two records', () => run.collector.records.length === 2);
    const { h64Raw } = await xxhash();
    const options = replicaOptions(run.bundles.worker, run.url);
    const seed = deriveKey(options, KeyLabel.hash, 8).readBigUInt64LE();
    const digest = h64Raw(Buffer.concat([Buffer.from(`${apiName(api)}\0`), bytes]), seed);
    expect(run.collector.records[0]).toEqual({
      kind: RecordKind.call,
      flags: 3,
      api,
      turn: 0,
      parentTurn: -1,
      ordinal: 0,
      targetLo: 0xfffffff1,
      targetHi: 7,
      digestLo: Number(digest & 0xffff_ffffn),
      digestHi: Number(digest >> 32n),
      digestLo2: 0,
      digestHi2: 0,
    });
    expect(run.collector.records[1]).toMatchObject({
      turn: 5,
      parentTurn: 2,
      kind: RecordKind.turn,
    });
    expect(run.collector.finishedTurns).toBe(5);
    expect(run.collector.hellos[0]).toMatchObject({
      connection: 1,
      setting: { argv: 'server.js' },
    });
  });

  it('carries log entries to a follower that has the key', async () => {
    const leader = run.start();
    const small = delivery(api, canonical('first'));
    const large = delivery(api, canonical('x'.repeat(300_000)));
    leader.outbox.logEntry(small);
    leader.outbox.logEntry(large);
    leader.outbox.logEntry(small);
    leader.outbox.flush(1);
    await until('log frames', () => run.collector.log.length === 2);
    const frames = run.collector.log.slice();
    run.collector.greet = (socket) => {
      run.collector.welcome(socket);
      for (const frame of frames) socket.send(frame);
      run.collector.say({ type: 'log-closed', stream: 0, frames: frames.length, clean: true });
    };
    const follower = run.start({ role: Role.follower, replica: 'b' });
    const taken = await items(follower, 3);
    expect(taken[0]).toMatchObject({ type: 'entries', count: 2, turnBase: 0 });
    expect(taken[1]).toMatchObject({ type: 'entries', count: 1, turnBase: 2 });
    expect(plainBytes(taken).equals(Buffer.concat([small, large, small]))).toBe(true);
    expect(taken[2]).toEqual({ type: 'closed', clean: true });
  });

  it('says bye after everything', async () => {
    const transport = run.start();
    const { outbox } = transport;
    outbox.call(RecordKind.exit, 0, apiId('process.exit'), 0, -1, 0, 0, 0, '', canonical(3));
    outbox.end(3, true);
    expect(transport.alive).toBe(true);
    await until('bye', () => run.collector.said('bye').length === 1);
    expect(run.collector.said('bye')[0]).toEqual({
      type: 'bye',
      exitCode: 3,
      complete: true,
      positions: [{ stream: 0, records: 1, logFrames: 0 }],
    });
  });

  it('digests with 128 bits of HMAC in strong mode', async () => {
    const { outbox } = run.start({ strong: true });
    const bytes = canonical({ amount: 12 });
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '', bytes);
    outbox.flush(1);
    await until('a record', () => run.collector.records.length === 1);
    const { secrets } = replicaOptions('', '');
    const mac = createHmac('sha256', deriveKey({ secrets, logName: 'main' }, KeyLabel.mac, 32))
      .update(`${apiName(api)}\0`)
      .update(bytes)
      .digest();
    const [record] = run.collector.records;
    const words = [record?.digestLo, record?.digestHi, record?.digestLo2, record?.digestHi2];
    expect(words).toEqual([0, 4, 8, 12].map((at) => mac.readUInt32LE(at)));
  });

  it('takes a burst of 200,000 calls without losing one', async () => {
    const { outbox } = run.start();
    const bytes = canonical('burst');
    for (let i = 0; i < 200_000; i++) {
      outbox.call(RecordKind.call, 0, api, 0, -1, i, i, 2, '/a', bytes);
    }
    outbox.flush(1);
    await until('all records', () => run.collector.records.length === 200_000);
    expect(outbox.dropped).toBe(0);
    expect(run.collector.records.every((record, i) => record.ordinal === i)).toBe(true);
    await until('the watermark', () => run.collector.finishedTurns === 1);
  });

  it('calls no turn finished before its last record was sent', async () => {
    let early = 0;
    run.collector.onBinary = (frame) => {
      const header = readFrameHeader(frame);
      if (header.finishedTurns > 0 && header.total < 10_000) early++;
    };
    const { outbox } = run.start();
    const bytes = canonical(1);
    for (let i = 0; i < 10_000; i++) outbox.call(0, 0, api, 0, -1, i, i, 2, '', bytes);
    outbox.flush(1);
    await until('the watermark', () => run.collector.finishedTurns === 1);
    expect(early).toBe(0);
    expect(run.collector.records).toHaveLength(10_000);
  });

  it('sends a watermark by itself for a turn without records', async () => {
    const { outbox } = run.start();
    outbox.flush(1);
    await until('the first watermark', () => run.collector.finishedTurns === 1);
    outbox.flush(2);
    await until('the second watermark', () => run.collector.finishedTurns === 2);
    expect(run.collector.records).toHaveLength(0);
  });

  it('greets only once the setting is known', async () => {
    const transport = run.create();
    transport.outbox.call(0, 0, api, 0, -1, 0, 1, 2, '', canonical(1));
    transport.outbox.flush(1);
    expect(transport.drain(300)).toBe(false);
    expect(run.collector.hellos).toHaveLength(0);
    transport.setSetting({ node: 'v20' }, nothing);
    await until('hello', () => run.collector.hellos.length === 1);
    await until('the record', () => run.collector.records.length === 1);
  });

  it('names the version that its package has', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version: AGENT_VERSION });
  });
});
