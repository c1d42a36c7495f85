/**
 * HOT. The usual case: all replicas did the same in a turn, in the same order. Their records are compared
 * word by word in lock step, without computing an identifier and without a table: equal sequences have
 * equal identifiers. Only a turn that fails here is aligned call by call.
 */
import { type RecordBatch, RecordKind } from '@lockstep/protocol';
import type { BatchQueue } from './batch-queue.ts';

/** Whether a record counts as a call; the others are bookkeeping of their replica. */
export function isCall(kind: RecordKind): boolean {
  return (
    kind === RecordKind.call ||
    kind === RecordKind.code ||
    kind === RecordKind.response ||
    kind === RecordKind.note
  );
}

function sameRecord(left: RecordBatch, right: RecordBatch): boolean {
  return (
    left.digestLo === right.digestLo &&
    left.digestHi === right.digestHi &&
    left.targetLo === right.targetLo &&
    left.targetHi === right.targetHi &&
    left.api === right.api &&
    left.kind === right.kind &&
    left.digestLo2 === right.digestLo2 &&
    left.digestHi2 === right.digestHi2
  );
}

/** Whether all cursors stand on this record; they move on. */
function allHave(queues: readonly BatchQueue[], turn: number, record: RecordBatch): boolean {
  for (const queue of queues) {
    const other = queue.current();
    if (other === undefined || other.turn !== turn || !sameRecord(record, other)) return false;
    queue.advance();
  }
  return true;
}

/**
 * Number of calls in the turn when all queues hold the same, the cursors then standing behind it;
 * -1 otherwise, the cursors then standing anywhere in the turn.
 */
export function equalTurn(queues: readonly BatchQueue[], turn: number): number {
  const [reference, ...others] = queues;
  if (reference === undefined) return 0;
  let calls = 0;
  let record = reference.current();
  while (record !== undefined && record.turn === turn) {
    const { kind } = record;
    if (kind === RecordKind.gap || !allHave(others, turn, record)) return -1;
    if (isCall(kind)) calls++;
    reference.advance();
    record = reference.current();
  }
  return others.some((queue) => queue.turn() === turn) ? -1 : calls;
}
