import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onlyComputes, packageOf, whyNotFollowed } from '../../src/hooks/addons/known.ts';
import { AddonWalk } from '../../src/hooks/addons/walk.ts';
import { expectAgreement } from '../support/agree.ts';

describe('native add-ons', () => {
  it('act in the leader alone, and answer every replica', async () => {
    await expectAgreement('addons.cjs', 500);
  }, 60_000);

  it('call back from within plain objects, and give native objects to what they call', async () => {
    await expectAgreement('bundles.mjs', 60);
  }, 60_000);

  it('belong to the nearest package with a name', () => {
    expect(packageOf(path.join(import.meta.dirname, 'x/y.node'))).toBe('@lockstep/agent');
    expect(packageOf('/x.node')).toBe('');
  });

  it('compute only where that is known', () => {
    expect(onlyComputes(path.join(import.meta.dirname, 'y.node'))).toBe(false);
  });

  it('that share memory are known by name, with a reason', () => {
    const shared = path.join(import.meta.dirname, '../programs/shares-memory/none.node');
    expect(whyNotFollowed(shared)).toMatch(/buffers/);
    expect(whyNotFollowed(path.join(import.meta.dirname, 'y.node'))).toBeNull();
  });

  it('are called through functions of a class that does not let them be replaced, too', () => {
    class Made {}
    Object.defineProperty(Made, 'of', { value: () => new Made(), writable: false });
    const names: string[] = [];
    const walk = new AddonWalk((call) => {
      names.push(call.name);
      return call.run(call.args);
    });
    const { Shown } = walk.wrap({ Shown: Made }, 'exports') as {
      Shown: typeof Made & { of: () => Made };
    };
    expect(Shown.of()).toBeInstanceOf(Shown);
    expect(new Shown()).toBeInstanceOf(Made);
    expect(Shown.name).toBe('Made');
    expect(names).toEqual(['exports.Shown.of', 'exports.Shown']);
  });
});
