/**
 * One process of a run: started in a session of its own, so that a terminal's signals reach it once and
 * through the launcher only; its secrets handed over by a descriptor that nobody else can read.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ReplicaSecrets } from '@lockstep/protocol';
import { STDERR_TAIL_BYTES } from '../limits.ts';
import { SECRETS_DESCRIPTOR } from './replica-environment.ts';

/** How a process ended. Exactly one of the first two is not null, unless it never started. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly failure: Error | null;
}

/** What to start. `stdio`: the first three descriptors. */
export interface ProcessStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: readonly [
    'inherit' | 'ignore',
    'inherit' | 'ignore' | number,
    'inherit' | 'pipe',
  ];
  readonly secrets: ReplicaSecrets;
}

export class ReplicaProcess {
  /** Resolves when the process is gone; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  #stderrTail = '';
  #isGone: boolean = false;

  constructor(start: ProcessStart) {
    const stdio: StdioOptions = [...start.stdio, 'pipe'];
    this.#child = spawn(start.program, [...start.args], {
      cwd: start.folder,
      env: start.env,
      stdio,
      detached: true,
    });
    this.ended = this.#watch(this.#child);
    this.#handSecrets(start.secrets);
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#keepTail(chunk));
  }

  /** Null when it could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** The last words of a follower on its real standard error. */
  get stderrTail(): string {
    return this.#stderrTail;
  }

  /** Sends a signal to this process alone; false when there is none any more. */
  kill(signal: NodeJS.Signals): boolean {
    return !this.#isGone && this.#child.kill(signal);
  }

  #watch(child: ChildProcess): Promise<ProcessEnd> {
    return new Promise((resolve) => {
      const end = (result: ProcessEnd): void => {
        this.#isGone = true;
        resolve(result);
      };
      child.once('error', (failure) => {
        // A failed kill is reported here as well; the process is then still there and will exit.
        if (child.pid === undefined) end({ exitCode: null, signal: null, failure });
      });
      child.once('exit', (exitCode, signal) => end({ exitCode, signal, failure: null }));
    });
  }

  #handSecrets(secrets: ReplicaSecrets): void {
    const pipe = this.#child.stdio[SECRETS_DESCRIPTOR] as Writable | undefined;
    // A process that dies at once leaves a broken pipe; its end is reported by `ended`.
    pipe?.on('error', () => pipe.destroy());
    pipe?.end(JSON.stringify(secrets));
  }

  #keepTail(chunk: Buffer): void {
    this.#stderrTail = (this.#stderrTail + chunk.toString('utf8')).slice(-STDERR_TAIL_BYTES);
  }
}
