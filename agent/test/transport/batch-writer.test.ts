import {
  type CallRecord,
  encodeBatch,
  MAX_BATCH_RECORDS,
  RecordBatch,
  STRONG,
} from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { CALL_BYTES, CallWord, ItemType } from '../../src/transport/items.ts';
import { BatchWriter } from '../../src/transport/thread/batch-writer.ts';
import { CallItem } from '../../src/transport/thread/call-item.ts';
import type { SpooledFrame } from '../../src/transport/thread/frame-queue.ts';
import { randomNumbers } from './support/replica.ts';

function itemOf(record: CallRecord): CallItem {
  const words = new Int32Array(CALL_BYTES / 4);
  words[CallWord.head] = ItemType.call | (record.kind << 8) | (record.flags << 16);
  words[CallWord.api] = record.api;
  words[CallWord.turnLo] = record.turn | 0;
  words[CallWord.turnHi] = Math.floor(record.turn / 2 ** 32);
  words[CallWord.parentDistance] = record.parentTurn < 0 ? -1 : record.turn - record.parentTurn;
  words[CallWord.ordinal] = record.ordinal;
  words[CallWord.targetLo] = record.targetLo;
  words[CallWord.targetHi] = record.targetHi;
  const item = new CallItem();
  item.select(words, new Uint8Array(words.buffer), 0);
  return item;
}

/** A writer whose digest of a call is the first byte it is over, four times. */
function writerOf(strong: boolean): { writer: BatchWriter; frames: SpooledFrame[] } {
  const frames: SpooledFrame[] = [];
  const digest = (view: DataView, at: number, bytes: Uint8Array): void => {
    for (let i = 0; i < (strong ? 16 : 8); i += 4) view.setUint32(at + i, bytes[0] ?? 0, true);
  };
  return { writer: new BatchWriter(strong, digest, (frame) => frames.push(frame)), frames };
}

describe('BatchWriter', () => {
  it.each([false, true])('writes what encodeBatch writes (strong: %s)', (strong) => {
    const seed = (Date.now() & 0xffff) + 1;
    const random = randomNumbers(seed);
    const { writer, frames } = writerOf(strong);
    const turnBase = 2 ** 40;
    const records = Array.from({ length: 100 }, (_, i): CallRecord => {
      const digest = random(256);
      return {
        targetLo: random(2 ** 32),
        targetHi: random(2 ** 32),
        digestLo: digest,
        digestHi: digest,
        digestLo2: strong ? digest : 0,
        digestHi2: strong ? digest : 0,
        turn: turnBase + i,
        parentTurn: random(2) === 0 ? -1 : turnBase + i - 1 - random(1000),
        ordinal: random(2 ** 32),
        api: random(2 ** 16),
        kind: 0,
        flags: random(256),
      };
    });
    for (const record of records) writer.add(itemOf(record), Uint8Array.of(record.digestLo));
    writer.finishedTurns = turnBase + 99;
    expect(writer.close()).toBe(true);
    const flags = strong ? STRONG : 0;
    const header = {
      flags,
      stream: 0,
      first: 0,
      finishedTurns: turnBase + 99,
      total: 100,
      turnBase,
    };
    expect(Buffer.from(frames[0]?.bytes ?? []), `seed ${seed}`).toEqual(
      Buffer.from(encodeBatch(header, records)),
    );
  });

  it('closes a batch with the most records it may have, and a turn before its base', () => {
    const { writer, frames } = writerOf(false);
    for (let i = 0; i <= MAX_BATCH_RECORDS; i++) writer.addGap(9, 1);
    expect(frames).toHaveLength(1);
    writer.addGap(8, 1);
    expect(frames).toHaveLength(2);
    writer.close();
    expect(frames.map(({ bytes }) => RecordBatch.decode(bytes).count)).toEqual([4096, 1, 1]);
    expect(frames.map(({ next }) => next)).toEqual([4096, 4097, 4098]);
    expect(writer.close()).toBe(false);
  });
});
