/**
 * HOT. Calls become records: kept as evidence, hashed, put into a batch. When the spool is full they are
 * counted instead, and a gap record says how many, before the next one.
 */
import { apiName } from '@lockstep/protocol';
import { Slot } from '../slots.ts';
import type { BatchWriter } from './batch-writer.ts';
import { CallItem } from './call-item.ts';
import type { EvidenceRing } from './evidence-ring.ts';
import type { Spool } from './spool.ts';

/** The records of one replica. */
export class Recorder {
  /** Records lost on either thread. */
  lost = 0;
  /** Set for good once nobody will ever take records. */
  discarding: boolean = false;
  /** Whether the newest call was kept, so that its stack has a place. */
  lastKept: boolean = false;
  private gapTurn = 0;
  private gapRecords = 0;
  private readonly item = new CallItem();
  private readonly names: Uint8Array[] = [];
  private readonly batches: BatchWriter;
  private readonly evidence: EvidenceRing;
  private readonly spool: Spool;
  private readonly slots: Int32Array;

  constructor(batches: BatchWriter, evidence: EvidenceRing, spool: Spool, slots: Int32Array) {
    this.batches = batches;
    this.evidence = evidence;
    this.spool = spool;
    this.slots = slots;
  }

  call(words: Int32Array, bytes: Uint8Array, at: number): void {
    const { item } = this;
    item.select(words, bytes, at);
    if (this.discarding || this.spool.full) {
      this.lose(item.turn, 1);
      return;
    }
    if (this.gapRecords !== 0) this.closeGap();
    this.lastKept = true;
    this.batches.add(item, this.evidence.append(item, this.nameOf(item.api)));
  }

  /** Records that the application thread lost. */
  gap(turn: number, records: number): void {
    this.lost += records;
    if (this.gapRecords === 0) this.gapTurn = turn;
    this.gapRecords += records;
    if (!this.discarding && !this.spool.full) this.closeGap();
  }

  /** Writes the gap that stands open, if there is room for it. */
  settle(): void {
    if (this.gapRecords !== 0 && !this.discarding && !this.spool.full) this.closeGap();
  }

  private lose(turn: number, records: number): void {
    this.lastKept = false;
    if (this.gapRecords === 0) this.gapTurn = turn;
    this.gapRecords += records;
    this.lost += records;
    Atomics.add(this.slots, Slot.dropped, records);
  }

  private closeGap(): void {
    this.batches.addGap(this.gapTurn, this.gapRecords);
    this.gapRecords = 0;
  }

  /** An API's name and a zero byte, as hashed before the canonical bytes. */
  private nameOf(api: number): Uint8Array {
    const known = this.names[api];
    if (known !== undefined) return known;
    const name = Buffer.from(`${apiName(api)}\0`);
    this.names[api] = name;
    return name;
  }
}
