/**
 * One replica misbehaves in one way: found, with the right kind and suspect, as one incident. The same in
 * all replicas is what Lockstep cannot see, and the report says that a drill was on.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertLines, type CheckReport, drills, programs, Workspace } from '../support/workspace.ts';

const cases = [
  { drill: 'extra-call', kind: 'extra-call', does: 'makes one more call' },
  { drill: 'omitted-call', kind: 'missing-call', does: 'omits a call' },
  { drill: 'different-byte', kind: 'digest-mismatch', does: 'sends one different byte' },
  // A follower that throws ends where the others go on. When the leader throws, followers meet a write
  // that it never made, which throws as well: all end alike, and the missing write is what tells.
  {
    drill: 'throws',
    kind: { c: 'exit-mismatch', a: 'missing-call' },
    does: 'throws',
  },
  { drill: 'exit-code', kind: 'exit-mismatch', does: 'exits with another code' },
] as const;
const targets = [
  { option: '', struck: 'c', who: 'a follower' },
  { option: '@leader', struck: 'a', who: 'the leader' },
] as const;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

function ledger(extension: string, drill: string): ReturnType<Workspace['check']> {
  const option = join(drills, drill);
  return workspace.check([join(programs, `ledger.${extension}`)], ['--drill', option]);
}

/** All alerts under one incident, the first one first, all with the suspect that was struck. */
function expectOneIncident(report: CheckReport, kind: string, suspect: string): void {
  const lines = alertLines(report.alerts);
  expect(report.alerts[0], lines.join('\n')).toMatchObject({ kind, suspect, drill: true });
  expect(new Set(report.alerts.map(({ incidentId }) => incidentId)).size, lines.join('\n')).toBe(1);
  expect([...new Set(report.alerts.map((alert) => alert.suspect))]).toEqual([suspect]);
  expect(report).toMatchObject({ drill: true, noise: 0 });
}

describe.each(targets)('a drill in $who', ({ option, struck }) => {
  it.each(cases)('that $does is found', async ({ drill, kind }) => {
    const { code, report } = await ledger('cjs', `${drill}.cjs${option}`);
    expectOneIncident(report, typeof kind === 'string' ? kind : kind[struck], struck);
    expect(code).toBe(1);
  });

  it('of an ES module, itself an ES module, is found', async () => {
    const { code, report } = await ledger('mjs', `different-byte.mjs${option}`);
    expectOneIncident(report, 'digest-mismatch', struck);
    expect(code).toBe(1);
  });
});

describe('a drill', () => {
  it('that goes on folds its consequences under its first divergence', async () => {
    const { report } = await ledger('cjs', 'different-byte.cjs');
    expectOneIncident(report, 'digest-mismatch', 'c');
    expect(report.alerts).toHaveLength(17);
    expect(report.alerts[0]).toMatchObject({ api: 'fs.writeFileSync', target: 'ledger' });
    const turns = report.alerts.map(({ turn }) => turn ?? -1);
    expect(turns).toEqual(turns.toSorted((left, right) => left - right));
    expect(report.matched).toBe(report.calls - 17);
  });

  it('that throws folds the calls that were not made any more under the exit', async () => {
    const { report } = await ledger('cjs', 'throws.cjs');
    expectOneIncident(report, 'exit-mismatch', 'c');
    expect(report.alerts.slice(1).map(({ kind, target }) => [kind, target])).toContainEqual([
      'missing-call',
      'ledger',
    ]);
    expect(report.replicas.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]);
  });

  it('in a follower changes nothing outside', async () => {
    await ledger('cjs', 'different-byte.cjs');
    await ledger('cjs', 'extra-call.cjs');
    const text = readFileSync(join(workspace.folder, 'ledger'), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(40);
    expect(text).not.toContain('tota1');
    expect(existsSync(join(workspace.folder, 'stolen'))).toBe(false);
  });

  it('in the leader does what it does', async () => {
    await ledger('cjs', 'extra-call.cjs@leader');
    expect(existsSync(join(workspace.folder, 'stolen'))).toBe(true);
  });

  it('of an ES module is found when it is CommonJS', async () => {
    const { code, report } = await ledger('mjs', 'omitted-call.cjs');
    expectOneIncident(report, 'missing-call', 'c');
    expect(code).toBe(1);
  });

  it.each(cases)(
    'in all replicas that $does finds nothing, and the report says so',
    async (one) => {
      const { code, report } = await ledger('cjs', `${one.drill}.cjs@all`);
      expect(alertLines(report.alerts)).toEqual([]);
      expect(report).toMatchObject({ drill: true, complete: true, matched: report.calls });
      expect(code).toBe(0);
    },
  );

  it('is mentioned to people', async () => {
    const all = `${join(drills, 'different-byte.cjs')}@all`;
    const ended = await workspace.call([
      ...['check', '--drill', all, '--', 'node', join(programs, 'ledger.cjs')],
    ]);
    expect(ended.stderr).toMatch(/^lockstep: .*drill/m);
    expect(ended.stdout).toBe('total 210\n');
    expect(ended.code).toBe(0);
  });

  it('with two replicas is found and blamed on nobody', async () => {
    const two = ['--replicas', '2', '--drill', join(drills, 'different-byte.cjs')];
    const { code, report } = await workspace.check([join(programs, 'ledger.cjs')], two);
    expect(report.alerts[0]).toMatchObject({ kind: 'digest-mismatch', suspect: null });
    expect(new Set(report.alerts.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(code).toBe(1);
  });
});
