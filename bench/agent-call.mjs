/**
 * What one recorded call costs the application's thread: `door.record` with 128 bytes of arguments, over
 * the transport's real outbox (its thread hashes and sends to a collector meanwhile) and over one that
 * keeps nothing, against `JSON.stringify` of the same arguments. In turn, round by round, in CPU time.
 *
 *   node bench/agent-call.mjs [--rounds 15] [--calls 60000] [--short]
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { apiId } from '@lockstep/protocol';
// The door is what is measured; a service has it by the preload only.
import { NodePlatform } from '../agent/dist/core/platform.js';
import { LeaderDoor } from '../agent/dist/leader/leader-door.js';
import { startTransport } from '../agent/dist/transport/index.js';
import { startCollector } from './lib/collector.mjs';
import { timeOwnThread } from './lib/cpu.mjs';
import { root, until, withWorkspace } from './lib/processes.mjs';
import { readSettings, report } from './lib/settings.mjs';
import { median, ratios, spread, table } from './lib/stats.mjs';

/** `calls` of a round: fewer than the agent's memory holds, or it would drop them. */
const settings = readSettings({ rounds: 15, calls: 60_000 }, { rounds: 7 });

const MIB = 1024 * 1024;
const WRITE = apiId('fs.writeFile');
const TARGETS = Array.from({ length: 16 }, (_, index) => `/srv/shop/data/orders/${index}.json`);

/** Arguments whose JSON is 128 bytes: one text, and what a file's write is called with. */
const shapes = {
  'one text': ['x'.repeat(124)],
  'path, text, options': [TARGETS[0], 'x'.repeat(51), { encoding: 'utf8', flag: 'w', mode: 438 }],
};

/** Takes everything and keeps nothing. */
const nullOutbox = {
  dropped: 0,
  call: () => undefined,
  stack: () => undefined,
  logEntry: () => true,
  flush: () => undefined,
  publish: () => undefined,
  stopped: () => undefined,
  counters: () => undefined,
  end: () => undefined,
};

function makeDoor(outbox) {
  return new LeaderDoor(
    { outbox, logName: 'main', targetKey: { lo: 1, hi: 2 } },
    new NodePlatform(),
  );
}

function openTransport(collector) {
  const runId = randomBytes(16).toString('hex');
  const seed = randomBytes(32).toString('hex');
  const transport = startTransport({
    workerFile: join(root, 'agent/dist/transport-worker.cjs'),
    ...{ role: 'leader', url: `${collector.socketUrl}/agent`, service: 'bench', runId },
    ...{ replica: 'a', logName: 'main', variant: 'default', isolation: 'none', drill: false },
    ...{ launcherSocket: false, strong: false, redact: [] },
    secrets: { version: 1, runId, seed, token: collector.token },
    ...{ memoryBytes: 64 * MIB, evidenceBytes: 16 * MIB, spoolBytes: 256 * MIB },
  });
  transport.setSetting({ argv: 'bench' }, { hooked: 1, unhooked: [], notFollowed: [] });
  return transport;
}

/** Nanoseconds a call, of this thread's CPU. */
function timeRecords(door, args) {
  const { calls } = settings;
  const nanoseconds = timeOwnThread(() => {
    for (let call = 0; call < calls; call++) door.record(WRITE, TARGETS[call & 15], args);
  });
  return nanoseconds / calls;
}

function timeJson(args) {
  let length = 0;
  const nanoseconds =
    timeOwnThread(() => {
      for (let call = 0; call < settings.calls; call++) length += JSON.stringify(args).length;
    }) / settings.calls;
  if (length !== settings.calls * 128)
    throw new Error(`arguments of ${length / settings.calls} bytes`);
  return nanoseconds;
}

async function measure(shape, { outbox, drain, real, empty }) {
  const args = shapes[shape];
  const times = { 'real outbox': [], 'null outbox': [], 'JSON.stringify': [] };
  for (let round = -2; round < settings.rounds; round++) {
    const one = [timeRecords(real, args), timeRecords(empty, args), timeJson(args)];
    outbox.flush(1);
    await until('the collector has it all', drain);
    if (outbox.dropped > 0) throw new Error(`${outbox.dropped} calls were dropped`);
    // The first rounds are the compiler's.
    if (round < 0) continue;
    for (const [at, list] of Object.values(times).entries()) list.push(one[at]);
  }
  return times;
}

function print(shape, times) {
  const json = times['JSON.stringify'];
  const rows = [['', 'ns a call', 'ratio to JSON.stringify']];
  for (const [label, list] of Object.entries(times)) {
    rows.push([label, spread(list, 0), spread(ratios(list, json))]);
  }
  const rounds = `${settings.rounds} rounds of ${settings.calls} calls`;
  table(`A recorded call, ${shape}, 128 bytes as JSON: ${rounds} (min / median / max)`, rows);
  const real = times['real outbox'];
  return {
    what: `a recorded call (${shape}), ns`,
    value: median(real).toFixed(0),
    ratio: `${median(ratios(real, json)).toFixed(2)} x JSON.stringify`,
  };
}

await withWorkspace(async (workspace) => {
  const collector = await startCollector(workspace);
  const transport = openTransport(collector);
  const { outbox } = transport;
  const doors = { real: makeDoor(outbox), empty: makeDoor(nullOutbox) };
  const parts = { outbox, drain: () => transport.drain(100), ...doors };
  const rows = [];
  for (const shape of Object.keys(shapes)) rows.push(print(shape, await measure(shape, parts)));
  report(rows);
});
// The transport's thread would try to connect for ever.
process.exit(0);
