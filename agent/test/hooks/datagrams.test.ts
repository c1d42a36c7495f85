import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

describe('sockets for datagrams', () => {
  it('receive, send, fail and close in every replica as they did in the leader', async () => {
    await expectAgreement('dgram.cjs', 500);
  }, 60_000);
});
