/**
 * All runs that the collector has in memory: those that go on, and the last that ended. Finds the run that
 * a hello or a registration belongs to, and after a restart rebuilds the runs from their spools.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertView, HelloFrame, IncidentDetail, RegisterFrame } from '@lockstep/protocol';
import type { Clock } from '../clock.ts';
import type { Incident } from '../judge/incident.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../ports.ts';
import { Journal } from '../spool/journal.ts';
import { retell, takeOver } from './history.ts';
import { Run } from './run.ts';

export interface RunsOptions {
  readonly directory: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly publish: (
    run: Run,
    alerts: readonly AlertView[],
    incidents: readonly Incident[],
  ) => void;
  /** A run leaves memory. */
  readonly retired: (run: Run) => void;
  readonly report: (what: string, cause: unknown) => void;
}

const RUN_ID = /^[0-9a-f]{32}$/;

export class Runs {
  private readonly options: RunsOptions;
  private readonly runs: Map<string, Run> = new Map();
  private readonly awaited: Map<string, ((run: Run) => void)[]> = new Map();

  constructor(options: RunsOptions) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    this.options = options;
  }

  all(): readonly Run[] {
    return [...this.runs.values()];
  }

  get(runId: string): Run | undefined {
    return this.runs.get(runId);
  }

  /** An analyst changed an incident: what is published of it from now on says so. */
  review({ id, runId, status, assignee, resolvedAt }: IncidentDetail): void {
    const run = this.runs.get(runId);
    const incident = run?.book.byId(id);
    if (run === undefined || incident === undefined) return;
    incident.review = { status, assignee, resolvedAt };
    run.changed();
  }

  /** The run that a launcher registers; null when one of this identifier is something else. */
  register(frame: RegisterFrame): Run | null {
    const { token: _, ...kept } = frame;
    const known = this.runs.get(frame.runId);
    if (known !== undefined && !isSame(known, frame)) return null;
    const run = known ?? this.create(frame.runId, frame.service);
    if (run.registered === null) run.note({ at: run.clock.now(), run: kept });
    run.register(kept);
    return run;
  }

  /** The run of an agent that started alone. */
  forHello(frame: HelloFrame): Run {
    return this.runs.get(frame.runId) ?? this.create(frame.runId, frame.service);
  }

  /** Rebuilds what the spools hold. One that cannot be read is reported and left alone. */
  async recover(store: Store): Promise<void> {
    for (const name of readdirSync(this.options.directory)) {
      if (!RUN_ID.test(name)) continue;
      try {
        await this.recoverRun(name, store);
      } catch (cause) {
        this.options.report(`the spool of run ${name} could not be read`, cause);
      }
    }
  }

  /** Lets go of the oldest ended runs; their spools too, when they are too old or too large together. */
  retire(): void {
    const { limits, clock } = this.options;
    const ended = this.all()
      .filter((run) => run.isOver && run.sum('gathering') === 0)
      .sort((left, right) => (right.endedAt ?? 0) - (left.endedAt ?? 0));
    let bytes = 0;
    for (const [index, run] of ended.entries()) {
      bytes += run.spool.bytes;
      const age = clock.now() - (run.endedAt ?? 0);
      const isTooOld = age > limits.spoolAgeMs || bytes > limits.endedSpoolBytes;
      if (!isTooOld && index < limits.endedRuns) continue;
      this.runs.delete(run.runId);
      this.options.retired(run);
      run.close();
      run.spool.remove();
    }
  }

  close(): void {
    for (const run of this.runs.values()) run.close();
    this.runs.clear();
  }

  /** The run, now or as soon as somebody registers it. */
  whenKnown(runId: string): Promise<Run> {
    const known = this.runs.get(runId);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.awaited.set(runId, [...(this.awaited.get(runId) ?? []), resolve]);
    });
  }

  private create(runId: string, service: string): Run {
    const { directory, ...options } = this.options;
    const run = new Run({ ...options, runId, service, directory: join(directory, runId) });
    this.runs.set(runId, run);
    for (const resolve of this.awaited.get(runId) ?? []) resolve(run);
    this.awaited.delete(runId);
    return run;
  }

  private async recoverRun(runId: string, store: Store): Promise<void> {
    const directory = join(this.options.directory, runId);
    const service = serviceOf(directory);
    if (service === null) {
      rmSync(directory, { recursive: true, force: true });
      return;
    }
    const run = this.create(runId, service);
    retell(run);
    try {
      await takeOver(run, store);
    } catch (cause) {
      this.options.report(`the store could not tell what it knows of run ${runId}`, cause);
    }
  }
}

/** The service that a spool is of; null for one without a single whole line, which holds nothing. */
function serviceOf(directory: string): string | null {
  const journal = new Journal(join(directory, 'journal.jsonl'));
  journal.close();
  for (const line of journal.lines) {
    if ('run' in line) return line.run.service;
    if ('replica' in line && line.line.type === 'hello') return line.line.service;
  }
  return null;
}

function isSame(run: Run, frame: RegisterFrame): boolean {
  if (run.service !== frame.service) return false;
  return frame.replicas.every(({ id, role, tokenHash }) => {
    const known = run.replicas.get(id);
    if (known === undefined) return !run.isOver;
    return known.role === role && (known.tokenHash ?? tokenHash) === tokenHash;
  });
}
