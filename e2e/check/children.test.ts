/** Node children: followed by followers of their own logs, and gone with the run. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/wait.ts';
import { alertLines, drills, programs, Workspace } from '../support/workspace.ts';

const pool = join(programs, 'pool.cjs');

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

it('a pool whose child is killed agrees, and children count', async () => {
  const { code, report, stderr } = await workspace.check([pool, '20']);
  expect(alertLines(report.alerts), stderr).toEqual([]);
  expect(report, stderr).toMatchObject({ complete: true, reason: null });
  expect([code, report.matched]).toEqual([0, report.calls]);
  // Every round is a message sent and one answered, in two children and what replaces one of them.
  expect(report.calls).toBeGreaterThan(4 * 20);
}, 60_000);

it('a child into which the program has Node load code first runs in the leader only, and agrees', async () => {
  const program = join(programs, 'preloads-into-child.cjs');
  const { code, report, stderr } = await workspace.check([program]);
  expect(alertLines(report.alerts), stderr).toEqual([]);
  expect(report, stderr).toMatchObject({ complete: true, reason: null, noise: 0 });
  expect([code, report.matched]).toEqual([0, report.calls]);
}, 60_000);

it('what one replica does in a child alone is found there, and named', async () => {
  const { code, report } = await workspace.check(
    [pool, '20'],
    ['--drill', join(drills, 'in-child.cjs')],
  );
  expect(code).toBe(1);
  expect(
    new Set(report.alerts.map(({ kind, suspect, api }) => `${kind} ${suspect} ${api}`)),
  ).toEqual(new Set(['extra-call c fs.readFile']));
  for (const { log } of report.alerts) expect(log).toMatch(/^main\.[0-9a-f]{16}$/);
  // A child that ends before the others of its log have caught up cannot be asked what it called for.
  const targets = report.alerts.flatMap(({ target }) => target ?? []);
  expect(new Set(targets)).toEqual(new Set(['/etc/hostname']));
}, 60_000);

it('children whose program stands in their arguments or comes by standard input agree, and end as without', async () => {
  const program = join(programs, 'code-children.cjs');
  const bare = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  const { code, report, stderr } = await workspace.check([program]);
  expect(alertLines(report.alerts), stderr).toEqual([]);
  expect({ code, complete: report.complete, matched: report.matched }, stderr).toEqual({
    code: 0,
    complete: true,
    matched: report.calls,
  });
  expect(stderr).toContain(bare.stdout);
  // More than the parent's own: what the children do is compared too.
  expect(report.calls).toBeGreaterThan(60);
}, 60_000);

it('what one replica does in a child whose program stands in its arguments is found there', async () => {
  const code = 'setTimeout(() => console.log(process.argv.length), 20)';
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(code)}])`;
  const file = join(workspace.folder, 'parent.cjs');
  writeFileSync(file, parent);
  const { code: exit, report } = await workspace.check(
    [file],
    ['--drill', join(drills, 'in-code-child.cjs')],
  );
  expect(exit).toBe(1);
  expect(report.alerts.map(({ kind, suspect, api }) => `${kind} ${suspect} ${api}`)).toEqual([
    'extra-call c fs.readFile',
  ]);
  expect(report.alerts[0]?.log).toMatch(/^main\.[0-9a-f]{16}$/);
}, 60_000);

it('no child is left behind when the launcher is killed, and none has secrets where others read', async () => {
  const started = workspace.lockstep(['check', '--replicas', '3', '--', 'node', pool, '0']);
  await until('the children of all replicas', () => poolChildren().length === 6);
  for (const pid of poolChildren()) {
    const said = `${read(pid, 'environ')} ${read(pid, 'cmdline')}`;
    expect(said).not.toMatch(/[0-9a-f]{64}/);
  }
  started.kill('SIGKILL');
  await until('their end', () => processesOf(pool).length === 0);
}, 60_000);

function poolChildren(): readonly number[] {
  return processesOf(pool).filter((pid) => read(pid, 'cmdline').endsWith('\0child\0'));
}

function processesOf(file: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(pid, 'cmdline').includes(file));
}

function read(pid: number, what: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    // It has just ended.
    return '';
  }
}
