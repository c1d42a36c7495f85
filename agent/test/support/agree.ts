/**
 * What every hook must show of a program: leader and followers make the same calls, to the end, and the
 * leader is to its surroundings what the program is without the agent.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runTrial } from './trial.mjs';

/** How a program is started, in all of its forms. */
export interface ProgramOptions {
  readonly stdin?: string;
  readonly import?: boolean;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
  /** Whether its standard output is the same at each start. */
  readonly sameOutput?: boolean;
  /** Longest run of one replica, milliseconds. */
  readonly timeoutMs?: number;
}

/** What a trial gave, for further questions. */
export type Trial = Awaited<ReturnType<typeof runTrial>>;

/** Absolute path of a program under `test/programs`. */
export function program(name: string): string {
  return path.join(path.dirname(fileURLToPath(import.meta.url)), '../programs', name);
}

/** Runs a program bare and as a trial; expects full agreement and at least `calls` calls. */
export async function expectAgreement(
  name: string,
  calls: number,
  options: ProgramOptions = {},
): Promise<Trial> {
  const argv = [program(name), ...(options.args ?? [])];
  const bare = await runBare(argv, options);
  const trial = await runTrial(argv, options);
  const [leader, ...followers] = trial.ends;
  const differing = trial.differences.map(({ id, calls: made }) => ({ id, made }));
  expect({ differing, stderr: trial.ends.map((end) => end.stderr) }).toEqual({
    differing: [],
    stderr: [bare.stderr, '', ''],
  });
  expect(trial.calls).toBeGreaterThanOrEqual(calls);
  expect([leader?.code, leader?.signal]).toEqual([bare.code, bare.signal]);
  if (options.sameOutput !== false) expect(leader?.stdout).toBe(bare.stdout);
  for (const follower of followers) {
    expect(follower).toMatchObject({ code: bare.code, stdout: '', timedOut: false });
  }
  for (const replica of trial.replicas) {
    expect(replica.stopped).toBeNull();
    expect(replica.end).toMatchObject({ exitCode: bare.code, complete: true });
    if (replica.counters !== null)
      expect(replica.counters).toMatchObject({ skipped: 0, valueMissing: 0 });
  }
  return trial;
}

interface End {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runBare(argv: readonly string[], options: ProgramOptions): Promise<End> {
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...options.env } });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
