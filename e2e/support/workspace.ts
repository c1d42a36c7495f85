/**
 * What one test owns: a folder, its processes, and the ways to call the built command as a user would.
 * `await using workspace = new Workspace()` would be the shape; Node 20 lacks it, so tests call `dispose`
 * in their `afterEach`.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertView, Reason } from '@lockstep/protocol';
import { type Ended, Processes, type Start, type TestProcess } from './processes.ts';

/** The root of the checkout. */
export const root: string = join(import.meta.dirname, '../..');
const bin = join(root, 'cli/bin/lockstep.js');

/** Where programs, drills and the example stand. */
export const programs: string = join(import.meta.dirname, '../programs');
export const drills: string = join(import.meta.dirname, '../drills');

/** The object of `check --json`, as the design contract fixes it. */
export interface CheckReport {
  readonly service: string;
  readonly runId: string;
  readonly complete: boolean;
  readonly reason: Reason | null;
  readonly detail: string | null;
  readonly drill: boolean;
  readonly replicas: readonly {
    readonly id: string;
    readonly pid: number | null;
    readonly role: string;
    readonly exitCode: number | null;
    readonly calls: number;
    readonly followed: number | null;
  }[];
  readonly calls: number;
  readonly matched: number;
  readonly noise: number;
  readonly coverage: {
    readonly hooked: number;
    readonly unhooked: readonly string[];
    readonly notFollowed: readonly string[];
  };
  readonly alerts: readonly AlertView[];
}

/** A check: how the command ended, and its report. */
export interface Checked extends Ended {
  readonly report: CheckReport;
}

/** What a check gets in all, seconds: a command that hangs fails its test with a report. */
const CHECK_TIMEOUT_SECONDS = 40;

export class Workspace {
  /** Free of symbolic links, so that paths compare. */
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-e2e-')));
  readonly processes: Processes = new Processes();

  /** A new folder inside the workspace. */
  newFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts `lockstep ARGS`. */
  lockstep(args: readonly string[], start: Partial<Start> = {}): TestProcess {
    // Where `up` and `run` find each other's token.
    const env = { LOCKSTEP_TOKEN_FILE: join(this.folder, 'token'), ...start.env };
    return this.processes.node([bin, ...args], { cwd: this.folder, ...start, env });
  }

  /** Runs `lockstep ARGS` to its end. */
  call(args: readonly string[], start: Partial<Start> = {}): Promise<Ended> {
    return this.lockstep(args, start).ended;
  }

  /** Runs `lockstep ARGS --json` and reads its object. */
  async json<T>(args: readonly string[]): Promise<T> {
    const ended = await this.call([...args, '--json']);
    if (ended.code !== 0) throw new Error(`lockstep ${args.join(' ')}: ${ended.stderr}`);
    return JSON.parse(ended.stdout) as T;
  }

  /** `lockstep check OPTIONS --json -- node COMMAND`, in a folder of its own. */
  async check(
    command: readonly string[],
    options: readonly string[] = [],
    start: Partial<Start> = {},
  ): Promise<Checked> {
    const all = ['--replicas', '3', '--timeout', String(CHECK_TIMEOUT_SECONDS), ...options];
    const ended = await this.call(['check', ...all, '--json', '--', 'node', ...command], start);
    try {
      return { ...ended, report: JSON.parse(ended.stdout) as CheckReport };
    } catch (error) {
      const said = `code ${ended.code}, stdout "${ended.stdout}", stderr "${ended.stderr}"`;
      throw new Error(`check gave no report: ${said}`, { cause: error });
    }
  }

  async dispose(): Promise<void> {
    await this.processes.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The alerts of a report that matter to a reader of a failing test. */
export function alertLines(alerts: readonly AlertView[]): readonly string[] {
  return alerts.map(
    ({ kind, suspect, api, target, turn }) =>
      `${kind} suspect=${suspect} turn=${turn} ${api} ${target}`,
  );
}
