/**
 * A service under load, nothing wrong: nothing is raised, every answer is right, and only the leader
 * touches the world, as seen from its upstream, from the disk and from the kernel.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { type LoadResult, load } from '../support/load.ts';
import { descendants, descriptors, isAlive, socketsOf, startText } from '../support/proc.ts';
import { Service } from '../support/service.ts';
import { until } from '../support/wait.ts';
import { alertLines, Workspace } from '../support/workspace.ts';

const REQUESTS = 2000;

let workspace: Workspace;
let collector: Collector;
let service: Service;
let result: LoadResult;

beforeAll(async () => {
  workspace = new Workspace();
  collector = await Collector.start(workspace);
  service = await Service.start(workspace, collector, { name: 'clean' });
  await service.isProtected();
  result = await load(workspace, service.url, REQUESTS);
}, 120_000);
afterAll(() => workspace.dispose());

describe('a clean run of 2,000 requests over 50 connections', () => {
  it('answers every one', () => {
    expect(result).toMatchObject({ sent: REQUESTS, ok: REQUESTS, failed: 0, firstFailure: null });
  });

  it('raises nothing, and every call of the leader was compared', async () => {
    const run = await service.caughtUp();
    expect(alertLines(await collector.alerts('clean'))).toEqual([]);
    expect(await collector.incidents('clean')).toEqual([]);
    expect(run).toMatchObject({ state: 'protected', noise: 0, openIncidents: 0 });
    expect(run.calls).toBeGreaterThan(REQUESTS * 3);
    for (const { calls, gaps } of run.replicas)
      expect({ calls, gaps }).toEqual({ calls: run.calls, gaps: 0 });
  });

  it('asks the upstream once for each request, over one set of connections', async () => {
    await service.caughtUp();
    const stats = await service.upstreamStats();
    expect(stats).toMatchObject({ requests: REQUESTS, paths: REQUESTS });
    expect(stats.connections).toBeLessThanOrEqual(17);
  });

  it('leaves one set of effects on the disk', async () => {
    await service.caughtUp();
    const lines = readFileSync(join(service.folder, 'effects'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(REQUESTS);
    expect(new Set(lines).size).toBe(REQUESTS);
    const kept = readdirSync(service.folder).filter((name) => name.startsWith('kept-'));
    expect(kept).toHaveLength(REQUESTS / 10);
  });

  it("gives followers no network socket, and one Unix socket: Lockstep's", async () => {
    const leader = await service.pid('a');
    expect(socketsOf(leader).network.length).toBeGreaterThan(0);
    for (const id of ['b', 'c']) {
      const { network, unix } = socketsOf(await service.pid(id));
      expect(network).toEqual([]);
      // Seen from a network namespace of its own, the inherited standard error is not in the table.
      const { isolation } = await service.replica(id);
      expect(unix).toHaveLength(isolation === 'none' ? 2 : 1);
    }
  });

  it('gives followers no file of the service', async () => {
    for (const id of ['b', 'c']) {
      const open = descriptors(await service.pid(id));
      expect(open.filter((target) => target.startsWith(service.folder))).toEqual([]);
    }
  });

  it('shows the same to programs: status, alerts, incidents', async () => {
    const { services } = await workspace.json<{
      services: { name: string; runs: { state: string; replicas: object[] }[] }[];
    }>(['status', '--service', 'clean', '--collector', collector.httpUrl]);
    expect(services.map(({ name }) => name)).toEqual(['clean']);
    expect(services[0]?.runs[0]).toMatchObject({ state: 'protected' });
    const leader = await service.pid('a');
    expect(services[0]?.runs[0]?.replicas).toMatchObject([
      { id: 'a', pid: leader, role: 'leader', state: 'running', isolation: 'none' },
      { id: 'b', role: 'follower', state: 'running' },
      { id: 'c', role: 'follower', state: 'running' },
    ]);
    for (const list of ['alerts', 'incidents'] as const) {
      const object = await workspace.json<object>([list, '--collector', collector.httpUrl]);
      expect(object).toEqual({ [list]: [] });
    }
  });

  it('keeps seed and tokens out of environments and arguments', async () => {
    const token = readFileSync(join(workspace.folder, 'token'), 'utf8').trim();
    expect(token.length).toBeGreaterThan(20);
    for (const pid of [service.launcher.pid, ...descendants(service.launcher.pid)]) {
      const text = startText(pid);
      expect(text).not.toContain(token);
      // A seed or a token is 64 hexadecimal digits. What the test itself was started with is not ours.
      const words = text.match(/\b[0-9a-f]{33,}\b/gi) ?? [];
      const given = Object.values(process.env).join(' ');
      expect(words.filter((word) => !given.includes(word))).toEqual([]);
    }
  });

  it('closes the descriptor that brought the secrets before the service runs', async () => {
    // What a spawned process inherits as a pipe is a socket here: the leader has the test's two output
    // streams, a follower its standard error, each besides the connection to Lockstep.
    for (const [id, own] of [['a', 3] as const, ['b', 2] as const, ['c', 2] as const]) {
      const pid = await service.pid(id);
      const sockets = descriptors(pid).filter((target) => target.startsWith('socket:'));
      expect({ id, own: new Set(sockets).size - socketsOf(pid).network.length }).toEqual({
        id,
        own,
      });
    }
  });

  it('ends in order: the last request is answered, exit code and output are the service’s', async () => {
    await service.caughtUp();
    const pids = descendants(service.launcher.pid);
    service.launcher.kill('SIGTERM');
    const { code, signal, stdout } = await service.launcher.ended;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stdout).toBe(`service: ready\nservice: closed after ${REQUESTS}\n`);
    expect(readFileSync(join(service.folder, 'closed'), 'utf8')).toBe(String(REQUESTS));
    await until('no replica is left', () => !pids.some(isAlive));
    await until('the run ended', async () => (await service.run()).state === 'ended');
    expect(alertLines(await collector.alerts('clean'))).toEqual([]);
    const run = await service.run();
    expect(run.matched).toBe(run.calls);
  });
});
