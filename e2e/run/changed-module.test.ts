/**
 * A module is swapped on disk between the starts: leader and first follower have loaded it when the last
 * follower starts, late, from the collector's spool. A `node` in front of the real one holds it back.
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { until } from '../support/wait.ts';
import { alertLines, programs, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

it('a follower that starts late and finds another module is a code mismatch of that follower', async () => {
  const collector = await Collector.start(workspace);
  const at = (name: string): string => join(workspace.folder, name);
  const shim = join(workspace.newFolder('bin'), 'node');
  writeFileSync(
    shim,
    [
      '#!/bin/sh',
      `if [ "$LOCKSTEP_REPLICA" = c ]; then`,
      `  while [ ! -e '${at('swapped')}' ]; do sleep 0.05; done`,
      'fi',
      `exec '${process.execPath}' "$@"`,
      '',
    ].join('\n'),
  );
  chmodSync(shim, 0o755);
  writeFileSync(at('part.cjs'), "exports.greeting = 'good day';\n");
  writeFileSync(at('tampered'), "exports.greeting = 'good day'; // and more\n");
  const args = ['run', '--service', 'swapped', '--collector', collector.url];
  const run = workspace.lockstep([...args, '--', 'node', join(programs, 'loads-part.cjs')], {
    env: { PATH: `${join(workspace.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  await run.says('good day');
  await until('follower b follows', async () => {
    const { replicas } = await collector.run('swapped');
    const calls = replicas.find(({ id }) => id === 'b')?.calls ?? 0;
    return calls > 10;
  });
  renameSync(at('tampered'), at('part.cjs'));
  writeFileSync(at('swapped'), '');
  const alerts = await until('an alert', async () => {
    const found = await collector.alerts('swapped');
    return found.some(({ kind }) => kind === 'code-mismatch') && found;
  });
  const lines = alertLines(alerts.filter(({ kind }) => kind !== 'replica-lagging'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^code-mismatch suspect=c /);
  writeFileSync(at('go'), '');
  expect(await run.ended).toMatchObject({ code: 0, stdout: 'good day\n' });
});
