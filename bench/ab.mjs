/**
 * Two builds of the agent against each other and against no agent, in one run: CPU time of a leader's main
 * thread a request. Each way is a process; all get their load in turn, forwards and backwards.
 *
 *   node bench/ab.mjs --dists OLD/agent/dist,agent/dist [--rounds 8] [--requests 4000] [--name hello|store]
 *                     [--node FILE] [--flags="--cpu-prof --cpu-prof-dir=DIR"]
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCollector } from './lib/collector.mjs';
import { cpuOf } from './lib/cpu.mjs';
import { sendRequests } from './lib/load.mjs';
import { startMongo } from './lib/mongo.mjs';
import { freePort, pause, until, withWorkspace } from './lib/processes.mjs';
import { services } from './lib/services.mjs';
import { ratios, spread, table } from './lib/stats.mjs';

const { values: options } = parseArgs({
  options: {
    dists: { type: 'string', default: 'agent/dist' },
    rounds: { type: 'string', default: '8' },
    requests: { type: 'string', default: '4000' },
    name: { type: 'string', default: 'hello' },
    node: { type: 'string', default: process.execPath },
    flags: { type: 'string', default: '' },
    'no-bare': { type: 'boolean', default: false },
  },
});
const CONNECTIONS = 10;
/** What threads beside the main one still do for a round. */
const SETTLE_MS = 50;
const amount = Number(options.requests);

/** What makes a process a leader without a launcher. */
function leaderEnvironment(workspace, collector, replica) {
  const runId = randomBytes(16).toString('hex');
  const seed = randomBytes(32).toString('hex');
  const secrets = join(workspace.folder, `secrets-${replica}.json`);
  writeFileSync(secrets, JSON.stringify({ version: 1, runId, seed, token: collector.token }));
  return {
    LOCKSTEP_URL: `${collector.socketUrl}/agent`,
    LOCKSTEP_SERVICE: `ab-${replica}`,
    LOCKSTEP_ROLE: 'leader',
    LOCKSTEP_RUN: runId,
    LOCKSTEP_REPLICA: 'a',
    LOCKSTEP_SECRETS: secrets,
  };
}

async function start(workspace, collector, dist, env) {
  const port = await freePort();
  const preload = dist === null ? [] : ['--require', join(resolve(dist), 'register.cjs')];
  const leader = dist === null ? {} : leaderEnvironment(workspace, collector, port);
  const flags = options.flags.split(' ').filter(Boolean);
  const child = workspace.start([...flags, ...preload, services[options.name].file], {
    node: options.node,
    env: { ...env, ...leader, PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`${dist ?? 'bare'} answers`, () =>
    fetch(url).then(
      (answer) => answer.arrayBuffer(),
      () => null,
    ),
  );
  return { label: dist ?? 'bare', pid: child.pid, url, main: [], all: [] };
}

async function startAll(workspace, collector, mongo) {
  const env = mongo === null ? {} : { MONGODB_URI: mongo.url };
  const dists = [...(options['no-bare'] ? [] : [null]), ...options.dists.split(',')];
  const ways = [];
  for (const dist of dists) ways.push(await start(workspace, collector, dist, env));
  return ways;
}

async function measure(ways) {
  const { requests } = services[options.name];
  const load = (way) => sendRequests(way.url, requests, { amount, connections: CONNECTIONS });
  for (const way of ways) await load(way);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const way of round % 2 ? ways.toReversed() : ways) {
      const before = cpuOf(way.pid);
      await load(way);
      await pause(SETTLE_MS);
      const after = cpuOf(way.pid);
      way.main.push((after.main - before.main) / amount);
      way.all.push((after.all - before.all) / amount);
    }
  }
}

function print(ways) {
  const [first] = ways;
  table(`${options.name}: CPU us a request (min / median / max)`, [
    ['', 'main thread', 'ratio to the first', 'process', 'ratio to the first'],
    ...ways.map(({ label, main, all }) => [
      ...[label, spread(main, 1), spread(ratios(main, first.main))],
      ...[spread(all, 1), spread(ratios(all, first.all))],
    ]),
  ]);
}

await withWorkspace(async (workspace) => {
  const mongo = options.name === 'store' ? await startMongo(workspace) : null;
  try {
    const ways = await startAll(workspace, await startCollector(workspace), mongo);
    await measure(ways);
    print(ways);
  } finally {
    await mongo?.stop();
  }
});
