/** The service's life is its own: it ends by itself, starts without a collector, and gets each signal once. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/wait.ts';
import { alertLines, programs, Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

it('a service whose work is done ends by itself, agreed upon to its last call', async () => {
  const collector = await Collector.start(workspace);
  const args = ['run', '--service', 'done', '--collector', collector.url, '--', 'node'];
  const ended = await workspace.call([...args, join(programs, 'ledger.cjs')]);
  expect(ended).toMatchObject({ code: 0, stdout: 'total 210\n' });
  await until('the run ended', async () => (await collector.run('done')).state === 'ended');
  const run = await collector.run('done');
  expect(alertLines(await collector.alerts('done'))).toEqual([]);
  expect(run.calls).toBeGreaterThan(50);
  expect(run.matched).toBe(run.calls);
  expect(run.replicas.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
});

it('a service runs without a collector, and says so loudly', async () => {
  const url = `ws://127.0.0.1:${await freePort()}`;
  const args = ['run', '--service', 'alone', '--collector', url, '--', 'node'];
  const started = workspace.lockstep([...args, join(programs, 'waits.cjs')]);
  await started.says('ready');
  await until('it says so', () => /^lockstep: .*127\.0\.0\.1/m.test(started.stderr));
  started.kill('SIGTERM');
  expect(await started.ended).toMatchObject({ code: 5, stdout: 'ready\nterminated\n' });
});

it('a collector that comes later finds the run from its first call', async () => {
  // The token is there before the first run: somebody ran `up` once.
  const collector = await Collector.start(workspace);
  await collector.stop();
  const args = ['run', '--service', 'later', '--collector', collector.url, '--', 'node'];
  const started = workspace.lockstep([...args, join(programs, 'waits.cjs')]);
  await started.says('ready');
  await collector.start();
  await until('calls are compared', async () => (await collector.run('later')).matched > 50);
  started.kill('SIGTERM');
  expect(await started.ended).toMatchObject({ code: 5 });
  await until('the run ended', async () => (await collector.run('later')).state === 'ended');
  expect(alertLines(await collector.alerts('later'))).toEqual([]);
});
