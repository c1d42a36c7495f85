/** What people see of a run: a replica is one row, whatever its children; they are counted in. */
import { ReplicaState, type ReplicaView, type RunView } from '@lockstep/protocol';
import { isoTime } from './iso-time.ts';
import type { Run } from './run.ts';

/** The run as it is now. */
export function viewOf(run: Run): RunView {
  const now = run.clock.now();
  const state = run.state();
  let calls = 0;
  for (const { leader, judgement } of run.logs.values()) {
    calls += Math.max(leader?.calls ?? 0, judgement.matched + judgement.diverged);
  }
  return {
    runId: run.runId,
    service: run.service,
    startedAt: isoTime(run.startedAt),
    endedAt: run.endedAt === null ? null : isoTime(run.endedAt),
    state,
    reason: run.shownReason(state),
    drill: run.facts.drill,
    command: run.command,
    calls,
    matched: run.sum('matched'),
    noise: 0,
    openIncidents: run.book.all().filter(({ isOpen }) => isOpen).length,
    replicas: run.all().map(({ id }) => replicaView(run, id, now)),
  };
}

function replicaView(run: Run, id: string, now: number): ReplicaView {
  const views = [...run.logs.values()].flatMap(({ replicas, closedTurns }) => {
    const replica = replicas.get(id);
    return replica === undefined ? [] : [replica.view(run.runId, run.service, closedTurns, now)];
  });
  const [main, ...children] = views;
  if (main === undefined) throw new Error(`run ${run.runId} has no replica ${id}`);
  return children.reduce(withChild, main);
}

/** A replica has ended when its children have; what is wrong with one of them is wrong with it. */
function withChild(sum: ReplicaView, child: ReplicaView): ReplicaView {
  const isGoing = child.endedAt === null && child.connectedAt !== null;
  const isEnded = sum.state === ReplicaState.ended;
  const isWell = isEnded || sum.state === ReplicaState.running;
  return {
    ...sum,
    state: isGoing && isWell ? child.state : sum.state,
    endedAt: isGoing ? null : sum.endedAt,
    calls: sum.calls + child.calls,
    matched: sum.matched + child.matched,
    callsPerSecond: sum.callsPerSecond + child.callsPerSecond,
    lagTurns: Math.max(sum.lagTurns, isGoing ? child.lagTurns : 0),
    gaps: sum.gaps + child.gaps,
  };
}
