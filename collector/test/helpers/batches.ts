/** Batches of records for tests of the join, without a socket: what a replica did, turn by turn. */
import { type CallRecord, encodeBatch, RecordBatch, RecordKind } from '@lockstep/protocol';
import type { JoinEvent } from '../../src/join/events.ts';

/** A call as `api:target=data`, each a number; kind by its letter in front: `!` exit, `#` code. */
export function record(text: string, turn: number, ordinal: number): CallRecord {
  const [, mark, api, target, data] = /^([!#]?)(\d+):(\d+)=(\d+)$/.exec(text) ?? [];
  if (api === undefined) throw new Error(`no record: ${text}`);
  return {
    targetLo: Number(target),
    targetHi: 7,
    digestLo: Number(data),
    digestHi: 9,
    digestLo2: 0,
    digestHi2: 0,
    turn,
    parentTurn: turn > 0 ? 0 : -1,
    ordinal,
    api: Number(api),
    kind: kindOf(mark ?? ''),
    flags: 0,
  };
}

function kindOf(mark: string): RecordKind {
  if (mark === '!') return RecordKind.exit;
  return mark === '#' ? RecordKind.code : RecordKind.call;
}

/** A replica that makes batch events of what it did. */
export class Script {
  readonly replica: string;
  private sequence = 0;
  private readonly ordinals: Map<number, number> = new Map();

  constructor(replica: string) {
    this.replica = replica;
  }

  joined(): JoinEvent {
    const role = this.replica === 'a' ? 'leader' : 'follower';
    return { type: 'joined', replica: this.replica, role, absences: [] };
  }

  /** One batch: calls by turn, and how many turns are finished with it. */
  did(turns: Readonly<Record<number, string>>, finishedTurns: number): JoinEvent {
    const records = Object.entries(turns).flatMap(([turn, calls]) =>
      calls
        .split(' ')
        .filter(Boolean)
        .map((call) => record(call, Number(turn), this.next(turn))),
    );
    return this.batch(records, finishedTurns);
  }

  /** The bytes of such a batch. */
  bytes(turns: Readonly<Record<number, string>>, finishedTurns: number): Uint8Array {
    const event = this.did(turns, finishedTurns);
    if (event.type !== 'batch') throw new Error('not a batch');
    const { batch } = event;
    const records = Array.from({ length: batch.count }, (_, index) => batch.select(index).record());
    return encodeBatch(batch.header, records);
  }

  /** A gap record: so many records were lost in a turn. */
  lost(turn: number, count: number, finishedTurns: number): JoinEvent {
    const gap = { ...record('1:0=0', turn, 0), kind: RecordKind.gap, targetLo: count };
    return this.batch([gap], finishedTurns);
  }

  ended(how: 'complete' | 'early' | 'lost'): JoinEvent {
    return { type: 'ended', replica: this.replica, how };
  }

  private batch(records: readonly CallRecord[], finishedTurns: number): JoinEvent {
    const first = this.sequence;
    this.sequence += records.length;
    const turnBase = records[0]?.turn ?? 0;
    const header = { flags: 0, stream: 0, first, finishedTurns, total: this.sequence, turnBase };
    const batch = RecordBatch.decode(encodeBatch(header, records));
    return { type: 'batch', replica: this.replica, batch };
  }

  private next(turn: string): number {
    const ordinal = this.ordinals.get(Number(turn)) ?? 0;
    this.ordinals.set(Number(turn), ordinal + 1);
    return ordinal;
  }
}
