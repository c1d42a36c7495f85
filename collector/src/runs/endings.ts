/**
 * How replicas end, and what that means. A replica is compared up to its last finished turn; one that said
 * bye, up to its last call. Ending early with a code of its own is aberrant, being killed is silence, and
 * what followers did not reach once the leader had ended is unfinished, not an alert.
 */
import {
  type ByeFrame,
  type ChildExitFrame,
  Reason,
  type ReplicaExitFrame,
  Role,
  type StoppedFrame,
} from '@lockstep/protocol';
import type { SideGroup } from '../judge/attribution.ts';
import { exitFinding, silentFinding, unprotectedFinding } from '../judge/replica-findings.ts';
import type { Replica } from './replica.ts';
import type { RunLog } from './run-log.ts';

/** Reasons to stop following that a person must hear of. */
const alarming: ReadonlySet<Reason> = new Set([
  Reason.notFollowed,
  Reason.spoolFull,
  Reason.gap,
  Reason.logRefused,
]);

/** A majority needs three. */
const MIN_VOTES = 3;

/** The replica says that it cannot be compared any further. */
export function takeStopped(log: RunLog, replica: Replica, frame: StoppedFrame): void {
  replica.stopped = frame;
  log.blame(frame.code, frame.api, frame.detail);
  if (alarming.has(frame.code)) {
    log.raise([unprotectedFinding(frame.code, frame.api, frame.detail || frame.code)]);
  }
  if (replica.role === Role.follower) end(log, replica, 'lost');
}

/** The replica ends in order. */
export function takeBye(log: RunLog, replica: Replica, frame: ByeFrame): void {
  replica.bye = frame;
  if (replica.hasEnded) return;
  const how = frame.complete ? 'complete' : 'early';
  end(log, replica, replica.isExcused ? 'lost' : how);
  const endedBadly = !frame.complete && frame.exitCode !== 0;
  if (endedBadly && !replica.isExcused && !replica.hasExitRecord) {
    log.raise([earlyExit(log, replica, `ended early with exit code ${frame.exitCode}`)]);
  }
}

/** The launcher saw the process end. Bytes may still be on their way. */
export function takeExit(log: RunLog, replica: Replica, frame: ReplicaExitFrame): void {
  replica.exit = frame;
  replica.heardAt = log.clock.now();
  if (replica.link === null) takeGone(log, replica);
  log.changed();
}

/** A leader saw a child of its end; the child's last bytes may be on their way, by another connection. */
export function takeChildExit(parent: RunLog, { id, role }: Replica, frame: ChildExitFrame): void {
  const log = parent.run.logs.get(frame.log);
  const replica = log?.replicas.get(id);
  if (log === undefined || log.isMain || replica === undefined || role !== Role.leader) return;
  if (replica.exit !== null || replica.hasEnded) return;
  const { exitCode, signal } = frame;
  replica.exit = { type: 'replica-exit', replica: id, exitCode, signal };
  replica.heardAt = log.clock.now();
  log.write(replica, replica.exit);
}

/** The process is known to be gone and no more bytes will come. */
export function takeGone(log: RunLog, replica: Replica): void {
  if (replica.hasEnded) return;
  if (!log.judgement.isReplaying) log.write(replica, { type: 'gone' });
  const leaderHasEnded = log.leader?.hasEnded ?? false;
  const isJudged = replica.role === Role.follower && !replica.isExcused;
  const code = replica.exit?.exitCode ?? 0;
  end(log, replica, 'lost');
  if (!isJudged) return;
  if (code !== 0) {
    log.raise([earlyExit(log, replica, `ended with exit code ${code} and no word`)]);
  } else if (leaderHasEnded) {
    if (log.isComplete(replica)) return;
    log.blame(Reason.unfinished, null, `replica ${replica.id} did not reach the end of the log`);
  } else {
    replica.silences++;
    log.blame(Reason.replicaSilent, null, `replica ${replica.id} is gone`);
    log.raise([silentFinding(replica.id, replica.silences, goneHow(replica))]);
  }
}

function goneHow({ exit }: Replica): string {
  if (exit === null) return 'it is gone';
  if (exit.signal !== null) return `its process was killed by ${exit.signal}`;
  return 'its process ended without a word';
}

/** The collector ends a follower: it is compared up to here, and nothing it does later counts. */
export function dismiss(log: RunLog, replica: Replica, code: Reason, detail: string): void {
  if (replica.hasEnded) return;
  replica.dismissed = code;
  if (!log.judgement.isReplaying) log.write(replica, { type: 'ended', code, detail });
  replica.link?.send({ type: 'end', code, detail });
  end(log, replica, 'lost');
  dismissChildren(log, replica.id, code, detail);
}

/** Nothing more is to be expected of a replica. */
export function end(log: RunLog, replica: Replica, how: 'complete' | 'early' | 'lost'): void {
  if (replica.hasEnded) return;
  replica.endedAt = log.clock.now();
  replica.isLagging = false;
  replica.isSilent = false;
  if (replica.role === Role.follower) {
    log.relays.get(replica.id)?.stop();
    log.relays.delete(replica.id);
  }
  log.judgement.events.next({ type: 'ended', replica: replica.id, how });
  if (replica.role === Role.leader) closeLog(log);
  if (log.all().every(({ hasEnded }) => hasEnded)) finish(log);
  log.changed();
}

/** How the log ends for those that follow it. */
export function logEnd(log: RunLog): { readonly clean: boolean } {
  return { clean: log.leader?.bye !== null };
}

function closeLog(log: RunLog): void {
  for (const relay of log.relays.values()) relay.close(logEnd(log));
}

/** All replicas have ended: what is not decided by now never will be. */
function finish(log: RunLog): void {
  if (log.isOver) return;
  log.overAt = log.clock.now();
  log.judgement.events.next({ type: 'over' });
  compareExits(log);
  log.run.finish();
}

/** What follows a child goes no further than what follows its parent, unless that ended in order. */
function dismissChildren(log: RunLog, id: string, code: Reason, detail: string): void {
  for (const child of log.run.logs.values()) {
    const replica = child.replicas.get(id);
    if (child.isMain || child.parent !== log || replica === undefined) continue;
    dismiss(child, replica, code, detail);
  }
}

/** Exit codes as the replicas said bye with them, where no record of an exit has told already. */
function compareExits(log: RunLog): void {
  const complete = log.all().filter(({ bye }) => bye?.complete === true);
  const leaderCode = log.leader?.bye?.exitCode;
  const different = complete.filter(({ exitCode }) => exitCode !== leaderCode);
  if (leaderCode === undefined || different.length === 0 || hasExitAlert(log)) return;
  const isLeaderAlone = different.length > 1 && different.length === complete.length - 1;
  const odd = isLeaderAlone && log.leader !== undefined ? [log.leader] : different;
  for (const replica of odd) {
    log.raise([earlyExit(log, replica, `ended with exit code ${replica.exitCode}`)]);
  }
}

function hasExitAlert(log: RunLog): boolean {
  const incidents = log.run.book.all();
  return incidents.some(({ alerts }) =>
    alerts.some((alert) => alert.kind === 'exit-mismatch' && alert.log === log.name),
  );
}

/** An exit finding against all others of the run; it names a suspect where a majority stands. */
function earlyExit(log: RunLog, replica: Replica, how: string): ReturnType<typeof exitFinding> {
  const others = log.all().filter(({ id, isRefused }) => id !== replica.id && !isRefused);
  const suspect = others.length + 1 >= MIN_VOTES ? replica.id : null;
  const expected: SideGroup = { digest: null, replicas: others.map(({ id }) => id) };
  const actual: SideGroup = { digest: null, replicas: [replica.id] };
  return exitFinding(suspect, expected, actual, replica.finishedTurns, how);
}

/** From here on the log has a hole: nobody can follow it any more. */
export function loseLog(log: RunLog, code: Reason, detail: string): void {
  if (log.isFull) return;
  log.isFull = true;
  log.blame(code, null, detail);
  log.raise([unprotectedFinding(code, null, detail)]);
  for (const follower of log.followers) dismiss(log, follower, code, detail);
}
