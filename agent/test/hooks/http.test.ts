import { describe, expect, it } from 'vitest';
import { expectAgreement, program } from '../support/agree.ts';
import { expectEqual, serviceTrial } from '../support/drive-service.ts';
import { runTrial } from '../support/trial.mjs';

/** Longest trial, milliseconds: three processes and a driver beside whatever else runs. */
const TRIAL_MS = 60_000;

describe('an HTTP service and its followers', { timeout: TRIAL_MS }, () => {
  it('agree on bodies, shared state and a pooled upstream under load', async () => {
    const trial = await serviceTrial('http-orders.cjs', 300, 16, 'post');
    expectEqual(trial, 5000);
    const kinds = [...(trial.replicas[1]?.calls.values() ?? [])];
    const responses = kinds.filter((call) => call.api === 'http.server.response');
    // The service's own upstream answers once for each order.
    expect(responses).toHaveLength(601);
    expect(responses.some((call) => call.target === 'POST /orders/1')).toBe(true);
  });

  it('agree on chunked uploads', async () => {
    expectEqual(await serviceTrial('http-orders.cjs', 150, 24, 'chunked'), 2000);
  });

  it('agree when a tenth of the clients go away', async () => {
    expectEqual(await serviceTrial('http-orders.cjs', 150, 8, 'abort'), 2000);
  });

  it('agree on pipelining, expectations, malformed and slow requests, upgrades and limits', async () => {
    await expectAgreement('http-edges.cjs', 900, { sameOutput: false, timeoutMs: TRIAL_MS });
  });

  it('agree on upgrades, tunnels, expectations, information and trailers in both directions', async () => {
    await expectAgreement('http-upgrade.cjs', 1000, { timeoutMs: TRIAL_MS });
  });

  it('agree on WebSockets: fragments, pings, compression, closes and abrupt ends', async () => {
    await expectAgreement('ws.cjs', 3000, { timeoutMs: TRIAL_MS });
  });

  it('run each callback in the same context, above the same stack', async () => {
    await expectAgreement('http-context.cjs', 120, { sameOutput: false });
  });

  it('end alike when a handler throws', async () => {
    const trial = await runTrial([program('http-throws.cjs')]);
    expect(trial.differences).toEqual([]);
    expect(trial.ends.map((end) => end.code)).toEqual([1, 1, 1]);
    expect(trial.ends[0].stderr).toContain('TypeError: cannot read it');
  });

  it('agree on 500 concurrent fetches and on bodies of 16 MB', async () => {
    await expectAgreement('fetch.cjs', 5000, { sameOutput: false, timeoutMs: TRIAL_MS });
  });
});
