/**
 * The disk below the collector fills up under load: following ends and says why, the service and the
 * collector go on, and once there is room again a new run is protected. A small file system of its own
 * needs root; without it the test is skipped, with a line that says so.
 */
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { SteadyLoad } from '../support/load.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { alertLines, Workspace } from '../support/workspace.ts';

/** Room for the store and a few thousand requests. */
const DISK_MIB = 3;

let workspace: Workspace;
let disk: string;
let isMounted: boolean;
beforeEach(() => {
  workspace = new Workspace();
  disk = workspace.newFolder('store');
  const args = ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'lockstep-test', disk];
  isMounted = spawnSync('mount', args).status === 0;
  if (!isMounted) console.warn('skipped: a small file system cannot be mounted here');
});
afterEach(async () => {
  await workspace.processes.dispose();
  if (isMounted) spawnSync('umount', ['--lazy', disk]);
  await workspace.dispose();
});

it('a disk that fills up under the spool ends following, and nothing else', async ({ skip }) => {
  if (!isMounted) return skip();
  const collector = await Collector.start(workspace);
  const service = await Service.start(workspace, collector, { name: 'filling' });
  await service.isProtected();
  const steady = new SteadyLoad(workspace, service.url);
  await until(
    'the run is unprotected',
    async () => (await service.run()).state === 'unprotected',
    60_000,
  );
  expect(await steady.stop()).toMatchObject({ failed: 0, firstFailure: null });
  const run = await service.run();
  expect(run.reason).toMatchObject({ code: 'spool-full' });
  expect(run.reason?.detail).toContain('the spool cannot be written: ENOSPC');
  await until('the launcher says so', () =>
    /UNPROTECTED: the spool is full .*ENOSPC/.test(service.launcher.stderr),
  );
  expect((await fetch(`${service.url}/item/1`)).status).toBe(200);
  expect((await fetch(`${collector.httpUrl}/healthz`)).status).toBe(200);
  const alerts = await collector.alerts('filling');
  expect(alertLines(alerts.filter(({ kind }) => kind !== 'unprotected'))).toEqual([]);
  await service.stop();

  const room = spawnSync('mount', ['-o', `remount,size=${DISK_MIB * 8}m`, disk]);
  expect(room.status).toBe(0);
  const next = await Service.start(workspace, collector, { name: 'again' });
  await next.isProtected();
  await fetch(`${next.url}/item/1`);
  await until('calls are compared', async () => (await next.run()).matched > 10);
  expect(alertLines(await collector.alerts('again'))).toEqual([]);
  await next.stop();
  await collector.stop();
  await collector.start();
  expect((await collector.run('again')).matched).toBeGreaterThan(10);
}, 180_000);
