/**
 * HOT. The outbox: calls, log entries and control items become items of a segment. Nothing is allocated
 * for a call; what cannot be kept is counted, and a gap item stands before the next record that is kept.
 */
import { MAX_LOG_ENTRY_BYTES, type Reason } from '@lockstep/protocol';
import { ByteCopy } from './byte-copy.ts';
import {
  BODY_BYTES,
  CALL_BYTES,
  CallWord,
  type ControlItem,
  GAP_BYTES,
  ItemType,
  NO_PARENT_TURN,
  WATERMARK_BYTES,
  wordAligned,
  writeText,
} from './items.ts';
import { MAX_CONTROL_CHARS, MAX_STACK_CHARS, MAX_TARGET_CHARS } from './limits.ts';
import { atomicLoad, toJson } from './originals.ts';
import { type SegmentWriter, Spare } from './segment-writer.ts';
import { Slot } from './slots.ts';
import type { Outbox } from './transport-types.ts';

const TWO_32 = 0x1_0000_0000;

/** The outbox of the application thread. */
export class SegmentOutbox implements Outbox {
  private readonly writer: SegmentWriter;
  private readonly slots: Int32Array;
  private readonly records: ByteCopy = new ByteCopy();
  private readonly entries: ByteCopy = new ByteCopy();
  private gapRecords = 0;
  private gapTurn = 0;
  private lastCallKept: boolean = false;
  private logLost: boolean = false;
  private finishedTurns = -1;
  private droppedHere = 0;

  constructor(writer: SegmentWriter, slots: Int32Array) {
    this.writer = writer;
    this.slots = slots;
  }

  get dropped(): number {
    return this.droppedHere + (atomicLoad(this.slots, Slot.dropped) >>> 0);
  }

  call(
    kind: number,
    flags: number,
    api: number,
    turn: number,
    parentTurn: number,
    ordinal: number,
    targetLo: number,
    targetHi: number,
    target: string,
    canonical: Uint8Array,
    canonicalBytes: number = canonical.length,
  ): void {
    const { writer } = this;
    const chars = Math.min(target.length, MAX_TARGET_CHARS);
    const most = wordAligned(CALL_BYTES + canonicalBytes + 2 * chars);
    if (this.gapRecords !== 0 && !this.writeGap(most)) {
      this.lose(turn);
      return;
    }
    if (writer.at + most > writer.end && !writer.reserve(most, Spare.none)) {
      this.lose(turn);
      return;
    }
    const { words, bytes, at } = writer;
    const word = at >> 2;
    this.records.copy(bytes, words, at + CALL_BYTES, canonical, canonicalBytes);
    const written = writeText(bytes, at + CALL_BYTES + canonicalBytes, target, chars);
    const wide = written < 0 ? 1 : 0;
    const targetBytes = wide === 1 ? -written : written;
    const length = wordAligned(CALL_BYTES + canonicalBytes + targetBytes);
    words[word] = length;
    words[word + CallWord.head] = ItemType.call | (kind << 8) | (flags << 16) | (wide << 24);
    words[word + CallWord.api] = api | (targetBytes << 16);
    words[word + CallWord.turnLo] = turn | 0;
    words[word + CallWord.turnHi] = (turn / TWO_32) | 0;
    // The collector refuses a batch whole in which a parent is not a turn before.
    const distance = turn - parentTurn;
    words[word + CallWord.parentDistance] =
      parentTurn < 0 || distance <= 0 ? NO_PARENT_TURN : distance;
    words[word + CallWord.ordinal] = ordinal;
    words[word + CallWord.targetLo] = targetLo;
    words[word + CallWord.targetHi] = targetHi;
    words[word + CallWord.canonicalBytes] = canonicalBytes;
    writer.at = at + length;
    this.lastCallKept = true;
  }

  stack(lines: string): void {
    if (!this.lastCallKept) return;
    if (!this.writeBody(ItemType.stack, lines, MAX_STACK_CHARS, Spare.none)) this.droppedHere++;
  }

  logEntry(entry: Uint8Array, entryBytes: number = entry.length): boolean {
    if (this.logLost) return this.refuseEntry();
    const { writer } = this;
    const length = wordAligned(BODY_BYTES + entryBytes);
    if (entryBytes > MAX_LOG_ENTRY_BYTES || !writer.reserve(length, Spare.none)) {
      this.logLost = true;
      this.writeBare(ItemType.logLost);
      return this.refuseEntry();
    }
    const { words, at } = writer;
    const word = at >> 2;
    words[word] = length;
    words[word + 1] = ItemType.entry;
    words[word + 2] = entryBytes;
    this.entries.copy(writer.bytes, words, at + BODY_BYTES, entry, entryBytes);
    writer.at = at + length;
    return true;
  }

  flush(finishedTurns: number): void {
    if (finishedTurns !== this.finishedTurns) this.writeWatermark(finishedTurns);
    this.writer.publish();
  }

  publish(): void {
    this.writer.publish();
  }

  stopped(code: Reason, api: string | null, detail: string): void {
    this.control({ type: 'stopped', code, api, detail });
  }

  child(log: string): void {
    this.control({ type: 'child', log });
  }

  childExit(log: string, exitCode: number | null, signal: string | null): void {
    this.control({ type: 'child-exit', log, exitCode, signal });
  }

  counters(counters: Record<string, number>): void {
    this.control({ type: 'counters', counters });
  }

  end(exitCode: number, complete: boolean): void {
    this.control({ type: 'end', exitCode, complete });
  }

  /** Hands on what is rare, at once. */
  control(item: ControlItem): void {
    if (this.gapRecords !== 0) this.writeGap(0);
    const json = toJson(item);
    const kept =
      json.length <= MAX_CONTROL_CHARS &&
      this.writeBody(ItemType.control, json, MAX_CONTROL_CHARS, Spare.control);
    if (!kept) this.droppedHere++;
    this.writer.publish();
  }

  private lose(turn: number): void {
    if (this.gapRecords === 0) this.gapTurn = turn;
    this.gapRecords++;
    this.droppedHere++;
    this.lastCallKept = false;
  }

  private refuseEntry(): boolean {
    this.droppedHere++;
    return false;
  }

  /** Only where `following` bytes fit behind it: else every lost record would cost a gap item. */
  private writeGap(following: number): boolean {
    const { writer } = this;
    if (!writer.reserve(GAP_BYTES + following, Spare.none)) return false;
    const { words } = writer;
    const word = writer.at >> 2;
    words[word] = GAP_BYTES;
    words[word + 1] = ItemType.gap;
    words[word + 2] = this.gapTurn | 0;
    words[word + 3] = (this.gapTurn / TWO_32) | 0;
    words[word + 4] = this.gapRecords;
    writer.at += GAP_BYTES;
    this.gapRecords = 0;
    return true;
  }

  private writeWatermark(finishedTurns: number): void {
    // A gap before the watermark: what was lost belongs to the turns that it calls finished.
    if (this.gapRecords !== 0 && !this.writeGap(WATERMARK_BYTES)) return;
    const { writer } = this;
    if (!writer.reserve(WATERMARK_BYTES, Spare.control)) return;
    const { words } = writer;
    const word = writer.at >> 2;
    words[word] = WATERMARK_BYTES;
    words[word + 1] = ItemType.watermark;
    words[word + 2] = finishedTurns | 0;
    words[word + 3] = (finishedTurns / TWO_32) | 0;
    writer.at += WATERMARK_BYTES;
    this.finishedTurns = finishedTurns;
  }

  private writeBare(type: number): void {
    const { writer } = this;
    if (!writer.reserve(BODY_BYTES, Spare.control)) return;
    const word = writer.at >> 2;
    writer.words[word] = BODY_BYTES;
    writer.words[word + 1] = type;
    writer.at += BODY_BYTES;
  }

  private writeBody(type: number, text: string, mostChars: number, spare: number): boolean {
    const { writer } = this;
    const chars = Math.min(text.length, mostChars);
    if (!writer.reserve(wordAligned(BODY_BYTES + 2 * chars), spare)) return false;
    const { words, at } = writer;
    const word = at >> 2;
    const written = writeText(writer.bytes, at + BODY_BYTES, text, chars);
    const bodyBytes = written < 0 ? -written : written;
    const length = wordAligned(BODY_BYTES + bodyBytes);
    words[word] = length;
    words[word + 1] = type | (written < 0 ? 1 << 24 : 0);
    words[word + 2] = bodyBytes;
    writer.at = at + length;
    return true;
  }
}
