/**
 * A command that uses everything agrees in all replicas, completely, and its effects happen once. Chance
 * is what could break it, so it is repeated: three times by default, LOCKSTEP_REPEAT times if set.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertLines, type Checked, programs, Workspace } from '../support/workspace.ts';

const repetitions = Number(process.env['LOCKSTEP_REPEAT'] ?? 3);
const kinds = [
  { modules: 'CommonJS', extension: 'cjs' },
  { modules: 'ES modules', extension: 'mjs' },
] as const;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

function expectAgreement({ code, report, stderr }: Checked): void {
  expect(alertLines(report.alerts)).toEqual([]);
  expect(report, stderr).toMatchObject({ complete: true, reason: null, noise: 0, drill: false });
  expect(report.matched).toBe(report.calls);
  expect(report.replicas.map(({ id, role }) => [id, role])).toEqual([
    ['a', 'leader'],
    ['b', 'follower'],
    ['c', 'follower'],
  ]);
  for (const replica of report.replicas) {
    expect(replica).toMatchObject({ exitCode: 0, calls: report.calls });
  }
  expect(code).toBe(0);
}

describe.each(kinds)('a check of $modules', ({ extension }) => {
  it.each(Array.from({ length: repetitions }, (_, index) => index + 1))(
    'agrees on thousands of calls of mixed work, whose files are written once (%i)',
    async () => {
      const cwd = workspace.newFolder('work');
      const checked = await workspace.check([join(programs, `mixed-work.${extension}`)], [], {
        cwd,
      });
      expectAgreement(checked);
      expect(checked.report.calls).toBeGreaterThan(3000);
      const journal = readFileSync(join(cwd, 'journal.txt'), 'utf8').trim().split('\n');
      const heads = journal.map((line) => line.split(' ')[0]);
      for (const once of ['start', 'sync', 'callback', 'handle', 'streams', 'end']) {
        expect(heads.filter((head) => head === once)).toHaveLength(1);
      }
      expect(heads.filter((head) => head === 'strand')).toHaveLength(20);
      expect(journal).toContain('streams true');
      expect(journal.at(-1)).toMatch(/^end 2000 /);
      expect(readdirSync(join(cwd, 'strands'))).toHaveLength(500);
    },
  );

  it('tells all replicas what the leader was told: kernel randomness, time, pid, host', async () => {
    const checked = await workspace.check([join(programs, `told-world.${extension}`)]);
    expectAgreement(checked);
    const told = JSON.parse(readFileSync(join(workspace.folder, 'told.json'), 'utf8'));
    expect(told.pid).toBe(checked.report.replicas[0]?.pid);
    expect(told.kernelUuid).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('counts calls that replicas of a longer program make, so that an idle report cannot pass', async () => {
  const short = await workspace.check([join(programs, 'told-world.cjs')]);
  const long = await workspace.check([join(programs, 'ledger.cjs')]);
  expectAgreement(short);
  expectAgreement(long);
  expect(long.report.calls).toBeGreaterThan(short.report.calls + 40);
});
