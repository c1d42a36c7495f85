import { expect, it, vi } from 'vitest';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.ts';
import { startRetention } from '../../src/store/retention.ts';
import { run } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';

const DAY_MS = 86_400_000;

class FailingOnce extends EmbeddedStore {
  fails: boolean = false;
  rounds = 0;

  override async expire(before: string): Promise<number> {
    this.rounds += 1;
    if (this.fails) throw new Error('disk on fire');
    return super.expire(before);
  }
}

it('removes what ended too long ago at the start and every hour, reports a failure and goes on', async () => {
  const clock = new ManualClock();
  const ago = (ms: number): string => new Date(clock.now() - ms).toISOString();
  const store = new FailingOnce('memory:');
  await store.open();
  await store.saveRuns([
    run({ runId: 'too-old', endedAt: ago(7 * DAY_MS + 1) }),
    run({ runId: 'old-in-an-hour', endedAt: ago(7 * DAY_MS - 1) }),
    run({ runId: 'young', endedAt: ago(DAY_MS) }),
  ]);
  const kept = async (): Promise<string[]> =>
    (await store.runs({ limit: 9 })).items.map(({ runId }) => runId);
  const reports: string[] = [];
  const options = { clock, retentionDays: 7, report: (line: string) => reports.push(line) };
  const retention = startRetention(store, options);
  const waiting = async (): Promise<void> => vi.waitFor(() => expect(clock.delays).toHaveLength(1));
  await waiting();
  expect(await kept()).toEqual(['young', 'old-in-an-hour']);
  store.fails = true;
  clock.advance(3_600_000);
  await waiting();
  expect(reports).toEqual([expect.stringMatching(/^retention: .*disk on fire/)]);
  store.fails = false;
  clock.advance(3_600_000);
  await waiting();
  expect(await kept()).toEqual(['young']);
  retention.stop();
  clock.advance(10 * DAY_MS);
  expect(store.rounds).toBe(3);
});
