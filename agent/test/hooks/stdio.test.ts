import { describe, expect, it } from 'vitest';
import { expectAgreement } from '../support/agree.ts';

const lines = Array.from({ length: 300 }, (_, i) => `line ${i} ${'x'.repeat(i)}\n`).join('');

describe('standard streams', () => {
  it('agree on every write, completion and line of input, and print what the program prints', async () => {
    const trial = await expectAgreement('stdio.cjs', 60, { stdin: lines });
    expect(trial.ends[0]?.stdout.length).toBeGreaterThan(2_000_000);
  }, 30_000);
});
