import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

const varied = { sameOutput: false };

/** Longest trial, milliseconds: three processes beside whatever else runs. */
const TRIAL_MS = 60_000;

describe('sockets of leader and followers', { timeout: TRIAL_MS }, () => {
  it('see the same echoes, back-pressure, pauses, resets, timeouts and refusals', async () => {
    await expectAgreement('net-echo.cjs', 400, varied);
  });

  it('try the addresses of a name in the same order', async () => {
    await expectAgreement('net-attempts.cjs', 20, varied);
  });

  it('differ in the write that sends what differs', async () => {
    const trial = await runTrial([program('net-differs.cjs')]);
    expect(trial.differences.map((one) => one.calls[0]?.api)).toContain('net.end');
  });
});
