import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

describe('TLS connections and their followers', () => {
  it('agree on pools, fetch, STARTTLS, tunnels, sessions, refusals and cut answers', async () => {
    // Standard error holds Node's own warning of a variable, with the process's number in it.
    await expectAgreement('tls.cjs', 1200, { sameOutput: false, timeoutMs: 60_000 });
  }, 120_000);

  it('agree on names, client certificates, shared keys, resumption, layers, streams and broken peers', async () => {
    await expectAgreement('tls-forms.cjs', 1800, { sameOutput: false, timeoutMs: 60_000 });
  }, 120_000);
});
