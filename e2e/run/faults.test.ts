/**
 * Processes that die or stall under load: each is told as what it is, never as a divergence, and no
 * request notices.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertView } from '@lockstep/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { load, SteadyLoad } from '../support/load.ts';
import { descendants, isAlive } from '../support/proc.ts';
import { Service } from '../support/service.ts';
import { pause, until } from '../support/wait.ts';
import { alertLines, Workspace } from '../support/workspace.ts';

/** How long a follower is stopped: longer than the time after which it counts as lagging. */
const STOPPED_MS = 5000;

let home: Workspace;
let collector: Collector;
beforeAll(async () => {
  home = new Workspace();
  collector = await Collector.start(home);
});
afterAll(() => home.dispose());

let started: readonly Service[] = [];
beforeEach(() => {
  started = [];
});
afterEach(async () => {
  for (const service of started) {
    await service.launcher.dispose();
    await service.upstream.dispose();
  }
});

async function serve(name: string): Promise<Service> {
  const service = await Service.start(home, collector, { name });
  started = [...started, service];
  await service.isProtected();
  return service;
}

/** Alerts beside the expected kinds: false alarms. */
async function others(service: Service, ...kinds: readonly string[]): Promise<readonly string[]> {
  const alerts = await collector.alerts(service.name);
  return alertLines(alerts.filter(({ kind }) => !kinds.includes(kind)));
}

async function alertOf(service: Service, kind: string): Promise<AlertView> {
  return until(`a ${kind} alert`, async () => {
    return (await collector.alerts(service.name)).find((alert) => alert.kind === kind);
  });
}

describe('under load', () => {
  it('a follower killed is silent, the rest goes on, no request fails', async () => {
    const service = await serve('killed-follower');
    const steady = new SteadyLoad(home, service.url);
    await until('calls are compared', async () => (await service.run()).matched > 500);
    process.kill(await service.pid('c'), 'SIGKILL');
    const alert = await alertOf(service, 'replica-silent');
    expect(alert.suspect ?? alert.replicas[0]?.id).toBe('c');
    const { matched } = await service.run();
    await until('calls are compared all the same', async () => {
      return (await service.run()).matched > matched + 500;
    });
    expect(await steady.stop()).toMatchObject({ failed: 0, firstFailure: null });
    expect((await service.run()).state).toBe('protected');
    expect(await others(service, 'replica-silent')).toEqual([]);
  });

  it('a follower stopped for five seconds is lagging until it has caught up', async () => {
    const service = await serve('stopped-follower');
    const steady = new SteadyLoad(home, service.url);
    await until('calls are compared', async () => (await service.run()).matched > 500);
    const pid = await service.pid('c');
    process.kill(pid, 'SIGSTOP');
    const stoppedAt = performance.now();
    const alert = await alertOf(service, 'replica-lagging');
    expect(alert.suspect ?? alert.replicas[0]?.id).toBe('c');
    await pause(Math.max(0, STOPPED_MS - (performance.now() - stoppedAt)));
    process.kill(pid, 'SIGCONT');
    await until('the alert is resolved', async () => {
      return (await alertOf(service, 'replica-lagging')).resolvedAt !== null;
    });
    expect(await steady.stop()).toMatchObject({ failed: 0, firstFailure: null });
    const run = await service.caughtUp();
    expect(run.replicas.map(({ calls }) => calls)).toEqual([run.calls, run.calls, run.calls]);
    expect(await others(service, 'replica-lagging')).toEqual([]);
  }, 90_000);

  it('a leader killed ends the run, compared up to its last flushed turn', async () => {
    const service = await serve('killed-leader');
    const steady = new SteadyLoad(home, service.url);
    await until('calls are compared', async () => (await service.run()).matched > 500);
    const pids = descendants(service.launcher.pid);
    process.kill(await service.pid('a'), 'SIGKILL');
    const ended = await service.launcher.ended;
    expect({ code: ended.code, signal: ended.signal }).toEqual({ code: null, signal: 'SIGKILL' });
    // Requests to a service that is gone do fail: the driver counts what it says it counts.
    expect((await steady.stop()).failed).toBeGreaterThan(0);
    await until('no replica is left', () => !pids.some(isAlive));
    await until('the run ended', async () => (await service.run()).state === 'ended');
    expect(await others(service, 'replica-silent')).toEqual([]);
    const run = await service.run();
    const lines = readFileSync(join(service.folder, 'effects'), 'utf8').trim().split('\n');
    expect(run.matched).toBeGreaterThan(lines.length);
    expect(run.replicas.find(({ id }) => id === 'a')).toMatchObject({ exitSignal: 'SIGKILL' });
  });

  it('a launcher killed takes all its replicas with it', async () => {
    const service = await serve('killed-launcher');
    const pids = descendants(service.launcher.pid);
    expect(pids.length).toBeGreaterThanOrEqual(3);
    service.launcher.kill('SIGKILL');
    await until('no replica is left', () => !pids.some(isAlive));
    expect(await others(service, 'replica-silent', 'unprotected')).toEqual([]);
  });

  it('both followers killed leave a service that works and a run that says unprotected', async () => {
    const service = await serve('unprotected');
    const steady = new SteadyLoad(home, service.url);
    for (const id of ['b', 'c']) process.kill(await service.pid(id), 'SIGKILL');
    await until('unprotected', async () => (await service.run()).state === 'unprotected');
    await until('the launcher says so', () =>
      /lockstep: .*unprotected/i.test(service.launcher.stderr),
    );
    expect(await steady.stop()).toMatchObject({ failed: 0 });
    expect(await load(home, service.url, 100)).toMatchObject({ ok: 100 });
    expect(await others(service, 'replica-silent', 'unprotected')).toEqual([]);
  });
});
