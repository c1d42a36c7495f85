import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

describe('children', () => {
  it('run in the leader only; their output, ends and exits reach every replica', async () => {
    await expectAgreement('child.cjs', 350);
  }, 30_000);

  it('are started once', async () => {
    const trial = await runTrial([program('child-once.cjs')]);
    expect(trial.ends.map((end) => end.stdout)).toEqual(['started\n', '', '']);
    expect(trial.differences).toEqual([]);
  }, 30_000);

  it('with an IPC channel end following, and run all the same', async () => {
    const trial = await runTrial([program('child-ipc.cjs')]);
    expect(trial.ends[0]).toMatchObject({ code: 0, stdout: 'got pong\n' });
    expect(trial.replicas[0]?.stopped).toMatchObject({ api: 'child_process.ipc' });
    for (const { end } of trial.replicas.slice(1)) expect(end.complete).toBe(false);
  }, 30_000);
});
