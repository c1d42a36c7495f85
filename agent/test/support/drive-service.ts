/** Runs a service as a trial under load: the load comes from a process of its own, as a user's would. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { program, type Trial } from './agree.ts';
import { runTrial } from './trial.mjs';

const driver = path.join(path.dirname(fileURLToPath(import.meta.url)), 'drive.mjs');

/** How often the leader's output is looked at for its port, milliseconds. */
const LOOK_MS = 10;

/** Longest wait for the port, milliseconds; a busy machine starts three processes at once. */
const PORT_MS = 15_000;

/** How the requests are made. */
export type Load = 'post' | 'chunked' | 'abort';

/** Runs `test/programs/name`, which prints `port N`, and `requests` at `concurrency` against it. */
export async function serviceTrial(
  name: string,
  requests: number,
  concurrency: number,
  load: Load,
): Promise<Trial> {
  return await runTrial([program(name)], {
    timeoutMs: 60_000,
    drive: async (leader: { out: { stdout: string } }) => {
      const port = await portOf(leader.out);
      await drive([driver, port, String(requests), String(concurrency), load]);
    },
  });
}

/** Every call agrees, nothing was passed over, all three ended well. */
export function expectEqual(trial: Trial, calls: number): void {
  expect(trial.differences).toEqual([]);
  expect(trial.ends.map((end) => [end.code, end.timedOut, end.stderr])).toEqual([
    [0, false, ''],
    [0, false, ''],
    [0, false, ''],
  ]);
  expect(trial.calls).toBeGreaterThanOrEqual(calls);
  expect(trial.replicas.slice(1).map((replica) => replica.counters)).toEqual([
    expect.objectContaining({ skipped: 0, valueMissing: 0 }),
    expect.objectContaining({ skipped: 0, valueMissing: 0 }),
  ]);
}

async function portOf(out: { stdout: string }): Promise<string> {
  const until = Date.now() + PORT_MS;
  for (;;) {
    const port = /port (\d+)/.exec(out.stdout)?.[1];
    if (port !== undefined) return port;
    if (Date.now() > until) throw new Error(`no port in ${JSON.stringify(out.stdout)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function drive(argv: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, argv, { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
