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
