/** From what the collector settled, and what the launcher saw of its processes, to the report. */
import { Reason, Role } from '@lockstep/protocol';
import type { SettledRun } from '../collector/local-collector.ts';
import type { ReplicaPlan, RunIdentity } from '../launch/replica-plan.ts';
import type { CheckedReplica, CheckReport } from './check-report.ts';

/** What the launcher adds. `timeout`: seconds, for the sentence. */
export interface LauncherView {
  readonly service: string;
  readonly run: RunIdentity;
  readonly replicas: readonly ReplicaPlan[];
  readonly drill: unknown;
  readonly timedOut: boolean;
  readonly timeout: number;
  readonly pids: ReadonlyMap<string, number | null>;
}

/** Makes the report. A timeout is the reason whatever else is missing because of it. */
export function makeReport(outcome: SettledRun, view: LauncherView): CheckReport {
  const { run, coverage, alerts } = outcome;
  const reason = view.timedOut
    ? { code: Reason.timeout, detail: `the command was ended after ${view.timeout} s` }
    : incompleteness(outcome, view);
  return {
    service: view.service,
    runId: view.run.runId,
    complete: reason === null,
    reason: reason?.code ?? null,
    detail: reason?.detail ?? null,
    drill: view.drill !== null,
    replicas: view.replicas.map((replica) => checkedReplica(replica, outcome, view)),
    calls: run.calls,
    matched: run.matched,
    noise: run.noise,
    coverage,
    alerts,
  };
}

function incompleteness(
  { complete, reason }: SettledRun,
  { replicas }: LauncherView,
): { readonly code: Reason; readonly detail: string } | null {
  if (replicas.length < 2) {
    return { code: Reason.noFollowers, detail: 'one replica alone is compared with nobody' };
  }
  if (complete) return null;
  return reason ?? { code: Reason.unfinished, detail: 'the collector did not say why' };
}

function checkedReplica(
  replica: ReplicaPlan,
  { run }: SettledRun,
  { pids }: LauncherView,
): CheckedReplica {
  const seen = run.replicas.find(({ id }) => id === replica.id);
  return {
    id: replica.id,
    pid: pids.get(replica.id) ?? null,
    role: replica.role,
    exitCode: seen?.exitCode ?? null,
    calls: seen?.calls ?? 0,
    followed: replica.role === Role.follower ? followedShare(seen?.counters ?? {}) : null,
  };
}

/** Of what the follower counted itself; one that says nothing has passed nothing over. */
function followedShare(counters: Readonly<Record<string, number>>): number {
  const { followed = 0, skipped = 0 } = counters;
  return followed + skipped === 0 ? 1 : followed / (followed + skipped);
}
