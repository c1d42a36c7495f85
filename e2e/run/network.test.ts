/**
 * A network between replicas and collector that delays, stalls, cuts frames in half and lets connections
 * overtake each other, under load: no request notices, nothing is lost, no alert is false.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BadNetwork, fairWeather, type Weather } from '../support/bad-network.ts';
import { Collector } from '../support/collector.ts';
import { SteadyLoad } from '../support/load.ts';
import { Service } from '../support/service.ts';
import { pause, until } from '../support/wait.ts';
import { alertLines, Workspace } from '../support/workspace.ts';

/** How long it storms, milliseconds. */
const STORM_MS = 8000;

const seed = Number(process.env['LOCKSTEP_SEED'] ?? Date.now() % 1_000_000);

let workspace: Workspace;
let network: BadNetwork | null = null;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(async () => {
  await workspace.dispose();
  await network?.stop();
  network = null;
});

/** Runs the service through `weather`, then lets it clear up; answers what is left to ask about. */
async function weather(
  name: string,
  bad: Weather,
): Promise<{ service: Service; collector: Collector; counts: BadNetwork['counts'] }> {
  const collector = await Collector.start(workspace);
  network = await BadNetwork.start(collector.port, seed);
  const { url } = network;
  const service = await Service.start(workspace, collector, { name, collectorUrl: url });
  await service.isProtected();
  const steady = new SteadyLoad(workspace, service.url);
  await until('calls are compared', async () => (await service.run()).matched > 200);
  network.weather = bad;
  await pause(STORM_MS);
  network.weather = fairWeather;
  const { failed, firstFailure, ok } = await steady.stop();
  expect({ failed, firstFailure }, `seed ${seed}`).toEqual({ failed: 0, firstFailure: null });
  expect(ok).toBeGreaterThan(100);
  return { service, collector, counts: network.counts };
}

async function expectNothingLost(service: Service, collector: Collector): Promise<void> {
  const run = await service.caughtUp();
  expect(run.state).toBe('protected');
  expect(run.replicas.map(({ calls, gaps }) => [calls, gaps])).toEqual([
    [run.calls, 0],
    [run.calls, 0],
    [run.calls, 0],
  ]);
  const alerts = await collector.alerts(service.name);
  // A connection that stalls long enough is silence or lag while it lasts, and is called that.
  const passing = alerts.filter(({ kind }) => /^replica-(silent|lagging)$/.test(kind));
  expect(alertLines(alerts.filter((alert) => !passing.includes(alert)))).toEqual([]);
  expect(passing.every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
}

it('that delays every piece and lets connections overtake each other loses nothing', async () => {
  const { service, collector } = await weather('delayed', { ...fairWeather, delayMs: 60 });
  await expectNothingLost(service, collector);
}, 120_000);

it('that cuts connections in the middle of frames loses nothing', async () => {
  const { service, collector, counts } = await weather('cut', {
    ...fairWeather,
    delayMs: 5,
    cutShare: 0.01,
  });
  expect(counts.cuts).toBeGreaterThan(3);
  await expectNothingLost(service, collector);
}, 120_000);

it('that stalls loses nothing', async () => {
  const { service, collector, counts } = await weather('stalled', {
    ...fairWeather,
    stallShare: 0.01,
    stallMs: 500,
  });
  expect(counts.stalls).toBeGreaterThan(3);
  await expectNothingLost(service, collector);
}, 120_000);
