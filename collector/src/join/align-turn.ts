/**
 * Aligns the calls of one turn by call identifier, where the replicas differ: the n-th call of an API
 * and target in one replica stands beside the n-th in the others, in whatever order they were made.
 */
import {
  type CallRecord,
  callId,
  hex64,
  type LogSeed,
  Mixer,
  RecordKind,
} from '@lockstep/protocol';
import { isCall } from './equal-turn.ts';
import type { CallSide, Divergence } from './events.ts';
import { pairRepeats } from './pair-repeats.ts';

/** One replica's records of the turn, in its order. */
export interface TurnRecords {
  readonly replica: string;
  readonly records: readonly CallRecord[];
}

/** One call identifier with what each replica did there. */
export interface Aligned {
  readonly callId: string;
  readonly api: number;
  readonly kind: RecordKind;
  readonly parentTurn: number;
  /** In the order of the replicas; null where it made no such call. */
  readonly records: (CallRecord | null)[];
}

/** All identifiers of the turn, in an order that agrees with each replica's as far as they agree. */
export function alignTurn(
  seed: LogSeed,
  turn: number,
  replicas: readonly TurnRecords[],
): Aligned[] {
  const aligned: Aligned[] = [];
  const mixer = new Mixer();
  for (const repeats of groupRepeats(replicas).values()) {
    const reference = usual(repeats);
    const slots = new Map<number, Aligned>();
    for (const [index, records] of repeats.entries()) {
      const numbers = pairRepeats(reference, records);
      for (const [place, record] of records.entries()) {
        const nth = numbers[place] ?? place;
        const slot = slots.get(nth) ?? newSlot(mixer, seed, turn, record, nth, replicas.length);
        slots.set(nth, slot);
        slot.records[index] = record;
      }
    }
    aligned.push(...slots.values());
  }
  return aligned.sort(
    (left, right) => placeOf(left) - placeOf(right) || makers(right) - makers(left),
  );
}

/** In the same place, what most replicas did comes first: its omission led to what the others did there. */
function makers({ records }: Aligned): number {
  return records.filter((record) => record !== null).length;
}

/** Records by API and target, for each replica in its order. */
function groupRepeats(replicas: readonly TurnRecords[]): ReadonlyMap<string, CallRecord[][]> {
  const groups = new Map<string, CallRecord[][]>();
  for (const [index, { records }] of replicas.entries()) {
    for (const record of records) {
      if (!isCall(record.kind) && record.kind !== RecordKind.exit) continue;
      const key = `${record.api}:${hex64(record.targetLo, record.targetHi)}`;
      const repeats = groups.get(key) ?? replicas.map(() => []);
      groups.set(key, repeats);
      repeats[index]?.push(record);
    }
  }
  return groups;
}

/** The repetitions of the first replica that made as many as most did. */
function usual(repeats: readonly (readonly CallRecord[])[]): readonly CallRecord[] {
  const votes = new Map<number, number>();
  for (const { length } of repeats) votes.set(length, (votes.get(length) ?? 0) + 1);
  const most = Math.max(...votes.values());
  return repeats.find(({ length }) => votes.get(length) === most) ?? [];
}

function newSlot(
  mixer: Mixer,
  seed: LogSeed,
  turn: number,
  { api, kind, parentTurn, targetLo, targetHi }: CallRecord,
  nth: number,
  count: number,
): Aligned {
  callId(mixer, seed, turn, api, targetLo, targetHi, nth);
  const id = hex64(mixer.lo, mixer.hi);
  const records = Array.from({ length: count }, () => null);
  return { callId: id, api, kind, parentTurn, records };
}

/**
 * Where an aligned call stands in its turn: behind everything that any replica did before it, so that
 * an extra call comes before what it shifted. An exit comes before what the others did after it.
 */
export function placeOf(aligned: Aligned): number {
  let last = -1;
  for (const record of aligned.records) {
    if (record === null) continue;
    const at = record.kind === RecordKind.exit ? record.ordinal - 0.5 : record.ordinal;
    if (at > last) last = at;
  }
  return last;
}

/** A record's digest as people and programs read it. */
export function digestText(record: CallRecord): string {
  const { digestLo, digestHi, digestLo2, digestHi2 } = record;
  const second = digestLo2 === 0 && digestHi2 === 0 ? '' : hex64(digestLo2, digestHi2);
  return second + hex64(digestLo, digestHi);
}

/** Whether all replicas made the call, with the same digest. */
export function allAgree(aligned: Aligned): boolean {
  const [first] = aligned.records;
  if (first === null || first === undefined) return false;
  const digest = digestText(first);
  return aligned.records.every((record) => record !== null && digestText(record) === digest);
}

/** An aligned call on which the replicas do not agree, as the judgement takes it. */
export function divergenceOf(
  turn: number,
  aligned: Aligned,
  replicas: readonly TurnRecords[],
): Divergence {
  const sides: CallSide[] = replicas.map(({ replica }, index) => {
    const record = aligned.records[index] ?? null;
    if (record === null) return { replica, digest: null, ordinal: null };
    return { replica, digest: digestText(record), ordinal: record.ordinal };
  });
  const { api, kind, parentTurn } = aligned;
  const ordinal = Math.max(0, Math.floor(placeOf(aligned)));
  return { turn, parentTurn, ordinal, callId: aligned.callId, api, kind, sides };
}
