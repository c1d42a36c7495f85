/**
 * Each way into JavaScript has a small program of many strands that share state, so that every order in
 * which things arrive shows in what it does. Three replicas must agree, LOCKSTEP_RACES times (20 for a
 * release, fewer by default), and must differ once that way in is taken away from the door: else the case
 * proves nothing. A program names its way in its first line: `// way in: timers`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertLines, Workspace } from '../support/workspace.ts';

const repetitions = Number(process.env['LOCKSTEP_RACES'] ?? 2);
const folder = join(import.meta.dirname, 'programs');

/** One race: its file, and the ways in (as the agent names them) that it is about. */
interface Race {
  readonly name: string;
  readonly file: string;
  readonly ways: string;
}

function raceOf(name: string): Race {
  const file = join(folder, name);
  const ways = /^\/\/ way in: ([\w,-]+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (ways === undefined) throw new Error(`${name} does not name its way in`);
  return { name, file, ways };
}

const races = readdirSync(folder)
  .filter((name) => /\.[cm]js$/.test(name) && !name.startsWith('_'))
  .map(raceOf);

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

describe.each(races)('$name', ({ file, ways }) => {
  it(`agrees in all replicas, ${repetitions} of ${repetitions} times`, async () => {
    for (let i = 0; i < repetitions; i++) {
      const { code, report, stderr } = await workspace.check([file]);
      expect(alertLines(report.alerts), `run ${i + 1}: ${stderr}`).toEqual([]);
      expect(report, stderr).toMatchObject({ complete: true, reason: null, noise: 0 });
      expect([code, report.matched]).toEqual([0, report.calls]);
      // A program that fails the same way everywhere proves nothing.
      expect(report.replicas.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    }
  }, 240_000);

  it(`differs without ${ways}`, async () => {
    const env = { LOCKSTEP_TEST_WITHOUT: ways };
    const { report } = await workspace.check([file], [], { env });
    expect(report.matched).toBeLessThan(report.calls);
  }, 120_000);
});
