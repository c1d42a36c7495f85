/**
 * A payload strikes one follower, then the leader, in the middle of thousands of requests: each is found at
 * its turn and attributed by majority, with its consequences folded under it; the run goes on, and replicas
 * that are right stay right. LOCKSTEP_REQUESTS sets how many requests (10,000 for a release).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentView } from '@lockstep/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { load } from '../support/load.ts';
import { freePort } from '../support/ports.ts';
import type { TestProcess } from '../support/processes.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { alertLines, drills, programs, Workspace } from '../support/workspace.ts';

const requests = Number(process.env['LOCKSTEP_REQUESTS'] ?? 3000);
const payload = join(drills, 'steal.cjs');

let workspace: Workspace;
let collector: Collector;
let listener: TestProcess;
let listenerPort: string;
beforeAll(async () => {
  workspace = new Workspace();
  collector = await Collector.start(workspace);
  listenerPort = String(await freePort());
  listener = workspace.processes.node([join(programs, 'listener.cjs')], {
    cwd: workspace.folder,
    env: { PORT: listenerPort },
  });
  await listener.says('listener: ready');
});
afterAll(() => workspace.dispose());

async function strikeWhen(service: Service, matched: number, where: string): Promise<void> {
  await until(`${matched} calls are compared`, async () => (await service.run()).matched > matched);
  const args = ['drill', '--service', service.name, '--collector', collector.url];
  const struck = await workspace.call([...args, payload + where]);
  expect(struck).toMatchObject({ code: 0, stderr: '' });
}

async function incidentOf(service: Service, suspect: string): Promise<IncidentView> {
  return until(`an incident of ${suspect}`, async () => {
    const incidents = await collector.incidents(service.name);
    return incidents.find((incident) => incident.suspect === suspect);
  });
}

it(`both are found in the middle of ${requests} requests, and nobody else is accused`, async () => {
  const service = await Service.start(workspace, collector, {
    name: 'struck',
    options: ['--allow-drills'],
    env: { LISTENER_PORT: listenerPort },
  });
  writeFileSync(join(service.folder, 'decoy'), 'struck');
  await service.isProtected();
  const loaded = load(workspace, service.url, requests);
  await strikeWhen(service, requests / 2, '');
  const inFollower = await incidentOf(service, 'c');
  await strikeWhen(service, requests, '@leader');
  const inLeader = await incidentOf(service, 'a');
  expect(await loaded).toMatchObject({ ok: requests, failed: 0, firstFailure: null });

  await until('all is compared', async () => {
    const { calls, matched, replicas } = await service.run();
    return (
      matched > requests && replicas.every(({ lagTurns }) => lagTurns === 0) && calls > matched
    );
  });
  const run = await service.run();
  expect(run.state).toBe('protected');
  expect(run.replicas.find(({ id }) => id === 'b')?.calls).toBeLessThanOrEqual(run.calls);
  const incidents = await collector.incidents(service.name);
  expect(incidents.map(({ suspect }) => suspect).toSorted()).toEqual(['a', 'c']);
  for (const { firstDivergence } of [inFollower, inLeader]) {
    expect(firstDivergence).toMatchObject({ kind: 'extra-call', api: 'fs.readFileSync' });
    expect(firstDivergence.turn).toBeGreaterThan(0);
  }
  expect(inFollower.firstDivergence.turn).toBeLessThan(inLeader.firstDivergence.turn ?? 0);
  // Whatever the payload led to belongs to one of the two, and no call but the payload's differs.
  const alerts = await collector.alerts(service.name);
  expect(alertLines(alerts.filter(({ kind }) => kind !== 'extra-call'))).toEqual([]);
  expect(alertLines(alerts.filter(({ suspect }) => suspect === 'b'))).toEqual([]);
  const differing = run.calls - run.matched;
  expect(differing).toBeLessThan(20);
  expect(listener.stdout.match(/listener: got/g)).toHaveLength(1);
}, 300_000);
