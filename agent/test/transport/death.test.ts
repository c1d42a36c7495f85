import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiId, Reason, Role } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/transport/index.ts';
import { canonical, delivery } from './support/replica.ts';
import { useRun } from './support/run.ts';
import { until } from './support/until.ts';

const api = apiId('fs.writeFile');

/** Uses everything an outbox has. */
function useOutbox({ outbox }: Transport): boolean {
  outbox.call(0, 0, api, 0, -1, 0, 1, 2, '/a', canonical(1));
  outbox.stack('at write');
  const kept = outbox.logEntry(delivery(api, canonical(1)));
  outbox.counters({ a: 1 });
  outbox.stopped(Reason.notFollowed, null, '');
  outbox.flush(1);
  outbox.end(0, true);
  return kept;
}

describe('a transport whose thread has died', () => {
  const run = useRun();

  const deaths: readonly [string, string | null][] = [
    ['exits', 'process.exit(3)'],
    ['throws', 'setTimeout(() => { throw new Error("broken") })'],
    ['does not compile', 'const ='],
    ['does not exist', null],
  ];

  it.each(deaths)('drops and counts when the worker %s', async (how, source) => {
    const workerFile = join(run.bundles.folder, `${how.replaceAll(' ', '-')}.cjs`);
    if (source !== null) writeFileSync(workerFile, source);
    const transport = run.start({ workerFile });
    await until('death', () => !transport.alive);
    expect(useOutbox(transport)).toBe(false);
    expect(transport.outbox.dropped).toBeGreaterThan(2);
    const before = performance.now();
    expect(transport.drain(5000)).toBe(false);
    transport.inbox.wait(5000);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(transport.inbox.take()).toBeNull();
  });

  it('tells a follower once that it must end', async () => {
    const workerFile = join(run.bundles.folder, 'gone.cjs');
    let called = 0;
    const transport = run.start({ workerFile, role: Role.follower });
    transport.inbox.onArrival(() => {
      called++;
    });
    await until('the call', () => called > 0);
    expect(transport.inbox.take()).toMatchObject({ type: 'end', code: Reason.replicaEnded });
    expect(transport.inbox.take()).toBeNull();
  });

  it('is one when its worker file is not a path', () => {
    const transport = run.create({ workerFile: 'relative.cjs' });
    expect(transport.alive).toBe(false);
    expect(useOutbox(transport)).toBe(false);
  });
});
