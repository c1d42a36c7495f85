import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

describe('names', { timeout: 60_000 }, () => {
  it('resolve to the same answers and refusals in every form', async () => {
    await expectAgreement('dns.cjs', 40, { sameOutput: false });
  });
});
