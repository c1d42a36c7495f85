import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

describe('cryptography', () => {
  it('gives every replica the same keys, signatures and ends of derivations', async () => {
    await expectAgreement('crypto.cjs', 200);
  }, 40_000);
});
