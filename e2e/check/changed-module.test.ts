/**
 * One replica loads other code than the rest, although all were started with the same command: on its
 * host the file is another. A `node` in front of the real one lays another file over the module, in a
 * mount namespace of its own, for replica c alone. run/changed-module.test.ts swaps a file on disk.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertLines, programs, Workspace } from '../support/workspace.ts';

const namespaces = [['-m'], ['-rm']].find(
  (options) => spawnSync('unshare', [...options, 'true']).status === 0,
);

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

/** A folder with a `node` that shows replica c another file at the module's path. */
function tamperingNode(part: string, tampered: string): string {
  const folder = workspace.newFolder('bin');
  const shell = `mount --bind '${tampered}' '${part}' && exec '${process.execPath}' "$@"`;
  const script = [
    '#!/bin/sh',
    `if [ "$LOCKSTEP_REPLICA" = c ]; then`,
    `  exec unshare ${namespaces?.join(' ')} sh -c '${shell.replaceAll("'", `'\\''`)}' sh "$@"`,
    'fi',
    `exec '${process.execPath}' "$@"`,
    '',
  ].join('\n');
  const file = join(folder, 'node');
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return folder;
}

const kinds = [
  { modules: 'CommonJS', extension: 'cjs', text: 'exports.greeting =' },
  { modules: 'ES module', extension: 'mjs', text: 'export const greeting =' },
];

it.skipIf(namespaces === undefined).each(kinds)(
  'a $modules whose bytes are others in one follower is a code mismatch of that follower',
  async ({ extension, text }) => {
    const part = join(workspace.folder, `part.${extension}`);
    const tampered = join(workspace.folder, 'tampered');
    writeFileSync(part, `${text} 'good day';\n`);
    // Behaves the same: only the code differs.
    writeFileSync(tampered, `${text} 'good day'; // and more\n`);
    writeFileSync(join(workspace.folder, 'go'), '');
    const path = `${tamperingNode(part, tampered)}${delimiter}${process.env['PATH'] ?? ''}`;
    const { code, report } = await workspace.check(
      [join(programs, `loads-part.${extension}`)],
      [],
      { env: { PATH: path } },
    );
    const lines = alertLines(report.alerts).join('\n');
    expect(report.alerts[0], lines).toMatchObject({ kind: 'code-mismatch', suspect: 'c' });
    expect(report.alerts, lines).toHaveLength(1);
    expect(code).toBe(1);
  },
);

/** What a follower with another version of a dependency does is its own; the others never notice. */
it.skipIf(namespaces === undefined)(
  'a follower with another version of a dependency goes on, and says how far it followed',
  async () => {
    const part = join(workspace.folder, 'part.cjs');
    const version = (lines: readonly string[]): string =>
      ["'use strict';", "const fs = require('node:fs');", ...lines, ''].join('\n');
    writeFileSync(
      part,
      version([
        "exports.greeting = fs.readFileSync('first', 'utf8');",
        "for (let i = 0; i < 30; i++) fs.stat('first', () => {});",
      ]),
    );
    // Reads what the leader never read, asks more often, and waits for what never comes.
    const other = join(workspace.folder, 'other');
    writeFileSync(
      other,
      version([
        "let text = '';",
        "try { text = fs.readFileSync('second', 'utf8'); } catch {}",
        "for (let i = 0; i < 10; i++) { try { fs.lstatSync('first'); } catch {} }",
        "fs.readFile('third', () => {});",
        'exports.greeting = text;',
      ]),
    );
    for (const name of ['first', 'second', 'third']) {
      writeFileSync(join(workspace.folder, name), name);
    }
    writeFileSync(join(workspace.folder, 'go'), '');
    const path = `${tamperingNode(part, other)}${delimiter}${process.env['PATH'] ?? ''}`;
    const { code, report } = await workspace.check([join(programs, 'loads-part.cjs')], [], {
      env: { PATH: path },
    });
    const lines = alertLines(report.alerts).join('\n');
    expect(code, lines).toBe(1);
    expect(report.alerts[0], lines).toMatchObject({ kind: 'code-mismatch', suspect: 'c' });
    expect(new Set(report.alerts.map(({ suspect }) => suspect)), lines).toEqual(new Set(['c']));
    expect(report.replicas.map(({ exitCode }) => exitCode).slice(0, 2)).toEqual([0, 0]);
    const [leader, same, another] = report.replicas;
    expect([leader?.followed, same?.followed]).toEqual([null, 1]);
    expect(another?.followed).toBeLessThan(1);
    expect(another?.followed).toBeGreaterThan(0);
    expect(report.complete).toBe(true);
  },
);
