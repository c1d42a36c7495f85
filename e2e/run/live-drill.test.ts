/** `lockstep drill` strikes a replica of a running service: in a follower nothing leaves, in the leader it does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { freePort } from '../support/ports.ts';
import type { TestProcess } from '../support/processes.ts';
import { Service } from '../support/service.ts';
import { Traffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';
import { drills, programs, Workspace } from '../support/workspace.ts';

/** From the strike until the incident is there: a second for a person, and one for a busy machine. */
const FOUND_MS = 2000;

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

async function serve(name: string, ...options: readonly string[]): Promise<Service> {
  const env = { LISTENER_PORT: listenerPort };
  const service = await Service.start(workspace, collector, { name, options, env });
  writeFileSync(join(service.folder, 'decoy'), name);
  await service.isProtected();
  return service;
}

function strike(name: string, ...args: readonly string[]): ReturnType<Workspace['call']> {
  return workspace.call(['drill', '--service', name, '--collector', collector.url, ...args]);
}

/** Strikes, and expects one incident that names `suspect` in time. */
async function expectCaught(
  service: Service,
  suspect: string,
  ...args: readonly string[]
): Promise<void> {
  const struck = await strike(service.name, ...args);
  const struckAt = performance.now();
  expect(struck).toMatchObject({ code: 0, stderr: '' });
  expect(struck.stdout).toContain(`replica ${suspect} of ${service.name}`);
  const [incident] = await until('an incident', async () => {
    const incidents = await collector.incidents(service.name);
    return incidents.length > 0 && incidents;
  });
  expect(performance.now() - struckAt).toBeLessThan(FOUND_MS);
  expect(incident).toMatchObject({ suspect, drill: true, status: 'open' });
  expect(incident?.firstDivergence).toMatchObject({ kind: 'extra-call' });
  const alerts = await collector.alerts(service.name);
  expect(new Set(alerts.map((alert) => alert.incidentId)).size).toBe(1);
}

it('in the last follower by default: found at once, and nothing arrives', async () => {
  const service = await serve('struck-follower', '--allow-drills');
  const traffic = new Traffic(service.url);
  await expectCaught(service, 'c', payload);
  await traffic.stop();
  expect((await fetch(`${service.url}/item/1`)).status).toBe(200);
  expect(listener.stdout).not.toContain('listener: got');
});

it('in the follower that is named', async () => {
  const service = await serve('struck-named', '--allow-drills');
  // A follower runs code in turns alone: the payload waits for the next one.
  const traffic = new Traffic(service.url);
  await expectCaught(service, 'b', '--replica', 'b', payload);
  await traffic.stop();
  expect(listener.stdout).not.toContain('listener: got');
});

it('in the leader if asked for: found as well, and it does what it does', async () => {
  const service = await serve('struck-leader', '--allow-drills');
  await expectCaught(service, 'a', `${payload}@leader`);
  await listener.says('listener: got decoy struck-leader');
});

it('is refused, in one sentence, by a run that was not started with --allow-drills', async () => {
  const service = await serve('not-struck');
  const refused = await strike(service.name, payload);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/^lockstep: .*--allow-drills/m);
  expect(await collector.incidents(service.name)).toEqual([]);
});

it('is refused for a service that does not run', async () => {
  const refused = await strike('nobody', payload);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/nobody/);
});
