/**
 * The last turn of a replica stays open after its watermark: `exit` handlers, and the exit itself, belong
 * to it. Followers exit only after the leader's exit has been recorded, so most differences are certain at
 * once and are not held back; what a follower has not done yet, it may be about to do.
 */
import { RecordKind, Role } from '@lockstep/protocol';
import { type Aligned, digestText } from './align-turn.ts';
import type { JoinReplica } from './join-replica.ts';

/** Whether records may still come that belong to this turn. */
export function isOpenTurn(turn: number, taking: readonly JoinReplica[]): boolean {
  const leader = taking.find(({ role }) => role === Role.leader);
  if (leader === undefined) return false;
  if (!leader.ended) return leader.isOpenIn(turn);
  return leader.lastSeenTurn() === turn + 1 && taking.some((replica) => replica.isOpenIn(turn));
}

/** Of all calls of an open turn, those on which the replicas differ whatever may still come. */
export function certainDifferences(
  calls: readonly Aligned[],
  taking: readonly JoinReplica[],
): readonly Aligned[] {
  const at = taking.findIndex(({ role }) => role === Role.leader);
  const exits = calls.filter(({ kind }) => kind === RecordKind.exit);
  const isOut = (index: number): boolean => exits.some(({ records }) => records[index] !== null);
  const hasExited = isOut(at);
  const areAllOut = taking.every((replica, index) => replica.ended || isOut(index));
  if (hasExited && !areAllOut) {
    // Followers are still on their way to the leader's exit: who is outvoted shows when all are there.
    return calls.filter((call) => !call.records.includes(null) && digestsDiffer(call));
  }
  const passed = taking.map((_, index) => lastCommon(calls, at, index));
  return calls.filter((call) => {
    if (digestsDiffer(call)) return true;
    const led = call.records[at] ?? null;
    if (led === null) return true;
    const others = call.records.filter((record, index) => index !== at && record !== null);
    if (others.length > 0 && !hasExited && call.records.includes(null)) return true;
    return call.records.some(
      (record, index) => record === null && (passed[index] ?? -1) > led.ordinal,
    );
  });
}

/** Position in the leader's turn of the last call that a replica has made as well. */
function lastCommon(calls: readonly Aligned[], leader: number, replica: number): number {
  let last = -1;
  for (const { records } of calls) {
    const led = records[leader];
    if (led && records[replica] && led.ordinal > last) last = led.ordinal;
  }
  return last;
}

function digestsDiffer({ records }: Aligned): boolean {
  const digests = new Set(records.flatMap((record) => (record === null ? [] : digestText(record))));
  return digests.size > 1;
}
