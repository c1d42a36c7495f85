/** Counters for `/metrics`, by service. They never fall: a run that leaves memory leaves its counts. */
import type { AlertView } from '@lockstep/protocol';
import type { Counter } from '../ports.ts';
import type { Run } from './run.ts';

interface Sums {
  calls: number;
  matched: number;
  diverged: number;
  unknown: number;
  gaps: number;
}

const help: Readonly<Record<keyof Sums, string>> = {
  calls: 'Calls received from replicas.',
  matched: 'Call identifiers on which all replicas agreed.',
  diverged: 'Call identifiers on which replicas did not agree.',
  unknown: 'Call identifiers that could not be compared.',
  gaps: 'Times that records were lost before they reached the collector.',
};

export class Totals {
  private readonly kept: Map<string, Sums> = new Map();
  private readonly alerts: Map<string, { readonly view: AlertView; count: number }> = new Map();
  private readonly counted: Set<string> = new Set();

  countAlerts(alerts: readonly AlertView[]): void {
    for (const view of alerts) {
      if (this.counted.has(view.id)) continue;
      this.counted.add(view.id);
      const key = `${view.service} ${view.kind} ${view.severity}`;
      const entry = this.alerts.get(key);
      if (entry === undefined) this.alerts.set(key, { view, count: 1 });
      else entry.count++;
    }
  }

  /** Keeps the counts of a run that leaves memory. */
  keep(run: Run): void {
    add(this.kept, run);
    for (const { alerts } of run.book.all()) {
      for (const { id } of alerts) this.counted.delete(id);
    }
  }

  counters(runs: readonly Run[]): readonly Counter[] {
    const sums = new Map([...this.kept].map(([service, kept]) => [service, { ...kept }]));
    for (const run of runs) add(sums, run);
    const counts = [...sums].flatMap(([service, sum]) =>
      (Object.keys(help) as (keyof Sums)[]).map((name) => ({
        name: `lockstep_${name}_total`,
        help: help[name],
        labels: { service },
        value: sum[name],
      })),
    );
    const alerts = [...this.alerts.values()].map(({ view, count }) => ({
      name: 'lockstep_alerts_total',
      help: 'Alerts raised.',
      labels: { service: view.service, kind: view.kind, severity: view.severity },
      value: count,
    }));
    return [...counts, ...alerts];
  }
}

function add(sums: Map<string, Sums>, run: Run): void {
  const { service } = run;
  const sum = sums.get(service) ?? { calls: 0, matched: 0, diverged: 0, unknown: 0, gaps: 0 };
  for (const { calls } of run.members()) sum.calls += calls;
  sum.matched += run.sum('matched');
  sum.diverged += run.sum('diverged');
  sum.unknown += run.sum('unknown');
  sum.gaps += run.sum('gaps');
  sums.set(service, sum);
}
