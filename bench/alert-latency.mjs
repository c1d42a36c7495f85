/**
 * From a digest leaving the second replica to its alert on the dashboard's socket, while three replicas
 * make 10,000 calls a second each that match; beside it the same without those calls, and a bare WebSocket
 * round trip to the same collector. Agents and dashboard are in this process, so one clock takes both
 * ends; the collector is `lockstep up` in its own. The two loads take turns, a run each.
 *
 *   node bench/alert-latency.mjs [--rate 10000] [--runs 5] [--samples 50] [--short]
 */
import { LIVE_PATH } from '@lockstep/protocol';
import { WebSocket } from 'ws';
import { startCollector } from './lib/collector.mjs';
import { CALLS_PER_TURN, startRun } from './lib/fake-run.mjs';
import { pause, withWorkspace } from './lib/processes.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, quantile, ratios, spread, table } from './lib/stats.mjs';

/** `runs` of each load with `samples` each; one incident keeps its first hundred alerts whole. */
const settings = readSettings({ rate: 10_000, runs: 5, samples: 50 }, { runs: 3, samples: 68 });

/** How often a replica hands on what it did, milliseconds: 50 calls at 10,000 a second. */
const FLUSH_MS = 5;
/** Between two divergent calls, milliseconds: nothing of one is left when the next comes. */
const SPACING_MS = 50;
/** Turns that one flush may catch up with, so that a pause of this process is no flood. */
const MAX_TURNS = 200;
/** What an alert gets before the benchmark gives up, milliseconds. */
const ALERT_MS = 20_000;

const loads = { loaded: settings.rate, idle: 0 };

/** One run of three replicas: its samples, and what rate it really had. */
async function measureRun(collector, dashboard, rate, samples) {
  const run = await startRun(collector, 'bench');
  const background = new Background(run, rate);
  const startedAt = performance.now();
  const alerts = [];
  const trips = [];
  for (let sample = 0; sample < samples; sample++) {
    await pause(SPACING_MS);
    trips.push(await run.roundTrip());
    await pause(FLUSH_MS);
    const { sentAt, turn } = background.step(true);
    alerts.push((await dashboard.alert(run.runId, turn)) - sentAt);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  background.stop();
  const callsPerSecond = run.calls / seconds;
  run.end();
  return { alerts, trips, callsPerSecond };
}

/** Matching calls at a steady rate: each flush brings as many turns as the time that has passed. */
class Background {
  #run;
  #turnsPerMs;
  #timer;
  #at = performance.now();

  constructor(run, rate) {
    this.#run = run;
    this.#turnsPerMs = rate / 1000 / CALLS_PER_TURN;
    this.#timer = rate > 0 ? setInterval(() => this.step(false), FLUSH_MS) : null;
  }

  /** What is due; a divergent call comes at the end of it. */
  step(divergent) {
    const now = performance.now();
    const due = Math.min(MAX_TURNS, Math.floor((now - this.#at) * this.#turnsPerMs));
    if (this.#turnsPerMs > 0) this.#at += due / this.#turnsPerMs;
    const turns = divergent ? Math.max(1, due) : due;
    return turns > 0 ? this.#run.step(turns, divergent) : null;
  }

  stop() {
    clearInterval(this.#timer);
  }
}

/** A dashboard's connection to the live feed. */
class Dashboard {
  #socket;
  #waiting = null;

  static async open(collector) {
    const socket = new WebSocket(`${collector.socketUrl}${LIVE_PATH}`);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Dashboard(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(data, performance.now()));
  }

  /** When the alert of this turn came, as `performance.now()` has it. */
  alert(runId, turn) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no alert of turn ${turn}`)), ALERT_MS);
      this.#waiting = { runId, turn, timer, resolve };
    });
  }

  close() {
    this.#socket.terminate();
  }

  #take(data, at) {
    const { alerts = [] } = JSON.parse(data.toString());
    const waiting = this.#waiting;
    const isIt = (alert) => alert.runId === waiting.runId && alert.turn === waiting.turn;
    if (waiting === null || !alerts.some(isIt)) return;
    this.#waiting = null;
    clearTimeout(waiting.timer);
    waiting.resolve(at);
  }
}

function print({ loaded, idle }) {
  const all = (runs, key) => runs.flatMap((run) => run[key]);
  const rows = [['', 'calls/s of each replica', 'samples', 'p50 ms', 'p99 ms', 'max ms']];
  const add = (label, runs, key) => {
    const samples = all(runs, key);
    const rate = spread(
      runs.map(({ callsPerSecond }) => callsPerSecond),
      0,
    );
    const figures = [median(samples), quantile(samples, 0.99), quantile(samples, 1)];
    rows.push([label, rate, String(samples.length), ...figures.map((value) => value.toFixed(2))]);
  };
  add('digest to alert, loaded', loaded, 'alerts');
  add('digest to alert, idle', idle, 'alerts');
  add('WebSocket round trip, loaded', loaded, 'trips');
  add('WebSocket round trip, idle', idle, 'trips');
  table(`Alert latency, ${settings.runs} runs of each load, in turn`, rows);
  const medians = (runs, key) => runs.map((run) => median(run[key]));
  const toIdle = ratios(medians(loaded, 'alerts'), medians(idle, 'alerts'));
  const toTrip = ratios(medians(loaded, 'alerts'), medians(loaded, 'trips'));
  process.stdout.write(`ratio of medians, run by run: loaded to idle ${spread(toIdle)}\n`);
  process.stdout.write(
    `ratio of medians, run by run: alert to bare round trip ${spread(toTrip)}\n`,
  );
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(all(loaded, 'alerts'), share).toFixed(1));
  report([
    {
      what: `digest to alert at ${settings.rate} calls/s, ms (median / p99)`,
      value: `${p50} / ${p99}`,
      ratio: `${median(toTrip).toFixed(1)} of a round trip`,
    },
  ]);
}

await withWorkspace(async (workspace) => {
  const collector = await startCollector(workspace);
  const dashboard = await Dashboard.open(collector);
  await measureRun(collector, dashboard, loads.loaded, 10);
  const results = { loaded: [], idle: [] };
  for (let run = 0; run < settings.runs; run++) {
    for (const [load, rate] of Object.entries(loads)) {
      results[load].push(await measureRun(collector, dashboard, rate, settings.samples));
    }
  }
  dashboard.close();
  print(results);
});
