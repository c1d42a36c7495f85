import { join } from 'node:path';
import { apiId, apiName, KeyLabel, RecordKind, Role } from '@lockstep/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// biome-ignore lint/correctness/noUnresolvedImports: its declaration file wraps the default export in `declare module`
import xxhash from 'xxhash-wasm';
import { type InboxItem, startTransport, type Transport } from '../../src/transport/index.ts';
import { deriveKey } from '../../src/transport/keys.ts';
import { type Bundles, makeBundles } from './support/bundles.ts';
import { FakeCollector } from './support/fake-collector.ts';
import { canonical, delivery, nothing, replicaOptions } from './support/replica.ts';
import { until } from './support/until.ts';

const api = apiId('fs.readFile');

describe('transport', () => {
  let bundles: Bundles;
  let collector: FakeCollector;
  let url: string;
  beforeAll(async () => {
    bundles = await makeBundles();
  });
  afterAll(() => bundles.remove());
  beforeEach(async () => {
    collector = new FakeCollector();
    url = await collector.start(join(bundles.folder, 'agent.sock'));
  });
  afterEach(() => collector.kill());

  function start(more = {}): Transport {
    const transport = startTransport(replicaOptions(bundles.worker, url, more));
    transport.setSetting({ argv: 'server.js' }, nothing);
    return transport;
  }

  it('hands records over in order, with the digest of name and canonical bytes', async () => {
    const { outbox } = start();
    const bytes = canonical(['/etc/hosts', { encoding: 'utf8' }]);
    outbox.call(RecordKind.call, 3, api, 0, -1, 0, 0xfffffff1, 7, '/etc/hosts', bytes);
    outbox.call(RecordKind.turn, 0, api, 5, 2, 0, 1, 0xffffffff, 'ключ', canonical(null));
    outbox.flush(5);
    await until('two records', () => collector.records.length === 2);
    const { h64Raw } = await xxhash();
    const options = replicaOptions(bundles.worker, url);
    const seed = deriveKey(options.secrets, KeyLabel.hash, 8).readBigUInt64LE();
    const digest = h64Raw(Buffer.concat([Buffer.from(`${apiName(api)}\0`), bytes]), seed);
    expect(collector.records[0]).toEqual({
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
    expect(collector.records[1]).toMatchObject({ turn: 5, parentTurn: 2, kind: RecordKind.turn });
    expect(collector.finishedTurns).toBe(5);
    expect(collector.hellos[0]).toMatchObject({ connection: 1, setting: { argv: 'server.js' } });
  });

  it('carries log entries to a follower that has the key', async () => {
    const leader = start();
    const small = delivery(api, canonical('first'));
    const large = delivery(api, canonical('x'.repeat(300_000)));
    leader.outbox.logEntry(small);
    leader.outbox.logEntry(large);
    leader.outbox.logEntry(small);
    leader.outbox.flush(1);
    await until('log frames', () => collector.log.length === 2);
    const frames = collector.log.slice();
    collector.greet = (socket) => {
      collector.welcome(socket);
      for (const frame of frames) socket.send(frame);
      collector.say({ type: 'log-closed', stream: 0, frames: frames.length, clean: true });
    };
    const follower = start({ role: Role.follower, replica: 'b' });
    const items: InboxItem[] = [];
    await until('items', () => {
      for (let item = follower.inbox.take(); item; item = follower.inbox.take()) items.push(item);
      return items.length === 3;
    });
    expect(items[0]).toMatchObject({ type: 'entries', count: 2, turnBase: 0 });
    expect(items[1]).toMatchObject({ type: 'entries', count: 1, turnBase: 2 });
    const plain = items.flatMap((item) => (item.type === 'entries' ? [item.bytes] : []));
    expect(Buffer.concat(plain).equals(Buffer.concat([small, large, small]))).toBe(true);
    expect(items[2]).toEqual({ type: 'closed', clean: true });
  });

  it('says bye after everything and reports a drained outbox', async () => {
    const { outbox, ...transport } = start();
    expect(transport).toBeDefined();
    outbox.call(RecordKind.exit, 0, apiId('process.exit'), 0, -1, 0, 0, 0, '', canonical(3));
    outbox.end(3, true);
    await until('bye', () => collector.said('bye').length === 1);
    expect(collector.said('bye')[0]).toEqual({
      type: 'bye',
      exitCode: 3,
      complete: true,
      positions: [{ stream: 0, records: 1, logFrames: 0 }],
    });
  });
});
