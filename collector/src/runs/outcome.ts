/** How a run came out: what `lockstep check` reports. Complete means that nothing was left uncompared. */
import { Reason } from '@lockstep/protocol';
import type { RunOutcome } from '../ports.ts';
import type { Replica } from './replica.ts';
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
    alerts: run.judgement.book.all().flatMap(({ alerts }) => alerts),
    coverage: {
      hooked: coverage?.hooked ?? 0,
      unhooked: coverage?.unhooked.map(({ api }) => api) ?? [],
      notFollowed: coverage?.notFollowed ?? [],
    },
  };
}

function incompleteness(run: Run, isLate: boolean): OutcomeReason | null {
  const { reason, judgement } = run;
  if (reason !== null) {
    const { code, api, detail } = reason;
    return { code, detail: api === null ? detail : `${api}: ${detail}` };
  }
  if (judgement.gaps > 0) {
    return { code: Reason.gap, detail: `${judgement.gaps} times records were lost` };
  }
  if (isLate) return { code: Reason.timeout, detail: 'not all replicas ended in time' };
  if (run.followers.length === 0) {
    return { code: Reason.noFollowers, detail: 'the run had no followers' };
  }
  const unfinished = run.all().find((replica) => !isComplete(replica));
  if (unfinished !== undefined) {
    return { code: Reason.replicaEnded, detail: `replica ${unfinished.id} ended early` };
  }
  if (judgement.unknown > 0) {
    return { code: Reason.gap, detail: `${judgement.unknown} calls could not be compared` };
  }
  return null;
}

function isComplete({ bye }: Replica): boolean {
  return bye?.complete === true;
}
