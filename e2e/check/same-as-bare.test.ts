/**
 * The leader is the command itself: what it prints, how it reads and how it ends is the same without
 * Lockstep, under `run` and under `check`. Lockstep's own lines on standard error start with `lockstep:`.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../support/collector.ts';
import type { Ended } from '../support/processes.ts';
import { programs, Workspace } from '../support/workspace.ts';

const program = join(programs, 'behaviours.cjs');
const behaviours: readonly {
  readonly name: string;
  readonly input?: string;
  readonly ends: readonly [number | null, NodeJS.Signals | null];
}[] = [
  { name: 'prints', ends: [0, null] },
  { name: 'environment', ends: [0, null] },
  { name: 'exits', ends: [7, null] },
  { name: 'exits-later', ends: [7, null] },
  { name: 'throws', ends: [1, null] },
  { name: 'rejects', ends: [1, null] },
  { name: 'terminated', ends: [null, 'SIGTERM'] },
  { name: 'killed', ends: [null, 'SIGKILL'] },
  { name: 'aborts', ends: [null, 'SIGABRT'] },
  { name: 'reads', input: 'four score and seven years ago '.repeat(3000), ends: [0, null] },
  { name: 'reads-at-once', input: 'hello'.repeat(1000), ends: [0, null] },
  { name: 'large-output', ends: [0, null] },
  { name: 'warns', ends: [0, null] },
];

let home: Workspace;
let collector: Collector;
beforeAll(async () => {
  home = new Workspace();
  collector = await Collector.start(home);
});
afterAll(() => home.dispose());

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

/**
 * Standard error as a person reads it: without Lockstep's lines, without the process ids that Node prints
 * in warnings, and without the name that V8 gives a timer's callback by its place (docs/adr/0006).
 */
function readable(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.startsWith('lockstep:'))
    .map((line) => line.replace(/\(node:\d+\)/, '(node:PID)').replace(' [as _onTimeout]', ''))
    .join('\n');
}

function seen({ stdout, stderr, code, signal }: Ended): unknown {
  return { stdout, stderr: readable(stderr), code, signal };
}

describe.each(behaviours)('a command that $name', ({ name, input, ends }) => {
  const start = (): { cwd: string; input?: string; env?: NodeJS.ProcessEnv } => ({
    cwd: workspace.folder,
    ...(input !== undefined && { input }),
  });

  function bare(): Promise<Ended> {
    // The command's own variables are its own affair, whatever they are called.
    const env = { LOCKSTEP_TOKEN_FILE: 'somewhere' };
    return workspace.processes.start('node', [program, name], { ...start(), env }).ended;
  }

  it('does the same under lockstep run', async () => {
    const expected = await bare();
    expect([expected.code, expected.signal]).toEqual(ends);
    const args = ['run', '--service', name, '--collector', collector.url];
    const actual = await home.call([...args, '--', 'node', program, name], start());
    expect(seen(actual)).toEqual(seen(expected));
  });

  it('prints the same under lockstep check', async () => {
    const expected = await bare();
    const actual = await workspace.call(['check', '--', 'node', program, name], start());
    expect(actual.stdout).toBe(expected.stdout);
    expect(readable(actual.stderr)).toBe(readable(expected.stderr));
    // A process that a signal ends takes its unflushed entries with it: such a check may be incomplete.
    expect(ends[1] === null ? [0] : [0, 3], actual.stderr).toContain(actual.code);
  });
});
