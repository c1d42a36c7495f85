/**
 * What Lockstep costs a service: the example shop and a Fastify hello-world, bare, as a leader alone and
 * with two followers. All three run side by side and get their load in turn, round by round, so that a
 * busy machine slows all of them; every figure is also given as a ratio to bare in the same round.
 *
 *   node bench/service.mjs [--rounds 5] [--scale 1] [--seconds 3] [--short]
 */
import { startCollector } from './lib/collector.mjs';
import { cpuOf } from './lib/cpu.mjs';
import { sendRequests } from './lib/load.mjs';
import { pause, until, withWorkspace } from './lib/processes.mjs';
import { services, startService, startUpstream, ways } from './lib/services.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, quantile, ratios, spread, table } from './lib/stats.mjs';

/** `scale`: share of a round's requests at full speed. `seconds`: how long its steady part lasts. */
const settings = readSettings(
  { rounds: 5, scale: 1, seconds: 3 },
  { rounds: 3, scale: 0.4, seconds: 1.5 },
);

/** Connections that carry the requests. */
const CONNECTIONS = 10;

/** Between two looks at the followers' lag, milliseconds; the API is asked, which costs the collector. */
const LOOK_MS = 25;

const summary = [];

async function measure(workspace, collector, name, upstreamPort) {
  const running = [];
  for (const way of Object.keys(ways)) {
    running.push(await startService(workspace, collector, { name, way, upstreamPort }));
  }
  const amount = Math.round(services[name].amount * settings.scale);
  for (const one of running) await fullSpeed(collector, one, name, amount);
  const rounds = Object.fromEntries(running.map(({ way }) => [way, []]));
  for (let round = 0; round < settings.rounds; round++) {
    // Whoever comes first meets another machine than whoever comes last.
    for (const one of [...running.slice(round % 3), ...running.slice(0, round % 3)]) {
      const full = await fullSpeed(collector, one, name, amount);
      rounds[one.way].push({ ...full, ...(await steady(collector, one, name)) });
    }
  }
  await checkAgreement(collector, running);
  print(name, rounds, amount);
}

/** As many requests as the connections carry: throughput, CPU time, bytes. */
async function fullSpeed(collector, one, name, amount) {
  const { requests } = services[name];
  const before = look(collector, one);
  const { seconds } = await sendRequests(one.url, requests, { amount, connections: CONNECTIONS });
  const servedAt = performance.now();
  await untilEven(collector, one);
  const after = look(collector, one);
  const of = (key) => (after[key] - before[key]) / amount;
  return {
    perSecond: amount / seconds,
    main: of('main'),
    all: of('all'),
    follower: of('follower'),
    collector: of('collector'),
    log: of('log'),
    records: of('records'),
    behindMs: one.replicas > 1 ? performance.now() - servedAt : 0,
  };
}

/** A rate that nobody finds hard: latency as a user sees it, and how far behind followers are. */
async function steady(collector, one, name) {
  const { requests, rate } = services[name];
  const lags = { turns: [], ms: [] };
  const load = sendRequests(one.url, requests, {
    amount: Math.round(rate * settings.seconds),
    connections: CONNECTIONS,
    rate,
  });
  let isOver = false;
  const looking = watchLag(collector, one, lags, () => isOver);
  const { times } = await load.finally(() => {
    isOver = true;
  });
  await looking;
  await untilEven(collector, one);
  return { p50: median(times), p99: quantile(times, 0.99), lags };
}

async function watchLag(collector, one, lags, isOver) {
  if (one.replicas < 2) return;
  while (!isOver()) {
    const views = await collector.replicas(one.id);
    for (const { role, lagTurns, lagMs } of views) {
      if (role !== 'follower' || lagMs === null) continue;
      lags.turns.push(lagTurns);
      lags.ms.push(lagMs);
    }
    await pause(LOOK_MS);
  }
}

function look(collector, one) {
  const { main, all } = cpuOf(one.pid);
  const others = one.followers.map((pid) => cpuOf(pid).all);
  const follower = others.reduce((sum, micros) => sum + micros, 0) / (others.length || 1);
  const spooled = one.runId === null ? { log: 0, records: 0 } : collector.spooledBytes(one.runId);
  return { main, all, follower, collector: cpuOf(collector.pid).all, ...spooled };
}

/** The next load meets a quiet machine: followers have finished what there is. */
async function untilEven(collector, one) {
  if (one.replicas < 2) return;
  await until(`the followers of ${one.id} have caught up`, async () => {
    const views = await collector.replicas(one.id);
    return views.every(({ lagTurns }) => lagTurns === 0);
  });
}

/** Figures of a run that diverged or lost its followers would be figures of something else. */
async function checkAgreement(collector, running) {
  for (const { id, replicas } of running.filter((one) => one.replicas > 1)) {
    const views = await collector.replicas(id);
    const wrong = views.filter(({ state }) => state !== 'running');
    const { alerts } = await collector.alerts(id);
    if (views.length !== replicas || wrong.length + alerts > 0) {
      throw new Error(`${id}: ${wrong.length} replicas are not running, ${alerts} alerts`);
    }
  }
}

function print(name, rounds, amount) {
  const column = (way, key) => rounds[way].map((round) => round[key]);
  const rows = [['', ...Object.keys(ways)]];
  const add = (label, key, digits, compared = true) => {
    rows.push([label, ...Object.keys(ways).map((way) => spread(column(way, key), digits))]);
    if (!compared) return;
    const shares = Object.keys(ways).map((way) => ratios(column(way, key), column('bare', key)));
    rows.push(['  ratio to bare', ...shares.map((share) => spread(share))]);
    const [, led, followed] = shares.map((share) => median(share).toFixed(2));
    const values = Object.keys(ways).map((way) => median(column(way, key)).toFixed(digits));
    const ratio = `${led} x bare as leader, ${followed} x with followers`;
    summary.push({ what: `${name}: ${label}`, value: values.join(' | '), ratio });
  };
  add('requests/s at full speed', 'perSecond', 0);
  add('main thread CPU, us/request', 'main', 0);
  add('process CPU, us/request', 'all', 0);
  add('latency p50 at the steady rate, ms', 'p50', 2);
  add('latency p99 at the steady rate, ms', 'p99', 1);
  add('CPU of each follower, us/request', 'follower', 0, false);
  add('CPU of the collector, us/request', 'collector', 0, false);
  add('log, bytes/request', 'log', 0, false);
  add('records of all replicas, bytes/request', 'records', 0, false);
  add('followers even after full speed, ms', 'behindMs', 0, false);
  const { rate } = services[name];
  const load = `${amount} requests over ${CONNECTIONS} connections, then ${rate}/s`;
  table(`${name}: ${settings.rounds} rounds of ${load} (min / median / max)`, rows);
  printLag(name, rounds);
}

function printLag(name, rounds) {
  const lags = rounds['with two followers'].map((round) => round.lags);
  const ms = lags.flatMap((lag) => lag.ms);
  const turns = lags.flatMap((lag) => lag.turns);
  const line = (samples) => `${median(samples)} / ${quantile(samples, 0.99)}`;
  process.stdout.write(
    `followers' lag at the steady rate, median / p99 of ${ms.length} looks: ${line(ms)} ms, ${line(turns)} turns\n`,
  );
  const share = median(ms) / median(rounds.bare.map(({ p50 }) => p50));
  summary.push({
    what: `${name}: followers' lag, ms (median / p99)`,
    value: line(ms),
    ratio: `${share.toFixed(1)} x the latency of bare`,
  });
}

await withWorkspace(async (workspace) => {
  const collector = await startCollector(workspace);
  const upstreamPort = await startUpstream(workspace);
  // The route with a database alone is what `log.mjs` measures.
  for (const name of ['hello', 'shop']) await measure(workspace, collector, name, upstreamPort);
});
report(summary);
