/**
 * A restarted collector tells itself what happened: the journal first, then all records through the join
 * again, then the ends. Identifiers come out the same, so nothing is raised twice; what people and
 * replicas added since (reviews, evidence, dates) is taken back from the store.
 */

import { NO_TURN } from '../join/batch-queue.ts';
import type { TurnRange } from '../join/events.ts';
import type { Store } from '../ports.ts';
import type { JournalLine, ReplicaLine } from '../spool/journal.ts';
import { end, loseLog, takeBye, takeGone, takeStopped } from './endings.ts';
import { takeBatch } from './intake.ts';
import type { Replica } from './replica.ts';
import type { Run } from './run.ts';

type ReplicaEntry = Extract<JournalLine, { readonly replica: string }>;

function isReplicaEntry(line: JournalLine): line is ReplicaEntry {
  return 'replica' in line;
}

/** Rebuilds a run from its spool. */
export function retell(run: Run): void {
  const { history } = run.spool;
  run.judgement.isReplaying = true;
  const entries = history.filter(isReplicaEntry);
  addReplicas(run, history, entries);
  for (const replica of run.all()) {
    const lost = entries.filter((entry) => entry.replica === replica.id);
    for (const { line } of lost) retellLost(run, replica, line);
    for (const batch of run.spool.replica(replica.id).all()) takeBatch(run, replica, batch);
  }
  for (const entry of entries) retellEnd(run, entry);
  run.judgement.isReplaying = false;
  const now = run.clock.now();
  for (const replica of run.all()) {
    replica.heardAt = now;
    replica.progressAt = now;
  }
  run.checkSettled();
}

function addReplicas(
  run: Run,
  history: readonly JournalLine[],
  entries: readonly ReplicaEntry[],
): void {
  for (const line of history) {
    if (!('run' in line)) continue;
    for (const { id, role, variant, tokenHash } of line.run.replicas) {
      run.addReplica(id, role, variant, tokenHash, absencesOf(id, entries));
    }
    run.register(line.run);
  }
  for (const { replica: id, line } of entries) {
    if (line.type !== 'hello') continue;
    const replica = run.addReplica(id, line.role, line.variant, null, absencesOf(id, entries));
    replica.hello = line;
    run.facts.drill ||= line.drill;
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

function retellLost(run: Run, replica: Replica, line: ReplicaLine): void {
  if (line.type !== 'lost') return;
  run.judgement.events.next({ ...line, replica: replica.id });
}

function retellEnd(run: Run, { replica: id, line, at }: ReplicaEntry): void {
  const replica = run.replicas.get(id);
  if (replica === undefined) return;
  switch (line.type) {
    case 'stopped':
      takeStopped(run, replica, line);
      break;
    case 'bye':
      takeBye(run, replica, line);
      break;
    case 'replica-exit':
      replica.exit = line;
      break;
    case 'gone':
      takeGone(run, replica);
      break;
    case 'ended':
      replica.dismissed = line.code;
      run.reason ??= { code: line.code, api: null, detail: line.detail };
      if (line.code === 'spool-full' || line.code === 'gap') loseLog(run, line.code, line.detail);
      end(run, replica, 'lost');
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
  for (const incident of run.judgement.book.all()) {
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
