import { describe, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

describe('compression', () => {
  it('ends in the same turn in every replica, in streams and functions, well or badly', async () => {
    await expectAgreement('zlib.cjs', 1000);
  }, 30_000);
});
