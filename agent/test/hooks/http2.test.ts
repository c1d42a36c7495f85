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

  it('ends following at an answer that native code reads from a file', async () => {
    const trial = await runTrial([program('http2-file.cjs')]);
    expect(trial.ends[0]?.stdout).toMatch(/^\d+\n$/);
    for (const { stopped } of trial.replicas) {
      expect(stopped).toMatchObject({ api: 'http2.respondWithFile' });
    }
  });
});
