/**
 * Processes that a benchmark starts: each is ended by its id when the benchmark is over, however it went.
 * Nothing listens anywhere but on the loopback address.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a process gets to become ready and to end in order, milliseconds. */
const READY_MS = 30_000;
const GRACE_MS = 10_000;
const POLL_MS = 10;

/** The root of the checkout. */
export const root = join(import.meta.dirname, '../..');
export const bin = join(root, 'cli/bin/lockstep.js');

/** Runs `work` with a folder and processes of its own, and leaves neither behind. */
export async function withWorkspace(work) {
  const workspace = new Workspace();
  try {
    return await work(workspace);
  } finally {
    await workspace.dispose();
  }
}

class Workspace {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  #started = [];

  /** Starts Node with `args`; the process's errors are shown. */
  start(args, { env = {}, cwd = this.folder, node = process.execPath } = {}) {
    const child = spawn(node, args, {
      cwd,
      env: { ...plainEnvironment(), ...this.environment, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.#started.push({ child, ended });
    return child;
  }

  /** Where `up` and `run` find each other's token. */
  get environment() {
    return { LOCKSTEP_TOKEN_FILE: join(this.folder, 'token'), XDG_STATE_HOME: this.folder };
  }

  /** Ends one process in order. */
  async end(child) {
    const { ended } = this.#started.find((one) => one.child === child);
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  async dispose() {
    for (const { child } of this.#started.toReversed()) {
      if (child.exitCode === null && child.signalCode === null) await this.end(child);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Nothing of whoever runs the benchmark may reach what is measured. */
export function plainEnvironment() {
  const foreign = /^(LOCKSTEP_|NODE_OPTIONS$|NODE_ENV$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** A free TCP port on the loopback address. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Asks until the answer is truthy, and gives it. */
export async function until(what, probe) {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await pause(POLL_MS);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
