import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('children', () => {
  it('throw what the leader got when a command cannot start', async () => {
    await expectAgreement('failed-commands.cjs', 8);
  }, 30_000);

  it('run in the leader only; their output, ends and exits reach every replica', async () => {
    await expectAgreement('child.cjs', 350);
  }, 30_000);

  it('are started once', async () => {
    const trial = await runTrial([program('child-once.cjs')]);
    expect(trial.ends.map((end) => end.stdout)).toEqual(['started\n', '', '']);
    expect(trial.differences).toEqual([]);
  }, 30_000);

  it('that answer over their channels agree, in pools and as a cluster', async () => {
    await expectAgreement('child-ipc.cjs', 8);
    await expectAgreement('child-messages.cjs', 200);
    await expectAgreement('cluster.cjs', 250);
    await expectAgreement('cluster.cjs', 200, { args: ['none'] });
  }, 90_000);

  it('by functions that the program put beneath the synchronous ones', async () => {
    const trial = await runTrial([program('wrapped-spawn.cjs')]);
    expect(trial.differences).toEqual([]);
    expect(trial.replicas.map(({ stopped }) => stopped)).toEqual([null, null, null]);
    expect(trial.ends.map(({ stdout }) => stdout)).toEqual(['5\n', '', '']);
    expect(trial.calls).toBeGreaterThanOrEqual(20);
  }, 30_000);
});
