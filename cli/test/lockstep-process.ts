/** The built command as a process, with the stub in the agent's place unless a test wants the real one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const bin: string = join(import.meta.dirname, '../bin/lockstep.js');
export const fixtures: string = join(import.meta.dirname, 'fixtures');
export const service: string = join(fixtures, 'service.cjs');

/** Nothing listens here: the discard port. */
export const NO_COLLECTOR = 'ws://127.0.0.1:9';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the stub wrote down of one replica. */
export interface StubReport {
  readonly pid: number;
  readonly own: Readonly<Record<string, string>>;
  readonly secrets: { readonly token: string; readonly seed: string };
  readonly execArgv: readonly string[];
}

export class LockstepProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'cli-test-'));
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    if (!existsSync(join(import.meta.dirname, '../dist/main.js'))) {
      throw new Error('the command is not built; run: npm run build');
    }
    this.child = spawn(process.execPath, [bin, ...args], {
      env: {
        ...process.env,
        LOCKSTEP_AGENT_FILE: join(fixtures, 'stub-agent.cjs'),
        LOCKSTEP_TOKEN_FILE: join(this.#folder, 'token'),
        STUB_REPORT: join(this.#folder, 'report'),
        TMPDIR: this.#folder,
        ...env,
      },
      stdio: 'pipe',
    });
    this.child.stdout?.on('data', (chunk) => {
      this.#stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) =>
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

  /** The folder that holds the run's socket and nothing else once the run is over. */
  get folder(): string {
    return this.#folder;
  }

  /** Replicas that the stub ran in, so far. */
  reports(): readonly StubReport[] {
    const file = join(this.#folder, 'report');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as StubReport);
  }

  async dispose(): Promise<void> {
    this.child.kill('SIGKILL');
    // A service may well ignore the SIGTERM that its launcher's death brings.
    for (const { pid } of this.reports()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await this.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whether a process is there and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}
