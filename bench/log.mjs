/**
 * What the log costs a leader: CPU time of its main thread a request, on a Fastify hello-world and on a
 * route with a database, on Node 20 and 24, beside the same service bare and, for comparison, under
 * OpenTelemetry's auto-instrumentation with an exporter that drops everything. Then start, memory, and
 * bytes of log a request. All ways run side by side and get their load in turn, round by round.
 *
 *   node bench/log.mjs [--rounds 5] [--requests 3000] [--short]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCollector } from './lib/collector.mjs';
import { cpuOf } from './lib/cpu.mjs';
import { sendRequests } from './lib/load.mjs';
import { startMongo } from './lib/mongo.mjs';
import { hasPackages, nodeFolder } from './lib/packages.mjs';
import { withWorkspace } from './lib/processes.mjs';
import { services, startService, startUpstream } from './lib/services.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, ratios, spread, table } from './lib/stats.mjs';

const settings = readSettings({ rounds: 5, requests: 3000 }, { rounds: 3, requests: 1000 });
const CONNECTIONS = 10;
const versions = [20, 24];
const otel = join(import.meta.dirname, 'otel');

/** The ways of one service: replicas, and what is preloaded. */
function waysOf() {
  const ways = { bare: { way: 'bare' }, 'leader alone': { way: 'leader alone' } };
  const preload = ['--require', join(otel, 'register.cjs')];
  if (hasPackages(otel)) ways['OpenTelemetry'] = { way: 'bare', preload };
  return ways;
}

function residentMib(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

async function measure(workspace, collector, shared, name, version) {
  const folder = nodeFolder(version);
  if (folder === null) return [];
  const ways = waysOf();
  const running = {};
  for (const [label, { way, preload = [] }] of Object.entries(ways)) {
    const id = `${name}-${version}-${label.replaceAll(' ', '-')}`;
    const options = { ...shared, name, way, preload, id, nodeFolder: folder };
    running[label] = await startService(workspace, collector, options);
  }
  const { requests } = services[name];
  const rounds = Object.fromEntries(Object.keys(ways).map((label) => [label, []]));
  const load = (one, amount) =>
    sendRequests(one.url, requests, { amount, connections: CONNECTIONS });
  for (const one of Object.values(running)) await load(one, settings.requests);
  for (let round = 0; round < settings.rounds; round++) {
    for (const [label, one] of Object.entries(running)) {
      const before = cpuOf(one.pid);
      const logBefore = one.runId === null ? 0 : collector.spooledBytes(one.runId).log;
      await load(one, settings.requests);
      const after = cpuOf(one.pid);
      const log = one.runId === null ? 0 : collector.spooledBytes(one.runId).log - logBefore;
      rounds[label].push({
        main: (after.main - before.main) / settings.requests,
        all: (after.all - before.all) / settings.requests,
        memory: residentMib(one.pid),
        log: log / settings.requests,
      });
    }
  }
  return print(`${name}, Node ${version}`, rounds);
}

function print(title, rounds) {
  const column = (label, key) => rounds[label].map((round) => round[key]);
  const labels = Object.keys(rounds);
  const rows = [['', ...labels]];
  const add = (what, key, digits) => {
    rows.push([what, ...labels.map((label) => spread(column(label, key), digits))]);
    const shares = labels.map((label) => ratios(column(label, key), column('bare', key)));
    rows.push(['  ratio to bare', ...shares.map((share) => spread(share))]);
  };
  add('main thread CPU, us/request', 'main', 1);
  add('process CPU, us/request', 'all', 1);
  add('resident memory, MiB', 'memory', 0);
  const log = spread(column('leader alone', 'log'), 0);
  rows.push([
    'log, bytes/request',
    ...labels.map((label) => (label === 'leader alone' ? log : '')),
  ]);
  table(title, rows);
  return labels.slice(1).map((label) => {
    const ratio = median(ratios(column(label, 'main'), column('bare', 'main'))).toFixed(2);
    const value = `${median(column(label, 'main')).toFixed(1)} us`;
    return { what: `${title}: main thread a request, ${label}`, value, ratio: `${ratio} x bare` };
  });
}

async function log(workspace) {
  const mongo = await startMongo(workspace);
  const collector = await startCollector(workspace);
  const upstreamPort = await startUpstream(workspace);
  const shared = { upstreamPort, env: mongo === null ? {} : { MONGODB_URI: mongo.url } };
  const rows = [];
  try {
    for (const version of versions) {
      for (const name of mongo === null ? ['hello'] : ['hello', 'store']) {
        rows.push(...(await measure(workspace, collector, shared, name, version)));
      }
    }
  } finally {
    await mongo?.stop();
  }
  return rows;
}

report(await withWorkspace(log));
