/**
 * Processes that a test starts, with everything they start: all of them are ended when the test is over,
 * by id, whether it passed or not. Replicas live in sessions of their own, so killing a group would miss
 * them; their ids are looked up while their launcher still holds them.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { descendants, isAlive } from './proc.ts';
import { until } from './wait.ts';

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to start. `input`: standard input, whole; null: open until `endInput`; none: empty. */
export interface Start {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | null;
}

export class TestProcess {
  readonly ended: Promise<Ended>;
  readonly pid: number;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  constructor(program: string, args: readonly string[], { cwd, env = {}, input }: Start) {
    const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
    this.#child = spawn(program, [...args], { cwd, env: { ...cleanEnvironment(), ...env }, stdio });
    const { pid, stdin, stdout, stderr } = this.#child;
    if (pid === undefined) throw new Error(`${program} could not be started`);
    this.pid = pid;
    stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    // A process that does not read its input is not a failure of the test.
    stdin?.on('error', () => undefined);
    if (typeof input === 'string') stdin?.end(input);
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.#child.kill(signal)) throw new Error(`process ${this.pid} is gone: ${this.#stderr}`);
  }

  /** Ends standard input that was left open. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Resolves when standard output holds `text`. */
  async says(text: string): Promise<void> {
    await until(`"${text}" on standard output`, () => {
      if (!this.#stdout.includes(text) && this.#child.exitCode !== null) this.#failOver(text);
      return this.#stdout.includes(text);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.#stderr}`, { cause: error });
    });
  }

  /** Ends the process and all that it started. */
  async dispose(): Promise<void> {
    const all = [this.pid, ...descendants(this.pid)];
    // Stopped first, so that nobody starts another one in between.
    for (const pid of all) signalQuietly(pid, 'SIGSTOP');
    const late = descendants(this.pid);
    for (const pid of new Set([...all, ...late])) signalQuietly(pid, 'SIGKILL');
    await this.ended;
    await until('all processes are gone', () => ![...all, ...late].some(isAlive));
  }

  #failOver(text: string): never {
    throw new Error(`ended before it said "${text}": ${this.#stdout}${this.#stderr}`);
  }
}

/** Processes of one test. */
export class Processes {
  readonly #started: TestProcess[] = [];

  start(program: string, args: readonly string[], options: Start): TestProcess {
    const started = new TestProcess(program, args, options);
    this.#started.push(started);
    return started;
  }

  /** Starts a program with this Node. */
  node(args: readonly string[], options: Start): TestProcess {
    return this.start(process.execPath, args, options);
  }

  /** Ends all, the last first. */
  async dispose(): Promise<void> {
    for (const started of this.#started.splice(0).reverse()) await started.dispose();
  }
}

/** Nothing of the test runner's own may reach what is tested. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(VITEST|VITE_|TEST|NODE_OPTIONS|NODE_ENV|LOCKSTEP_|PLAYWRIGHT|FORCE_COLOR|NO_COLOR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already: what we wanted.
  }
}
