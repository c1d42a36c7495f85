/**
 * What only a follower attempts never leaves it: a payload that tries every way out reaches nothing, with
 * namespaces and without, and is found. The same payload in the leader reaches what it wants, so the
 * listeners and marks work.
 */
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAddon } from '../support/addon.ts';
import { Outside } from '../support/outside.ts';
import { pause } from '../support/wait.ts';
import { drills, programs, Workspace } from '../support/workspace.ts';

/** What an attempt that got out would have reached by then. */
const SETTLE_MS = 1000;

const payload = join(drills, 'attempts.cjs');
const program = join(programs, 'ticks.cjs');

let workspace: Workspace;
let outside: Outside;
beforeEach(async () => {
  workspace = new Workspace();
  outside = await Outside.start(workspace);
});
afterEach(async () => {
  outside.stop();
  await workspace.dispose();
});

/** A PATH on which there is `node` and nothing that makes namespaces. */
function pathWithoutNamespaces(): string {
  const folder = workspace.newFolder('bin');
  symlinkSync(process.execPath, join(folder, 'node'));
  chmodSync(folder, 0o755);
  return folder;
}

async function strike(where: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const { report } = await workspace.check([program, '1500'], ['--drill', payload + where], {
    env: { ...outside.env, OUT_ADDON: '/no/such/addon.node', ...env },
  });
  await pause(SETTLE_MS);
  return report.alerts.map(({ kind, suspect }) => `${kind} ${suspect}`);
}

describe('a payload that tries every way out', () => {
  it('reaches nothing from a follower in namespaces, and is found there', async () => {
    const alerts = await strike('', { OUT_BELOW: '1' });
    expect(outside.reached()).toEqual(Outside.untouched);
    expect(alerts).toContain('extra-call c');
    expect(alerts.filter((alert) => !/ c$/.test(alert))).toEqual([]);
  }, 90_000);

  it('reaches nothing from a follower without namespaces, and is found there', async () => {
    const alerts = await strike('', { OUT_BELOW: '1', PATH: pathWithoutNamespaces() });
    expect(outside.reached()).toEqual(Outside.untouched);
    expect(alerts).toContain('extra-call c');
    expect(alerts.filter((alert) => !/ c$/.test(alert))).toEqual([]);
  }, 90_000);

  it('reaches what it wants from the leader, and is found there', async () => {
    const alerts = await strike('@leader');
    const { connections, datagrams, files, struck } = outside.reached();
    expect(connections).toBeGreaterThan(2);
    expect(datagrams).toBeGreaterThan(1);
    expect(files).toEqual(expect.arrayContaining(['written-sync', 'exec-sync', 'spawn']));
    expect(struck).toBe(true);
    expect(alerts.some((alert) => alert.endsWith(' a'))).toBe(true);
  }, 90_000);
});

it('an add-on that opens a socket by itself does so in the leader alone', async ({ skip }) => {
  const addon = buildAddon(workspace);
  if (addon === null) return skip();
  const env = { ADDON: addon, LISTENER_PORT: String(outside.port) };
  for (const path of [process.env['PATH'], pathWithoutNamespaces()]) {
    const before = outside.connections;
    const { code, report, stderr } = await workspace.check(
      [join(programs, 'addon/sends.cjs')],
      [],
      {
        env: { ...env, PATH: path },
      },
    );
    expect(report, stderr).toMatchObject({ complete: true, reason: null, alerts: [] });
    expect([code, report.matched]).toEqual([0, report.calls]);
    await pause(SETTLE_MS);
    expect(outside.connections - before).toBe(1);
  }
}, 90_000);
