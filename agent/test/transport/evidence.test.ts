import { apiId, type EvidenceItem, type EvidenceNode, RecordKind, Role } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { canonical } from './support/replica.ts';
import { type Run, useRun } from './support/run.ts';
import { until } from './support/until.ts';

const api = apiId('fs.writeFile');
let requests = 0;

/** Asks for calls by turn and ordinal. */
async function ask(run: Run, ...calls: [number, number][]): Promise<readonly EvidenceItem[]> {
  const requestId = ++requests;
  run.collector.say({
    type: 'evidence-request',
    requestId,
    stream: 0,
    calls: calls.map(([turn, ordinal]) => ({ turn, ordinal })),
  });
  const answers = (): readonly EvidenceItem[][] =>
    run.collector
      .said('evidence')
      .filter((frame) => frame.requestId === requestId)
      .map(({ items }) => [...items]);
  await until('an answer', () => answers().length === 1);
  return answers()[0] ?? [];
}

function text(node: EvidenceNode | null | undefined): string {
  return JSON.stringify(node);
}

describe('evidence', () => {
  const run = useRun();

  it('is the bytes that were hashed, with target and stack', async () => {
    const { outbox } = run.start();
    outbox.call(RecordKind.turn, 0, api, 4, 3, 0, 1, 2, 'key', canonical(null));
    outbox.call(RecordKind.call, 0, api, 4, -1, 0, 1, 2, '/srv/žluť', canonical(['a', 1]));
    outbox.stack('at write (/srv/app.js:3:4)\nat žluť (/srv/app.js:9:1)');
    outbox.call(RecordKind.call, 0, api, 4, -1, 1, 1, 2, '', canonical('b'));
    outbox.flush(5);
    await until('records', () => run.collector.records.length === 3);
    expect(await ask(run, [4, 1], [4, 0])).toMatchObject([
      { status: 'found', target: null, arguments: { text: 'b' }, stack: [] },
      {
        status: 'found',
        api: 'fs.writeFile',
        target: '/srv/žluť',
        arguments: { type: 'list', items: [{ text: 'a' }, { text: '1' }] },
        stack: ['at write (/srv/app.js:3:4)', 'at žluť (/srv/app.js:9:1)'],
      },
    ]);
  });

  it('is expired once the ring has gone over it, and never made when it was not', async () => {
    const { outbox } = run.start({ evidenceBytes: 600_000 });
    const bytes = canonical('x'.repeat(1000));
    for (let turn = 0; turn < 1000; turn++) {
      outbox.call(RecordKind.call, 0, api, turn, -1, 0, 1, 2, '/a', bytes);
      outbox.stack(`at turn ${turn}`);
    }
    outbox.flush(1000);
    await until('records', () => run.collector.records.length === 1000);
    const [old, fresh, absent, future] = await ask(run, [2, 0], [999, 0], [999, 1], [1500, 0]);
    expect([old?.status, absent?.status, future?.status]).toEqual([
      'expired',
      'never-made',
      'never-made',
    ]);
    expect(fresh).toMatchObject({ status: 'found', stack: ['at turn 999'] });
  });

  it('is cut down to what one answer may carry, and says so', async () => {
    const { outbox } = run.start();
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row ${id}` }));
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '/a', canonical(rows));
    outbox.call(RecordKind.call, 0, api, 0, -1, 1, 1, 2, '/a', canonical('y'.repeat(9_000_000)));
    outbox.flush(1);
    await until('records', () => run.collector.records.length === 2);
    const [list, huge] = await ask(run, [0, 0], [0, 1]);
    expect(text(list?.arguments)).toContain('more items');
    expect(text(list?.arguments).length).toBeLessThan(256 * 1024);
    expect(huge?.arguments).toMatchObject({ type: 'truncated' });
    expect(text(huge?.arguments)).toContain('not kept');
  });

  it('holds no secret', async () => {
    const secrets = ['hunter2', 'Bearer abc', 'sid=99', 's3cret', 'kind-of-blue', 'pw1', 'tok5'];
    const { outbox } = run.start({ redact: ['album'] });
    const head =
      'POST / HTTP/1.1\r\nAuthorization: Bearer abc\r\nHost: shop\r\n\r\n{"password":"hunter2"}';
    const args = [
      { user: 'ann', dbPassword: 'hunter2', nested: { album: 'kind-of-blue', price: 3 } },
      new Map([['access_token', 's3cret']]),
      ['Host', 'shop', 'Set-Cookie', 'sid=99', 'X-Id', '7'],
      Buffer.from(head),
      head,
    ];
    const target = 'https://ann:pw1@shop/items?page=2&token=tok5';
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, target, canonical(args));
    outbox.flush(1);
    await until('records', () => run.collector.records.length === 1);
    const [item] = await ask(run, [0, 0]);
    const json = JSON.stringify(item, (key, value) =>
      key === 'base64' ? Buffer.from(value, 'base64').toString() : value,
    );
    for (const secret of secrets) expect(json).not.toContain(secret);
    for (const kept of ['ann', 'shop', 'page=2', 'X-Id', '"7"', 'POST / HTTP/1.1']) {
      expect(json).toContain(kept);
    }
    expect(json).toContain('[redacted ');
  });

  it('shows by a keyed mark whether two secrets are the same one', async () => {
    const { outbox } = run.start();
    for (const [ordinal, token] of ['one', 'one', 'two'].entries()) {
      outbox.call(RecordKind.call, 0, api, 0, -1, ordinal, 1, 2, '', canonical({ token }));
    }
    outbox.flush(1);
    await until('records', () => run.collector.records.length === 3);
    const [first, same, other] = await ask(run, [0, 0], [0, 1], [0, 2]);
    expect(text(first?.arguments)).toBe(text(same?.arguments));
    expect(text(first?.arguments)).not.toBe(text(other?.arguments));
  });

  it('fits a control frame when as many calls are asked for as may be', async () => {
    const { outbox } = run.start();
    const bytes = canonical('z'.repeat(30_000));
    for (let i = 0; i < 256; i++) outbox.call(0, 0, api, 0, -1, i, 1, 2, '', bytes);
    outbox.flush(1);
    await until('records', () => run.collector.records.length === 256);
    const calls = Array.from({ length: 256 }, (_, i): [number, number] => [0, i]);
    const answer = await ask(run, ...calls);
    expect(answer.every(({ status }) => status === 'found')).toBe(true);
  });

  it('is given after bye too, for as long as it is asked for', async () => {
    const { outbox } = run.start({ role: Role.follower });
    outbox.call(RecordKind.call, 0, api, 0, -1, 0, 1, 2, '/a', canonical('last'));
    outbox.flush(1);
    outbox.end(0, true);
    await until('bye', () => run.collector.said('bye').length === 1);
    for (let i = 0; i < 3; i++) {
      expect(await ask(run, [0, 0])).toMatchObject([{ arguments: { text: 'last' } }]);
    }
    await until('the close that follows', () => run.collector.deserted);
    expect(run.collector.hellos).toHaveLength(1);
  });
});
