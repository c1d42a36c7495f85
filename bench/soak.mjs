/**
 * A long run: 100,000 requests at 100 connections to a service that reads files, a database and an
 * upstream, with two followers. Nothing may be raised, and the memory of every part must be flat after the
 * first tenth: printed are its means at the end of the first tenth, in the middle and at the end.
 *
 *   node bench/soak.mjs [--requests 100000] [--connections 100] [--short]
 */
import { readFileSync } from 'node:fs';
import { startCollector } from './lib/collector.mjs';
import { sendRequests } from './lib/load.mjs';
import { startMongo } from './lib/mongo.mjs';
import { until, withWorkspace } from './lib/processes.mjs';
import { startService, startUpstream } from './lib/services.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { table } from './lib/stats.mjs';

const settings = readSettings(
  { requests: 100_000, connections: 100 },
  { requests: 5000, connections: 100 },
);

/** Requests are sent in so many parts; memory is looked at between them. */
const PARTS = 20;
const MIB = 1024;

/** Calls that may be on their way when the last look is taken. */
const HEARTBEATS = 50;

/** Resident memory of a process, MiB. */
function residentMib(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / MIB;
}

/** Mean of what was seen in some of the parts. */
function meanOf(samples, from, to) {
  const part = samples.slice(from, to);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

async function caughtUp(collector, id) {
  await until(`the followers of ${id} have caught up`, async () => {
    const views = await collector.replicas(id);
    return views.every(({ lagTurns }) => lagTurns === 0);
  });
}

async function soak(workspace) {
  const mongo = await startMongo(workspace);
  if (mongo === null) return [];
  try {
    const collector = await startCollector(workspace);
    const upstreamPort = await startUpstream(workspace);
    const env = { MONGODB_URI: mongo.url };
    const options = { name: 'store', way: 'with two followers', upstreamPort, env };
    const service = await startService(workspace, collector, options);
    const pids = { leader: service.pid, collector: collector.pid };
    for (const [index, pid] of service.followers.entries()) pids[`follower ${index + 1}`] = pid;
    const seen = Object.fromEntries(Object.keys(pids).map((name) => [name, []]));
    const requests = Array.from({ length: 50 }, (_, id) => ({ path: `/order/${id}` }));
    for (let part = 0; part < PARTS; part++) {
      const amount = Math.round(settings.requests / PARTS);
      await sendRequests(service.url, requests, { amount, connections: settings.connections });
      await caughtUp(collector, service.id);
      for (const [name, pid] of Object.entries(pids)) seen[name].push(residentMib(pid));
    }
    await caughtUp(collector, service.id);
    return await summary(collector, service, seen);
  } finally {
    await mongo.stop();
  }
}

async function summary(collector, service, seen) {
  const { alerts } = await collector.alerts(service.id);
  const views = await collector.replicas(service.id);
  const { calls, matched } = views.find(({ role }) => role === 'leader');
  const rows = [['resident memory, MiB', 'first tenth', 'middle', 'end', 'end to first tenth']];
  for (const [name, samples] of Object.entries(seen)) {
    const [first, middle, end] = [
      meanOf(samples, 1, 3),
      meanOf(samples, PARTS / 2 - 1, PARTS / 2 + 1),
      meanOf(samples, PARTS - 2, PARTS),
    ];
    const figures = [first, middle, end].map((value) => value.toFixed(0));
    rows.push([name, ...figures, (end / first).toFixed(2)]);
  }
  table(`${settings.requests} requests at ${settings.connections} connections`, rows);
  const said = `${matched} of ${calls} calls agree, ${alerts} alerts`;
  process.stdout.write(`${said}\n`);
  // The driver's own heartbeats go on while we look.
  if (alerts > 0 || matched < calls - HEARTBEATS) throw new Error(said);
  return rows.slice(1).map(([what, first, , end, ratio]) => ({
    what: `soak: memory of the ${what}, MiB, first tenth | end`,
    value: `${first} | ${end}`,
    ratio,
  }));
}

report(await withWorkspace(soak));
