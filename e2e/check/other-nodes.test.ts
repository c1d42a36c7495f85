/** What only newer versions of Node have: replicas run there, whatever runs the launcher. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { INSTALL_MS, nodeFolder } from '../support/nodes.ts';
import { alertLines, programs, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

it.for([22, 24, 26])(
  'node:sqlite is in the leader alone, with what it asks the program, on Node %i',
  { timeout: INSTALL_MS },
  async (version, { skip }) => {
    const folder = nodeFolder(version);
    if (folder === null) return skip();
    const file = join(workspace.folder, 'one.db');
    const env = {
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
      DATABASE: file,
      NODE_NO_WARNINGS: '1',
    };
    const { code, report, stderr } = await workspace.check([join(programs, 'sqlite.cjs')], [], {
      env,
    });
    const lines = alertLines(report.alerts).join('\n');
    expect({ code, complete: report.complete, lines }, stderr).toEqual({
      code: 0,
      complete: true,
      lines: '',
    });
    expect(report.calls).toBeGreaterThan(500);
    expect(report).toMatchObject({ matched: report.calls, noise: 0 });
    // The program makes the table anew and would fail where another replica made it before.
    expect(existsSync(file)).toBe(true);
  },
);

it.for([22, 24, 26])(
  'a child is told the parent that the leader has, on Node %i',
  { timeout: INSTALL_MS },
  async (version, { skip }) => {
    const folder = nodeFolder(version);
    if (folder === null) return skip();
    const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const { report, stderr } = await workspace.check([join(programs, 'told-parent.cjs')], [], {
      env,
    });
    expect(alertLines(report.alerts), stderr).toEqual([]);
    expect(report).toMatchObject({ complete: true, matched: report.calls, noise: 0 });
  },
);

it.for([22, 24, 26])(
  'loader hooks answer in the leader alone, on Node %i',
  { timeout: INSTALL_MS },
  async (version, { skip }) => {
    const folder = nodeFolder(version);
    if (folder === null) return skip();
    const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const race = join(import.meta.dirname, '../races/programs/loader-hooks.mjs');
    const { report, stderr } = await workspace.check([race], [], { env });
    expect(alertLines(report.alerts), stderr).toEqual([]);
    expect(report).toMatchObject({ complete: true, matched: report.calls, noise: 0 });
    expect(report.calls).toBeGreaterThan(300);
  },
);

it.for([22, 24, 26])(
  'children whose program is no file agree on Node %i',
  { timeout: INSTALL_MS },
  async (version, { skip }) => {
    const folder = nodeFolder(version);
    if (folder === null) return skip();
    const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const file = join(programs, 'code-children.cjs');
    const { code, report, stderr } = await workspace.check([file], [], { env });
    expect(alertLines(report.alerts), stderr).toEqual([]);
    expect({ code, complete: report.complete, matched: report.matched }, stderr).toEqual({
      code: 0,
      complete: true,
      matched: report.calls,
    });
  },
);
