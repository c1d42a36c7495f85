import { describe, expect, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';
import { expectEqual, serviceTrial } from '../support/drive-service.ts';

describe('an HTTP service and its followers', () => {
  it('agree on bodies, shared state and a pooled upstream under load', async () => {
    const trial = await serviceTrial('http-orders.cjs', 300, 16, 'post');
    expectEqual(trial, 5000);
    const kinds = [...(trial.replicas[1]?.calls.values() ?? [])];
    const responses = kinds.filter((call) => call.api === 'http.server.response');
    // The service's own upstream answers once for each order.
    expect(responses).toHaveLength(601);
    expect(responses.some((call) => call.target === 'POST /orders/1')).toBe(true);
  }, 60_000);

  it('agree on chunked uploads', async () => {
    expectEqual(await serviceTrial('http-orders.cjs', 150, 24, 'chunked'), 2000);
  }, 60_000);

  it('agree when a tenth of the clients go away', async () => {
    expectEqual(await serviceTrial('http-orders.cjs', 150, 8, 'abort'), 2000);
  }, 60_000);

  it('agree on pipelining, expectations, malformed and slow requests, upgrades and limits', async () => {
    await expectAgreement('http-edges.cjs', 900, { sameOutput: false });
  }, 60_000);
});
