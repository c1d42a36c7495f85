/** What Node writes by itself (profiles, coverage) is written once, and the program sees no difference. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertLines, programs, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

it('profiles and coverage are those of the leader and its child', async () => {
  const folder = join(workspace.folder, 'written');
  const env = { NODE_V8_COVERAGE: folder, NODE_OPTIONS: `--heap-prof --heap-prof-dir=${folder}` };
  const options = ['--cpu-prof', '--cpu-prof-dir', folder, '--inspect=0'];
  const { report } = await workspace.check([...options, join(programs, 'told-its-start.cjs')], [], {
    env,
  });
  const lines = alertLines(report.alerts).join('\n');
  expect({ lines, complete: report.complete }).toEqual({ lines: '', complete: true });
  expect(report.matched).toBe(report.calls);
  const written = readdirSync(folder);
  const of = (pattern: RegExp): string[] => written.filter((name) => pattern.test(name));
  expect(of(/\.cpuprofile$/)).toHaveLength(2);
  const followers = report.replicas.filter(({ role }) => role === 'follower');
  expect(followers).toHaveLength(2);
  for (const { pid } of followers) expect(of(new RegExp(`[-.]${String(pid)}[-.]`))).toEqual([]);
  const coverage = of(/^coverage-/).map((name) => name.split('-')[1]);
  // The launcher, which inherits the variable as any Node process does, the leader, and its child.
  expect(new Set(coverage).size).toBe(3);
});
