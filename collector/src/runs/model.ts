/**
 * The live picture of services, runs and replicas. Alerts and incidents are published the moment they are
 * raised; runs, which change with every batch, a few times a second. What goes out also goes to the store.
 */
import type { AlertView, RunView, ServiceView } from '@lockstep/protocol';
import { Subject } from 'rxjs';
import type { Clock } from '../clock.ts';
import type { Incident } from '../judge/incident.ts';
import { SAVE_RUN_MS } from '../limits.ts';
import type { Counter, ModelChange, RunModel, Store } from '../ports.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import { Totals } from './totals.ts';

/** Where what is published is kept; never rejects. */
export type Writer = Pick<Store, 'saveRuns' | 'saveAlerts' | 'saveIncidents'>;

export class Model implements RunModel {
  readonly changes: Subject<ModelChange> = new Subject();
  private readonly runs: Runs;
  private readonly writer: Writer;
  private readonly clock: Clock;
  private readonly totals: Totals = new Totals();
  /** State and time of each run's last save. */
  private readonly saved: Map<string, { readonly state: string; readonly at: number }> = new Map();

  constructor(runs: Runs, writer: Writer, clock: Clock) {
    this.runs = runs;
    this.writer = writer;
    this.clock = clock;
  }

  services(): readonly ServiceView[] {
    const byName = new Map<string, RunView[]>();
    for (const run of this.runs.all()) {
      const runs = byName.get(run.service);
      if (runs === undefined) byName.set(run.service, [run.view()]);
      else runs.push(run.view());
    }
    return [...byName].map(([name, runs]) => ({
      name,
      runs: runs.sort((left, right) => right.startedAt.localeCompare(left.startedAt)),
    }));
  }

  run(runId: string): RunView | undefined {
    return this.runs.get(runId)?.view();
  }

  counters(): readonly Counter[] {
    return this.totals.counters(this.runs.all());
  }

  callsPerSecond(): number {
    const replicas = this.runs.all().flatMap((run) => (run.isOver ? [] : run.view().replicas));
    return replicas.reduce((sum, { callsPerSecond }) => sum + callsPerSecond, 0);
  }

  /** What the judgement has just raised or changed. */
  publish(run: Run, alerts: readonly AlertView[], incidents: readonly Incident[]): void {
    if (!this.saved.has(run.runId)) this.publishRuns([run]);
    if (incidents.length > 0) {
      void this.writer.saveIncidents(incidents.map((incident) => incident.judged()));
    }
    if (alerts.length > 0) void this.writer.saveAlerts(alerts);
    this.totals.countAlerts(alerts);
    this.changes.next({ alerts, incidents: incidents.map((incident) => incident.view()) });
  }

  /** Publishes the runs that changed since the last time. */
  publishDirty(): void {
    const dirty = this.runs.all().filter(({ isDirty }) => isDirty);
    if (dirty.length > 0) this.publishRuns(dirty);
    for (const run of dirty) run.main.judgement.publishDirty();
  }

  /** A run leaves memory: the store has it. */
  forget(run: Run): void {
    this.saved.delete(run.runId);
    this.totals.keep(run);
  }

  private publishRuns(runs: readonly Run[]): void {
    const now = this.clock.now();
    const views = runs.map((run) => {
      const view = run.view();
      // a rate that has not yet fallen to nothing must be shown once more
      run.isDirty = view.replicas.some(({ callsPerSecond }) => callsPerSecond > 0);
      return view;
    });
    this.changes.next({ runs: views });
    const due = views.filter((view) => this.isDue(view, now));
    if (due.length > 0) void this.writer.saveRuns(due);
  }

  /** Counts alone are written now and then; a new state, or the end, at once. */
  private isDue({ runId, state, replicas, endedAt }: RunView, now: number): boolean {
    const shown = [state, endedAt, ...replicas.map((replica) => replica.state)].join(' ');
    const last = this.saved.get(runId);
    const isDue = last === undefined || last.state !== shown || now - last.at >= SAVE_RUN_MS;
    if (isDue) this.saved.set(runId, { state: shown, at: now });
    return isDue;
  }
}
