import { Role } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { startApplication } from './support/child.ts';
import { useRun } from './support/run.ts';
import { until } from './support/until.ts';

describe('a process with a transport', () => {
  const run = useRun();

  it('ends by itself when its work is done', async () => {
    const { ended } = startApplication(run, 'idle');
    expect(await ended).toEqual({ code: 0, signal: null, output: 'work done\n', errors: '' });
    expect(run.collector.hellos).toHaveLength(1);
  });

  it('ends by itself when there is no collector', async () => {
    await run.collector.kill();
    const { ended } = startApplication(run, 'idle');
    expect(await ended).toMatchObject({ code: 0, output: 'work done\n' });
  });

  it('exits once the collector has everything, bye last', async () => {
    const { ended } = startApplication(run, 'exit', { drainMs: 5000 });
    const { code, output } = await ended;
    expect(code).toBe(7);
    expect(JSON.parse(output)).toMatchObject({ drained: true });
    expect(run.collector.records).toHaveLength(20_000);
    expect(run.collector.said('bye')[0]).toMatchObject({ exitCode: 7, complete: true });
  });

  it('exits within the limit when nobody takes what it has', async () => {
    await run.collector.kill();
    const { ended } = startApplication(run, 'exit', { drainMs: 200 });
    const { code, output } = await ended;
    expect(code).toBe(7);
    const { drained, tookMs } = JSON.parse(output);
    expect(drained).toBe(false);
    expect(tookMs).toBeGreaterThan(150);
    expect(tookMs).toBeLessThan(700);
  });

  it('is heard while its thread is blocked', async () => {
    const child = startApplication(run, 'block');
    await until('the record', () => run.collector.records.length === 1);
    expect(child.output()).toBe('');
    expect(await child.ended).toMatchObject({ code: 0, output: 'unblocked\n' });
  });

  it('needs nothing that was patched after it was loaded', async () => {
    const child = startApplication(run, 'patched', { role: Role.follower });
    await until('the record', () => run.collector.records.length === 1);
    run.collector.say({ type: 'drill', file: '/tmp/x.cjs' });
    await until('the item', () => child.output() === 'drill\n');
    child.process.kill('SIGKILL');
    expect(await child.ended).toMatchObject({ errors: '' });
  });

  it.each([
    [Role.follower, 'SIGKILL'],
    [Role.leader, 'SIGTERM'],
  ] as const)('as a %s ends by %s when its launcher has died', async (role, signal) => {
    const child = startApplication(run, 'live', { role, launcherSocket: true });
    await until('hello', () => run.collector.hellos.length === 1);
    await run.collector.kill();
    expect(await child.ended).toMatchObject({ code: null, signal });
  });

  it('lives on when a collector that is not its launcher has died', async () => {
    const child = startApplication(run, 'live');
    await until('hello', () => run.collector.hellos.length === 1);
    await run.collector.kill();
    await run.collector.start();
    await until('hello again', () => run.collector.hellos.length === 2);
    expect(child.process.exitCode).toBeNull();
    child.process.kill('SIGKILL');
    await child.ended;
  });
});
