/** What could not be compared to its end is exit code 3 with the reason, never 0; misuse is 2, with a sentence. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { descendants, startText } from '../support/proc.ts';
import { until } from '../support/wait.ts';
import { alertLines, type CheckReport, programs, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

const waits = join(programs, 'waits.cjs');

/** Process id of a replica, found from outside. */
function replicaPid(launcher: number, replica: string): Promise<number> {
  return until(`process of replica ${replica}`, () =>
    descendants(launcher).find((pid) => startText(pid).includes(`LOCKSTEP_REPLICA=${replica}\0`)),
  );
}

describe('a check is incomplete', () => {
  it('when a follower was killed, and the command goes on to its end', async () => {
    const started = workspace.lockstep(['check', '--json', '--', 'node', waits]);
    const steps = (): number => Number(readFileSync(join(workspace.folder, 'steps'), 'utf8'));
    await until('the command works', () => steps() > 10);
    process.kill(await replicaPid(started.pid, 'b'), 'SIGKILL');
    const before = steps();
    await until('the command goes on', () => steps() > before + 10);
    writeFileSync(join(workspace.folder, 'go'), '');
    const { code, stdout, stderr } = await started.ended;
    const report = JSON.parse(stdout) as CheckReport;
    expect(report).toMatchObject({ complete: false, service: 'waits' });
    expect(['replica-ended', 'replica-silent']).toContain(report.reason);
    expect(report.detail).toMatch(/\bb\b/);
    expect(alertLines(report.alerts).filter((line) => !line.startsWith('replica-silent'))).toEqual(
      [],
    );
    expect(report.replicas[0]).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('done');
    expect(code).toBe(3);
  });

  it.each([
    ['session', 'inspector.Session'],
    ['stream', 'stream.web'],
    ['blob', 'fs.openAsBlob'],
  ])('when an API is not followed, and names it: %s', async (use, api) => {
    const { code, report, stderr } = await workspace.check([
      join(programs, 'not-followed.cjs'),
      use,
    ]);
    expect(alertLines(report.alerts).filter((line) => !line.startsWith('unprotected'))).toEqual([]);
    expect(report).toMatchObject({ complete: false, reason: 'not-followed' });
    expect(report.detail).toContain(api);
    expect(report.replicas[0]).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('used\n');
    expect(readFileSync(join(workspace.folder, 'journal.txt'), 'utf8')).toBe('before\nafter\n');
    expect(code).toBe(3);
  });

  it('but complete when the same program leaves the API alone', async () => {
    const { code } = await workspace.check([join(programs, 'not-followed.cjs'), 'nothing']);
    expect(code).toBe(0);
  });

  it('when time runs out, and nothing is left running', async () => {
    const { code, report } = await workspace.check([waits], ['--timeout', '2']);
    expect(report).toMatchObject({ complete: false, reason: 'timeout' });
    expect(alertLines(report.alerts)).toEqual([]);
    expect(code).toBe(3);
  });

  it('when there is nobody to compare with', async () => {
    const { code, report } = await workspace.check(
      [join(programs, 'told-world.cjs')],
      ['--replicas', '1'],
    );
    expect(report).toMatchObject({ complete: false, reason: 'no-followers' });
    expect(code).toBe(3);
  });

  it('and people read why', async () => {
    const program = join(programs, 'not-followed.cjs');
    const ended = await workspace.call(['check', '--', 'node', program, 'session']);
    expect(ended.stdout).toBe('used\n');
    expect(ended.stderr).toMatch(/^lockstep: .*INCOMPLETE.*inspector\.Session/m);
    expect(ended.code).toBe(3);
  });
});

describe('misuse ends with code 2 and a sentence', () => {
  const ledger = join(programs, 'ledger.cjs');
  it.each([
    { args: ['chek'], says: /chek/ },
    { args: ['check'], says: /command/i },
    { args: ['check', '--replicas', '0', '--', 'node', ledger], says: /--replicas.*"0"/ },
    { args: ['check', '--replicas', 'x', '--', 'node', ledger], says: /--replicas.*"x"/ },
    { args: ['check', '--sideways', '--', 'node', ledger], says: /--sideways/ },
    { args: ['check', '--', 'npm', 'start'], says: /npm.*node/s },
    { args: ['check', '--', 'node'], says: /file/i },
    { args: ['check', '--', 'node', '/nowhere/x.js'], says: /\/nowhere\/x\.js/ },
    { args: ['check', '--', '/nowhere/bin/node', ledger], says: /\/nowhere\/bin\/node/ },
    { args: ['check', '--drill', '/nowhere/d.cjs', '--', 'node', ledger], says: /d\.cjs/ },
    { args: ['run', '--', 'node', ledger], says: /--service/ },
    { args: ['alerts', '--collector', 'http://127.0.0.1:9'], says: /127\.0\.0\.1:9/ },
  ])('lockstep $args', async ({ args, says }) => {
    const ended = await workspace.call(args);
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/^lockstep: /m);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(2);
  });

  it('and writes nothing of the command that never ran', async () => {
    await workspace.call(['check', '--drill', '/nowhere/d.cjs', '--', 'node', ledger]);
    expect(() => readFileSync(join(workspace.folder, 'ledger'))).toThrow('ENOENT');
  });
});
