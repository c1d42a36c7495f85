/**
 * Silence and lag, looked for a few times a second. Both are kept apart from divergence: a silent replica
 * is left out of the comparison until it is back, one that lags is waited for.
 */
import { Reason, Role } from '@lockstep/protocol';
import { laggingFinding, silentFinding } from '../judge/replica-findings.ts';
import { end, takeGone } from './endings.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';
import type { RunLog } from './run-log.ts';

/** What a child gets to say hello after its parent ended, milliseconds. */
const CHILD_START_MS = 5000;

/** A run nobody is connected to, neither replica nor launcher, is given up after this, milliseconds. */
const ABANDONED_AFTER_MS: number = 10 * 60 * 1000;

/**
 * Looks at all replicas of a run. `pausedMs`: time in which the collector itself did not run; that
 * nothing was heard meanwhile is nobody's silence.
 */
export function watch(run: Run, pausedMs: number): void {
  const logs = [...run.logs.values()];
  for (const replica of logs.flatMap((log) => log.all())) {
    replica.heardAt += pausedMs;
    replica.progressAt += pausedMs;
  }
  const now = run.clock.now();
  for (const log of logs) releaseLinks(log, now);
  if (run.isOver) return;
  settleLate(run, now);
  for (const log of logs) {
    for (const replica of log.all()) if (!replica.hasEnded) watchReplica(log, replica, now);
  }
}

function watchReplica(log: RunLog, replica: Replica, now: number): void {
  if (isGone(log, replica, now)) takeGone(log, replica);
  else if (isQuiet(log, replica, now)) fallSilent(log, replica);
  else watchLag(log, replica, now);
}

/** Whoever waits for the run's outcome does not wait for ever once the leader has ended. */
function settleLate(run: Run, now: number): void {
  const endedAt = run.leader?.endedAt ?? null;
  if (endedAt !== null && now - endedAt >= run.limits.settleMs) run.settle(true);
}

/** Its launcher reported it dead, or the run over, and the grace for its last bytes has passed. */
function isGone(log: RunLog, replica: Replica, now: number): boolean {
  const { run, limits } = log;
  if (!log.isMain) return isChildGone(log, replica, now);
  if (replica.exit !== null && now - replica.heardAt >= limits.lostGraceMs) return true;
  if (run.dismissedAt !== null && now - run.dismissedAt >= limits.lostGraceMs) return true;
  return isAbandoned(run, replica, now);
}

function isAbandoned(run: Run, replica: Replica, now: number): boolean {
  const isAlone = run.launchers.size === 0 && run.members().every(({ link }) => link === null);
  return isAlone && now - replica.heardAt >= ABANDONED_AFTER_MS;
}

/**
 * Nobody reports the ends of children: one whose connection does not come back is gone, as children are
 * that somebody killed. One that has not come yet is waited for as long as its parent runs, for a follower
 * may be far behind; then as long as a process needs to start.
 */
function isChildGone(log: RunLog, replica: Replica, now: number): boolean {
  const { run, limits, parent } = log;
  if (replica.link !== null) return false;
  if (replica.exit !== null) return now - replica.heardAt >= limits.lostGraceMs;
  const away = now - replica.heardAt;
  const parentEnd = parent.replicas.get(replica.id)?.endedAt ?? null;
  if (replica.hello === null) {
    const since = Math.max(parentEnd ?? now, replica.heardAt);
    return now - since >= CHILD_START_MS || isAbandoned(run, replica, now);
  }
  const isEnding = parentEnd !== null || run.dismissedAt !== null;
  return away >= (isEnding ? limits.lostGraceMs : limits.silentAfterMs);
}

function isQuiet(log: RunLog, replica: Replica, now: number): boolean {
  if (!log.isMain && replica.link === null) return false;
  return !replica.isSilent && now - replica.heardAt >= log.limits.silentAfterMs;
}

function fallSilent(log: RunLog, replica: Replica): void {
  if (replica.role === Role.follower && log.leader?.hasEnded) {
    log.blame(Reason.unfinished, null, `replica ${replica.id} did not reach the end of the log`);
    end(log, replica, 'lost');
    return;
  }
  replica.isSilent = true;
  replica.silences++;
  const seconds = Math.round(log.limits.silentAfterMs / 1000);
  const how =
    replica.link === null
      ? `its connection is lost and has not come back for ${seconds} s`
      : `nothing was heard of it for ${seconds} s`;
  if (replica.role === Role.follower) {
    log.write(replica, { type: 'absence', from: log.judgement.decidedTurns, until: null });
    log.judgement.events.next({ type: 'away', replica: replica.id });
  }
  log.raise([silentFinding(replica.id, replica.silences, how)]);
}

function watchLag(log: RunLog, replica: Replica, now: number): void {
  if (replica.role !== Role.follower || replica.link === null || replica.isSilent) return;
  const waiting = log.closedTurns - replica.finishedTurns;
  if (waiting <= 0) replica.progressAt = now;
  if (replica.isLagging || now - replica.progressAt < log.limits.laggingAfterMs) return;
  replica.isLagging = true;
  replica.lags++;
  log.raise([laggingFinding(replica.id, replica.lags, waiting)]);
}

/** Replicas that said bye may be asked for evidence a while longer, then they are let go. */
function releaseLinks(log: RunLog, now: number): void {
  if (log.overAt === null || now - log.overAt < log.limits.lingerMs) return;
  for (const { link } of log.all()) link?.finish();
  if (!log.isMain && log.judgement.gathering === 0) log.close();
}
