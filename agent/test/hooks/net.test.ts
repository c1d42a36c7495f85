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

  it('end being followed at the first use of TLS, which goes on in the leader', async () => {
    const trial = await runTrial([program('net-tls.cjs')]);
    expect(trial.ends.map((end) => end.code)).toEqual([0, 0, 0]);
    expect(trial.ends[0].stdout).toContain('ECONNREFUSED');
    expect(trial.replicas.map((replica) => replica.stopped?.api)).toEqual([
      'tls.connect',
      'tls.connect',
      'tls.connect',
    ]);
  });
});
