/**
 * What Lockstep adds to a start: a script that prints one character, bare, as a leader alone (the agent
 * preloaded by hand), and under `lockstep run`. Taken from the spawn to the character and to the exit, and
 * in CPU time of everything that was started.
 *
 *   node bench/start.mjs [--rounds 15] [--short]
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCollector } from './lib/collector.mjs';
import { endedChildrenMillis } from './lib/cpu.mjs';
import { bin, plainEnvironment, root, withWorkspace } from './lib/processes.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, ratios, spread, table } from './lib/stats.mjs';

const settings = readSettings({ rounds: 15 }, { rounds: 3 });

const script = join(import.meta.dirname, 'services/empty.cjs');
const agent = join(root, 'agent/dist/register.cjs');

/** What to start, and with which environment; made anew for each start, for a run has one leader. */
function commands(workspace, collector) {
  const run = (replicas) => () => ({
    args: [bin, 'run', '--service', `start-${replicas}`, '--replicas', String(replicas)].concat([
      ...['--collector', collector.socketUrl, '--', 'node', script],
    ]),
    env: workspace.environment,
  });
  return {
    bare: () => ({ args: [script], env: {} }),
    'leader alone': () => ({
      args: ['--require', agent, script],
      env: leaderEnvironment(workspace, collector),
    }),
    'lockstep run, 1 replica': run(1),
    'lockstep run, 3 replicas': run(3),
  };
}

function leaderEnvironment(workspace, collector) {
  const runId = randomBytes(16).toString('hex');
  const seed = randomBytes(32).toString('hex');
  const secrets = join(workspace.folder, 'secrets.json');
  writeFileSync(secrets, JSON.stringify({ version: 1, runId, seed, token: collector.token }));
  return {
    LOCKSTEP_URL: `${collector.socketUrl}/agent`,
    LOCKSTEP_SERVICE: 'start',
    LOCKSTEP_ROLE: 'leader',
    LOCKSTEP_RUN: runId,
    LOCKSTEP_REPLICA: 'a',
    LOCKSTEP_SECRETS: secrets,
  };
}

/** Milliseconds to the first character and to the exit, and those of CPU that it took in all. */
function time({ args, env }) {
  const before = endedChildrenMillis();
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let first = Number.NaN;
    child.stdout.once('data', () => {
      first = performance.now() - startedAt;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const exit = performance.now() - startedAt;
      if (code === 0) resolve({ first, exit, cpu: endedChildrenMillis() - before });
      else reject(new Error(`${args.join(' ')} ended with code ${code}`));
    });
  });
}

await withWorkspace(async (workspace) => {
  const collector = await startCollector(workspace);
  const all = commands(workspace, collector);
  const times = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  for (let round = -1; round < settings.rounds; round++) {
    for (const [name, make] of Object.entries(all)) {
      const taken = await time(make());
      // The first round reads the files from disk.
      if (round >= 0) times[name].push(taken);
    }
  }
  print(times);
});

function print(times) {
  const of = (name, key) => times[name].map((taken) => taken[key]);
  const share = (name, key) => ratios(of(name, key), of('bare', key));
  const titles = ['to the first output, ms', 'ratio', 'to the exit, ms', 'ratio'];
  const rows = [['', ...titles, 'CPU ms (mean)', 'ratio']];
  const cpu = (name) => mean(of(name, 'cpu'));
  for (const name of Object.keys(times)) {
    const cells = ['first', 'exit'].flatMap((key) => [
      spread(of(name, key), 0),
      spread(share(name, key)),
    ]);
    rows.push([name, ...cells, cpu(name).toFixed(0), (cpu(name) / cpu('bare')).toFixed(2)]);
  }
  table(`Start of an empty script, ${settings.rounds} rounds (min / median / max)`, rows);
  summarise(of, share, Object.keys(times).slice(1));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarise(of, share, names) {
  report(
    names.map((name) => ({
      what: `start, ${name}: first output, ms more than bare`,
      value: (median(of(name, 'first')) - median(of('bare', 'first'))).toFixed(0),
      ratio: `${median(share(name, 'first')).toFixed(2)} x bare`,
    })),
  );
}
