/** What is kept of ended runs, in memory and on disk, and what goes when. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../src/clock.ts';
import { defaultLimits, type Limits } from '../src/limits.ts';
import { Runs } from '../src/runs/runs.ts';

let directory: string;
let now = 1_000_000;

const clock: Clock = {
  now: () => now,
  startTimer: (action, delayMs) => setTimeout(action, delayMs),
  stopTimer: (handle) => clearTimeout(handle),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'retention-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function runs(limits: Partial<Limits>, retired: string[]): Runs {
  return new Runs({
    directory,
    limits: { ...defaultLimits, ...limits },
    clock,
    publish: () => undefined,
    retired: (run) => retired.push(run.runId),
    report: (what, cause) => {
      throw new Error(what, { cause });
    },
  });
}

function id(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** A run that ended at once. */
function endedRun(all: Runs, number: number): void {
  const run = all.register({
    type: 'register',
    version: 1,
    token: 'token',
    runId: id(number),
    service: 'shop',
    startedAt: new Date(now).toISOString(),
    command: [],
    drill: false,
    allowDrills: false,
    replicas: [],
  });
  if (run === null) throw new Error('the run was refused');
  run.endedAt = now;
  run.checkSettled();
}

test('the newest ended runs stay, older ones go with their spools', () => {
  const retired: string[] = [];
  const all = runs({ endedRuns: 2 }, retired);
  for (let number = 1; number <= 4; number++) {
    now += 1000;
    endedRun(all, number);
  }
  all.retire();
  expect(retired).toEqual([id(2), id(1)]);
  expect([1, 2, 3, 4].map((number) => existsSync(join(directory, id(number))))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('a spool goes when its run ended longer ago than the limit, not sooner', () => {
  const retired: string[] = [];
  const all = runs({ spoolAgeMs: 5000 }, retired);
  endedRun(all, 1);
  now += 5000;
  all.retire();
  expect(retired).toEqual([]);
  now += 1;
  all.retire();
  expect(retired).toEqual([id(1)]);
  expect(all.get(id(1))).toBeUndefined();
});

test('a run that goes on is never retired', () => {
  const retired: string[] = [];
  const all = runs({ spoolAgeMs: 0, endedRuns: 0 }, retired);
  endedRun(all, 1);
  const run = all.get(id(1));
  if (run !== undefined) run.endedAt = null;
  now += 10_000;
  all.retire();
  expect(retired).toEqual([]);
});
