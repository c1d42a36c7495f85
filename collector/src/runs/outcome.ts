/** How a run came out: what `lockstep check` reports. Complete means that nothing was left uncompared. */
import { Reason } from '@lockstep/protocol';
import type { RunOutcome } from '../ports.ts';
import type { Run } from './run.ts';

type OutcomeReason = NonNullable<RunOutcome['reason']>;

/** The outcome as of now; `isLate`: it was waited for in vain. */
export function outcomeOf(run: Run, isLate: boolean): RunOutcome {
  const reason = incompleteness(run, isLate);
  const coverage = run.leader?.hello?.coverage;
  return {
    run: run.view(),
    complete: reason === null,
    reason,
    alerts: run.book.all().flatMap(({ alerts }) => alerts),
    coverage: {
      hooked: coverage?.hooked ?? 0,
      unhooked: coverage?.unhooked.map(({ api }) => api) ?? [],
      notFollowed: coverage?.notFollowed ?? [],
    },
  };
}

/** Why followers, or some of them, were given up. */
function blamed(run: Run): OutcomeReason | null {
  const reason = run.reason ?? run.limited;
  if (reason === null) return null;
  const { code, api, detail } = reason;
  return { code, detail: api === null ? detail : `${api}: ${detail}` };
}

function incompleteness(run: Run, isLate: boolean): OutcomeReason | null {
  const reason = blamed(run);
  const gaps = run.sum('gaps');
  const unknown = run.sum('unknown');
  if (reason !== null) return reason;
  if (gaps > 0) {
    return { code: Reason.gap, detail: `${gaps} times records were lost` };
  }
  if (isLate) return { code: Reason.timeout, detail: 'not all replicas ended in time' };
  if (run.followers.length === 0) {
    return { code: Reason.noFollowers, detail: 'the run had no followers' };
  }
  for (const log of run.logs.values()) {
    const unfinished = log.all().find((replica) => !log.isComplete(replica));
    if (unfinished === undefined) continue;
    const where = log.isMain ? '' : ` in log ${log.name}`;
    return { code: Reason.replicaEnded, detail: `replica ${unfinished.id} ended early${where}` };
  }
  if (unknown > 0) {
    return { code: Reason.gap, detail: `${unknown} calls could not be compared` };
  }
  return null;
}
