/**
 * Silence and lag, looked for a few times a second. Both are kept apart from divergence: a silent replica
 * is left out of the comparison until it is back, one that lags is waited for.
 */
import { Reason, Role } from '@lockstep/protocol';
import { laggingFinding, silentFinding } from '../judge/replica-findings.ts';
import { end, takeGone } from './endings.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';

/** A run nobody is connected to, neither replica nor launcher, is given up after this, milliseconds. */
const ABANDONED_AFTER_MS: number = 10 * 60 * 1000;

/**
 * Looks at all replicas of a run. `pausedMs`: time in which the collector itself did not run; that
 * nothing was heard meanwhile is nobody's silence.
 */
export function watch(run: Run, pausedMs: number): void {
  for (const replica of run.all()) {
    replica.heardAt += pausedMs;
    replica.progressAt += pausedMs;
  }
  if (run.isOver) {
    releaseLinks(run);
    return;
  }
  const now = run.clock.now();
  settleLate(run, now);
  for (const replica of run.all()) {
    if (!replica.hasEnded) watchReplica(run, replica, now);
  }
}

function watchReplica(run: Run, replica: Replica, now: number): void {
  if (isGone(run, replica, now)) takeGone(run, replica);
  else if (isQuiet(run, replica, now)) fallSilent(run, replica);
  else watchLag(run, replica, now);
}

/** Whoever waits for the run's outcome does not wait for ever once the leader has ended. */
function settleLate(run: Run, now: number): void {
  const endedAt = run.leader?.endedAt ?? null;
  if (endedAt !== null && now - endedAt >= run.limits.settleMs) run.settle(true);
}

/** Its launcher reported it dead, or the run over, and the grace for its last bytes has passed. */
function isGone(run: Run, replica: Replica, now: number): boolean {
  const { lostGraceMs } = run.limits;
  if (replica.exit !== null && now - replica.heardAt >= lostGraceMs) return true;
  if (run.dismissedAt !== null && now - run.dismissedAt >= lostGraceMs) return true;
  const isAlone = run.launchers.size === 0 && run.all().every(({ link }) => link === null);
  return isAlone && now - replica.heardAt >= ABANDONED_AFTER_MS;
}

function isQuiet(run: Run, replica: Replica, now: number): boolean {
  return !replica.isSilent && now - replica.heardAt >= run.limits.silentAfterMs;
}

function fallSilent(run: Run, replica: Replica): void {
  if (replica.role === Role.follower && run.leader?.hasEnded) {
    run.blame(Reason.unfinished, null, `replica ${replica.id} did not reach the end of the log`);
    end(run, replica, 'lost');
    return;
  }
  replica.isSilent = true;
  replica.silences++;
  const seconds = Math.round(run.limits.silentAfterMs / 1000);
  const how =
    replica.link === null
      ? `its connection is lost and has not come back for ${seconds} s`
      : `nothing was heard of it for ${seconds} s`;
  if (replica.role === Role.follower) {
    run.write(replica, { type: 'absence', from: run.judgement.decidedTurns, until: null });
    run.judgement.events.next({ type: 'away', replica: replica.id });
  }
  run.raise([silentFinding(replica.id, replica.silences, how)]);
}

function watchLag(run: Run, replica: Replica, now: number): void {
  if (replica.role !== Role.follower || replica.link === null || replica.isSilent) return;
  const waiting = run.closedTurns - replica.finishedTurns;
  if (waiting <= 0) replica.progressAt = now;
  if (replica.isLagging || now - replica.progressAt < run.limits.laggingAfterMs) return;
  replica.isLagging = true;
  replica.lags++;
  run.raise([laggingFinding(replica.id, replica.lags, waiting)]);
}

/** Replicas that said bye may be asked for evidence a while longer, then they are let go. */
function releaseLinks(run: Run): void {
  if (run.endedAt === null || run.clock.now() - run.endedAt < run.limits.lingerMs) return;
  for (const { link } of run.all()) link?.finish();
}
