/**
 * The collector is killed under load and started again: what was raised is still there, the log goes on,
 * what happened in between is compared afterwards, and the service never notices.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { SteadyLoad } from '../support/load.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { alertLines, drills, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let collector: Collector;
beforeAll(async () => {
  workspace = new Workspace();
  collector = await Collector.start(workspace);
});
afterAll(() => workspace.dispose());

it('a collector killed and restarted under load loses no alert and raises no false one', async () => {
  // Two services: in one a replica is struck before the kill, in the other while the collector is away.
  const early = await Service.start(workspace, collector, {
    name: 'early',
    options: ['--drill', join(drills, 'forge-lines.cjs')],
  });
  const late = await Service.start(workspace, collector, {
    name: 'late',
    options: ['--drill', join(drills, 'forge-when-told.cjs')],
  });
  await early.isProtected();
  await late.isProtected();
  await fetch(`${early.url}/item/1`);
  const before = await until('the early alert', async () => {
    const alerts = await collector.alerts('early');
    return alerts.length > 0 && alerts;
  });
  expect(before.map(({ kind, suspect }) => [kind, suspect])).toContainEqual([
    'digest-mismatch',
    'c',
  ]);

  const steady = new SteadyLoad(workspace, late.url);
  await until('calls are compared', async () => (await late.run()).matched > 500);
  const { matched, calls } = await late.run();
  expect(alertLines(await collector.alerts('late'))).toEqual([]);
  await collector.kill();
  // Made while nobody listens; the leader goes on, so the load's answers count.
  const told = await fetch(`${late.url}/forge`);
  expect(told.status).toBe(200);
  await collector.start();

  const raised = await until('the divergence of the time in between', async () => {
    const alerts = await collector.alerts('late');
    return alerts.length > 0 && alerts;
  });
  await until('the log goes on', async () => (await late.run()).matched > matched + 500);
  expect(await steady.stop()).toMatchObject({ failed: 0, firstFailure: null });
  const alerts = await collector.alerts('late');
  expect(raised[0]).toMatchObject({ kind: 'digest-mismatch', suspect: 'c' });
  expect(alertLines(alerts.filter(({ suspect }) => suspect !== 'c'))).toEqual([]);
  expect([...new Set(alerts.map(({ kind }) => kind))]).toEqual(['digest-mismatch']);
  expect(await collector.incidents('late')).toHaveLength(1);
  expect((await late.run()).calls).toBeGreaterThan(calls);

  const after = await collector.alerts('early');
  for (const { id } of before) expect(after.map((alert) => alert.id)).toContain(id);
  expect(await collector.incidents('early')).toHaveLength(1);
}, 120_000);
