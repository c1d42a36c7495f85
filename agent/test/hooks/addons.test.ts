import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyComputes, packageOf } from '../../src/hooks/addons/known.ts';
import { expectAgreement } from '../support/agree.ts';

describe('native add-ons', () => {
  it('act in the leader alone, and answer every replica', async () => {
    await expectAgreement('addons.cjs', 500);
  }, 60_000);

  it('belong to the nearest package with a name', () => {
    expect(packageOf(path.join(import.meta.dirname, 'x/y.node'))).toBe('@lockstep/agent');
    expect(packageOf('/x.node')).toBe('');
  });

  it('compute only where that is known', () => {
    expect(onlyComputes(path.join(import.meta.dirname, 'y.node'))).toBe(false);
  });
});
