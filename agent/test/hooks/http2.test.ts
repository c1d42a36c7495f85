import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { runTrial } from '../support/trial.mjs';

/** Longest trial, milliseconds: three processes beside whatever else runs. */
const TRIAL_MS = 60_000;

describe('HTTP/2 in both directions', { timeout: TRIAL_MS }, () => {
  it('agrees on streams, pushes, trailers, pings, settings, resets, goodbyes and large bodies', async () => {
    const trial = await expectAgreement('http2.cjs', 3000, { timeoutMs: TRIAL_MS });
    const calls = [...(trial.replicas[1]?.calls.values() ?? [])];
    const targets = (api: string): Set<unknown> =>
      new Set(calls.filter((call) => call.api === api).map((call) => call.target));
    expect(targets('http2.request')).toContain('POST /echo');
    expect(targets('http2.stream.respond')).toContain('GET /hello');
    expect(targets('http2.stream.write')).toContain('GET /big');
  });

  it('agrees on answers that native code reads from files and descriptors', async () => {
    await expectAgreement('http2-files.cjs', 600, { timeoutMs: TRIAL_MS });
  });

  it('stands on the same stacks wherever native code calls', async () => {
    await expectAgreement('http2-stacks.cjs', 25);
  });

  it('is not followed where it was loaded before the agent, and says so', async () => {
    const nodeArgs = ['--require', program('http2-early.cjs')];
    const trial = await runTrial([program('http2-files.cjs')], { nodeArgs });
    expect(trial.ends[0]).toMatchObject({ code: 0, stdout: 'true\n' });
    for (const { stopped } of trial.replicas) {
      expect(stopped).toMatchObject({ api: expect.stringMatching(/^http2\./) });
    }
  });
});
