/**
 * A restarted collector tells itself what happened: the journal first, then all records through the join
 * again, then the ends. Identifiers come out the same, so nothing is raised twice; what people and
 * replicas added since (reviews, evidence, dates) is taken back from the store.
 */

import { MAIN_LOG } from '@lockstep/protocol';
import { NO_TURN } from '../join/batch-queue.ts';
import type { TurnRange } from '../join/events.ts';
import type { Store } from '../ports.ts';
import type { JournalLine, ReplicaLine } from '../spool/journal.ts';
import { end, loseLog, takeBye, takeGone, takeStopped } from './endings.ts';
import { takeBatch } from './intake.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';
import type { RunLog } from './run-log.ts';

type ReplicaEntry = Extract<JournalLine, { readonly replica: string }>;

function isReplicaEntry(line: JournalLine): line is ReplicaEntry {
  return 'replica' in line;
}

/** Rebuilds a run from its spool. */
export function retell(run: Run): void {
  const { history } = run.spool;
  setReplaying(run, true);
  const entries = history.filter(isReplicaEntry);
  openLogs(run, history, entries);
  for (const log of run.logs.values()) retellRecords(log, ofLog(log.name, entries));
  for (const entry of entries) retellEnd(run, entry);
  setReplaying(run, false);
  const now = run.clock.now();
  for (const replica of run.members()) {
    replica.heardAt = now;
    replica.progressAt = now;
  }
  run.checkSettled();
}

function setReplaying(run: Run, isReplaying: boolean): void {
  run.isReplaying = isReplaying;
  for (const { judgement } of run.logs.values()) judgement.isReplaying = isReplaying;
}

/** Journals without `log` are of the time when there was only one. */
function ofLog(name: string, entries: readonly ReplicaEntry[]): readonly ReplicaEntry[] {
  return entries.filter(({ log = MAIN_LOG }) => log === name);
}

function retellRecords(log: RunLog, entries: readonly ReplicaEntry[]): void {
  for (const replica of log.all()) {
    for (const { replica: id, line } of entries) {
      if (id === replica.id) retellLost(log, replica, line);
    }
    for (const batch of log.files.replica(replica.id).all()) takeBatch(log, replica, batch);
  }
}

function openLogs(
  run: Run,
  history: readonly JournalLine[],
  entries: readonly ReplicaEntry[],
): void {
  const main = ofLog(MAIN_LOG, entries);
  for (const line of history) {
    if ('run' in line) {
      for (const { id, role, variant, tokenHash } of line.run.replicas) {
        run.main.addReplica(id, role, variant, tokenHash, absencesOf(id, main));
      }
      run.register(line.run);
    } else if ('opened' in line) {
      reopenLog(run, line.opened, line.replicas, ofLog(line.opened, entries));
    } else if ('replica' in line && line.line.type === 'hello') {
      retellHello(run, line, main);
    }
  }
}

function retellHello(
  run: Run,
  { replica: id, log: name = MAIN_LOG, line }: ReplicaEntry,
  main: readonly ReplicaEntry[],
): void {
  if (line.type !== 'hello') return;
  run.noteDrill(line.drill);
  run.main.addReplica(id, line.role, line.variant, null, absencesOf(id, main));
  const replica = run.logs.get(name)?.replicas.get(id);
  if (replica !== undefined) replica.hello = line;
}

function reopenLog(
  run: Run,
  name: string,
  replicas: readonly string[],
  entries: readonly ReplicaEntry[],
): void {
  const log = run.reopenLog(name);
  for (const id of replicas) {
    const known = run.main.replicas.get(id);
    if (known === undefined) continue;
    const { role, variant, tokenHash } = known;
    log.addReplica(id, role, variant, tokenHash, absencesOf(id, entries));
  }
}

function absencesOf(replica: string, entries: readonly ReplicaEntry[]): readonly TurnRange[] {
  const ranges: TurnRange[] = [];
  for (const entry of entries) {
    if (entry.replica !== replica || entry.line.type !== 'absence') continue;
    const { from, until } = entry.line;
    const last = ranges.at(-1);
    if (until === null) ranges.push({ from, until: NO_TURN });
    else if (last !== undefined) ranges[ranges.length - 1] = { from: last.from, until };
  }
  return ranges;
}

function retellLost(log: RunLog, replica: Replica, line: ReplicaLine): void {
  if (line.type !== 'lost') return;
  log.judgement.events.next({ ...line, replica: replica.id });
}

function retellEnd(run: Run, { replica: id, log: name = MAIN_LOG, line, at }: ReplicaEntry): void {
  const log = run.logs.get(name);
  const replica = log?.replicas.get(id);
  if (log === undefined || replica === undefined) return;
  switch (line.type) {
    case 'stopped':
      takeStopped(log, replica, line);
      break;
    case 'bye':
      takeBye(log, replica, line);
      break;
    case 'replica-exit':
      replica.exit = line;
      break;
    case 'gone':
      takeGone(log, replica);
      break;
    case 'ended':
      replica.dismissed = line.code;
      run.reason ??= { code: line.code, api: null, detail: line.detail };
      if (line.code === 'spool-full' || line.code === 'gap') loseLog(log, line.code, line.detail);
      end(log, replica, 'lost');
      break;
    case 'absence':
      replica.isSilent = line.until === null;
      replica.silences += line.until === null ? 1 : 0;
      return;
    default:
      return;
  }
  if (replica.endedAt !== null) replica.endedAt = at;
}

/** Takes over from the store what was known of this run's incidents. */
export async function takeOver(run: Run, store: Store): Promise<void> {
  for (const incident of run.book.all()) {
    const kept = await store.incident(incident.id);
    if (kept === null) continue;
    incident.review = { status: kept.status, assignee: kept.assignee, resolvedAt: kept.resolvedAt };
    if (kept.evidence.length > 0) incident.adopt(kept, kept.updatedAt);
    for (const { id } of incident.alerts) {
      const alert = await store.alert(id);
      if (alert !== null) incident.replace(alert);
    }
  }
}
