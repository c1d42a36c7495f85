/**
 * The processes of `npm start`: each in a session of its own, so that an interrupt reaches this script
 * alone and it can end them in order, the last started first; and all of them when one fails.
 */
import { spawn } from 'node:child_process';
import { Problem } from './say.mjs';

/** What a process gets to end in order, milliseconds. */
const GRACE_MS = 8000;
/** What a process gets to become ready, milliseconds, and how often it is asked. */
const READY_MS = 30_000;
const POLL_MS = 50;

export class Processes {
  #started = [];
  #stopping = new AbortController();
  #onFailure;
  /** Resolves with a problem when a process ends that should not. */
  failed;

  constructor() {
    this.failed = new Promise((resolve) => {
      this.#onFailure = resolve;
    });
  }

  /** Starts a process whose lines are shown; `url` answers when it is ready. Answers its id. */
  async start(name, command, { cwd, env = {}, url = null, quiet = false }) {
    this.#stopping.signal.throwIfAborted();
    const [program, ...args] = command;
    const output = quiet ? 'ignore' : 'inherit';
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      // The open pipe on standard input tells a process that outlived us that we are gone.
      stdio: ['pipe', output, output],
      detached: true,
    });
    child.stdin.on('error', () => undefined);
    const ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.code));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    this.#started.push({ child, ended });
    void ended.then((how) => {
      if (!this.#stopping.signal.aborted)
        this.#onFailure(new Problem(`The ${name} ended by itself (${how}).`));
    });
    if (url !== null) await this.#untilReady(name, url);
    return child.pid;
  }

  /** Ends all, the last first, and waits for each. */
  async stop() {
    this.#stopping.abort();
    for (const { child, ended } of this.#started.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(timer);
    }
  }

  /** Ends all at once: somebody is in a hurry. */
  kill() {
    this.#stopping.abort();
    for (const { child } of this.#started) child.kill('SIGKILL');
  }

  async #untilReady(name, url) {
    const deadline = Date.now() + READY_MS;
    const failure = this.failed.then((problem) => {
      throw problem;
    });
    const ready = (async () => {
      while (!(await answers(url))) {
        this.#stopping.signal.throwIfAborted();
        if (Date.now() > deadline) throw new Problem(`The ${name} does not answer at ${url}.`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    })();
    await Promise.race([ready, failure]);
  }
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
