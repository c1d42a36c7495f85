/**
 * How replicas end, and what that means. A replica is compared up to its last finished turn; one that said
 * bye, up to its last call. Ending early with a code of its own is aberrant, being killed is silence, and
 * what followers did not reach once the leader had ended is unfinished, not an alert.
 */
import {
  type ByeFrame,
  Reason,
  type ReplicaExitFrame,
  Role,
  type StoppedFrame,
} from '@lockstep/protocol';
import type { SideGroup } from '../judge/attribution.ts';
import { exitFinding, silentFinding, unprotectedFinding } from '../judge/replica-findings.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';

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
export function takeStopped(run: Run, replica: Replica, frame: StoppedFrame): void {
  replica.stopped = frame;
  run.blame(frame.code, frame.api, frame.detail);
  if (alarming.has(frame.code)) {
    run.raise([unprotectedFinding(frame.code, frame.api, frame.detail || frame.code)]);
  }
  if (replica.role === Role.follower) end(run, replica, 'lost');
}

/** The replica ends in order. */
export function takeBye(run: Run, replica: Replica, frame: ByeFrame): void {
  replica.bye = frame;
  if (replica.hasEnded) return;
  const how = frame.complete ? 'complete' : 'early';
  end(run, replica, replica.isExcused ? 'lost' : how);
  const endedBadly = !frame.complete && frame.exitCode !== 0;
  if (endedBadly && !replica.isExcused && !replica.hasExitRecord) {
    run.raise([earlyExit(run, replica, `ended early with exit code ${frame.exitCode}`)]);
  }
}

/** The launcher saw the process end. Bytes may still be on their way. */
export function takeExit(run: Run, replica: Replica, frame: ReplicaExitFrame): void {
  replica.exit = frame;
  replica.heardAt = run.clock.now();
  if (replica.link === null) takeGone(run, replica);
  run.changed();
}

/** The process is known to be gone and no more bytes will come. */
export function takeGone(run: Run, replica: Replica): void {
  if (replica.hasEnded) return;
  if (!run.judgement.isReplaying) run.write(replica, { type: 'gone' });
  const leaderHasEnded = run.leader?.hasEnded ?? false;
  const isJudged = replica.role === Role.follower && !replica.isExcused;
  const code = replica.exit?.exitCode ?? 0;
  end(run, replica, 'lost');
  if (!isJudged) return;
  if (code !== 0) {
    run.raise([earlyExit(run, replica, `ended with exit code ${code} and no word`)]);
  } else if (leaderHasEnded) {
    run.blame(Reason.unfinished, null, `replica ${replica.id} did not reach the end of the log`);
  } else {
    replica.silences++;
    run.blame(Reason.replicaSilent, null, `replica ${replica.id} is gone`);
    run.raise([silentFinding(replica.id, replica.silences, goneHow(replica))]);
  }
}

function goneHow({ exit }: Replica): string {
  if (exit === null) return 'it is gone';
  if (exit.signal !== null) return `its process was killed by ${exit.signal}`;
  return 'its process ended without a word';
}

/** The collector ends a follower: it is compared up to here, and nothing it does later counts. */
export function dismiss(run: Run, replica: Replica, code: Reason, detail: string): void {
  if (replica.hasEnded) return;
  replica.dismissed = code;
  if (!run.judgement.isReplaying) run.write(replica, { type: 'ended', code, detail });
  replica.link?.send({ type: 'end', code, detail });
  end(run, replica, 'lost');
}

/** Nothing more is to be expected of a replica. */
export function end(run: Run, replica: Replica, how: 'complete' | 'early' | 'lost'): void {
  if (replica.hasEnded) return;
  replica.endedAt = run.clock.now();
  replica.isLagging = false;
  replica.isSilent = false;
  if (replica.role === Role.follower) {
    run.relays.get(replica.id)?.stop();
    run.relays.delete(replica.id);
  }
  run.judgement.events.next({ type: 'ended', replica: replica.id, how });
  if (replica.role === Role.leader) closeLog(run);
  if (run.all().every(({ hasEnded }) => hasEnded)) finish(run);
  run.changed();
}

/** How the log ends for those that follow it. */
export function logEnd(run: Run): { readonly clean: boolean } {
  return { clean: run.leader?.bye !== null };
}

function closeLog(run: Run): void {
  for (const relay of run.relays.values()) relay.close(logEnd(run));
}

/** All replicas have ended: what is not decided by now never will be. */
function finish(run: Run): void {
  if (run.isOver) return;
  run.endedAt = run.clock.now();
  run.judgement.events.next({ type: 'over' });
  compareExits(run);
  if (run.judgement.isReplaying) return;
  run.note({ at: run.endedAt, over: true });
  run.checkSettled();
}

/** Exit codes as the replicas said bye with them, where no record of an exit has told already. */
function compareExits(run: Run): void {
  const complete = run.all().filter(({ bye }) => bye?.complete === true);
  const leaderCode = run.leader?.bye?.exitCode;
  const different = complete.filter(({ exitCode }) => exitCode !== leaderCode);
  if (leaderCode === undefined || different.length === 0 || hasExitAlert(run)) return;
  const isLeaderAlone = different.length > 1 && different.length === complete.length - 1;
  const odd = isLeaderAlone && run.leader !== undefined ? [run.leader] : different;
  for (const replica of odd) {
    run.raise([earlyExit(run, replica, `ended with exit code ${replica.exitCode}`)]);
  }
}

function hasExitAlert(run: Run): boolean {
  const incidents = run.judgement.book.all();
  return incidents.some(({ alerts }) => alerts.some(({ kind }) => kind === 'exit-mismatch'));
}

/** An exit finding against all others of the run; it names a suspect where a majority stands. */
function earlyExit(run: Run, replica: Replica, how: string): ReturnType<typeof exitFinding> {
  const others = run.all().filter(({ id, isRefused }) => id !== replica.id && !isRefused);
  const suspect = others.length + 1 >= MIN_VOTES ? replica.id : null;
  const expected: SideGroup = { digest: null, replicas: others.map(({ id }) => id) };
  const actual: SideGroup = { digest: null, replicas: [replica.id] };
  return exitFinding(suspect, expected, actual, replica.finishedTurns, how);
}

/** From here on the log has a hole: nobody can follow it any more. */
export function loseLog(run: Run, code: Reason, detail: string): void {
  if (run.isFull) return;
  run.isFull = true;
  run.blame(code, null, detail);
  run.raise([unprotectedFinding(code, null, detail)]);
  for (const follower of run.followers) dismiss(run, follower, code, detail);
}
