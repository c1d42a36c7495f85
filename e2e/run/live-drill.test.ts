/** `lockstep drill` strikes a replica of a running service: in a follower nothing leaves, in the leader it does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { freePort } from '../support/ports.ts';
import type { TestProcess } from '../support/processes.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { drills, programs, Workspace } from '../support/workspace.ts';

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

async function expectCaught(service: Service, suspect: string): Promise<void> {
  const [incident] = await until('an incident', async () => {
    const incidents = await collector.incidents(service.name);
    return incidents.length > 0 && incidents;
  });
  expect(incident).toMatchObject({ suspect, drill: true, status: 'open' });
  expect(incident?.firstDivergence).toMatchObject({ kind: 'extra-call' });
  const alerts = await collector.alerts(service.name);
  expect(new Set(alerts.map((alert) => alert.incidentId)).size).toBe(1);
}

it('in the last follower by default, found within a second or two, and nothing arrives', async () => {
  const service = await serve('struck-follower', '--allow-drills');
  const struck = await strike(service.name, payload);
  expect(struck).toMatchObject({ code: 0 });
  expect(struck.stdout).toContain('replica c of struck-follower');
  await expectCaught(service, 'c');
  expect((await fetch(`${service.url}/item/1`)).status).toBe(200);
  await service.run();
  expect(listener.stdout).not.toContain('listener: got');
});

it('in the follower that is named', async () => {
  const service = await serve('struck-named', '--allow-drills');
  expect(await strike(service.name, '--replica', 'b', payload)).toMatchObject({ code: 0 });
  await expectCaught(service, 'b');
  expect(listener.stdout).not.toContain('listener: got');
});

it('in the leader if asked for: found as well, and it does what it does', async () => {
  const service = await serve('struck-leader', '--allow-drills');
  expect(await strike(service.name, `${payload}@leader`)).toMatchObject({ code: 0 });
  await listener.says('listener: got decoy struck-leader');
  await expectCaught(service, 'a');
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
