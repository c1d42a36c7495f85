/** Spool files: order, cut-off ends, look-ups far back. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFrameHeader } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordSpool } from '../src/spool/record-spool.ts';
import { Script } from './helpers/batches.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spool-'));
  path = join(directory, 'records.bin');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Appends turns with three calls each, and answers the spool. */
function filled(turns: number): RecordSpool {
  const spool = new RecordSpool(path);
  const script = new Script('a');
  for (let turn = 0; turn < turns; turn++) {
    const bytes = script.bytes({ [turn]: '100:1=1 101:2=2 102:3=3' }, turn + 1);
    spool.append(bytes, readFrameHeader(bytes));
  }
  return spool;
}

describe('a spool of records', () => {
  test('stands where it stood when it is opened again', () => {
    const first = filled(20);
    first.close();
    const again = new RecordSpool(path);
    expect(again).toMatchObject({ next: 60, finishedTurns: 20, bytes: first.bytes });
    again.close();
  });

  test.each([1, 3, 4, 50, 147, 148])(
    'is cut off at its last whole frame when %i bytes are lost',
    (lost) => {
      const spool = filled(20);
      const { bytes } = spool;
      spool.close();
      truncateSync(path, bytes - lost);
      const again = new RecordSpool(path);
      expect(again).toMatchObject({ next: 57, finishedTurns: 19 });
      expect([...again.all()]).toHaveLength(19);
      again.close();
    },
  );

  test('cuts off what is no frame at the end', () => {
    filled(3).close();
    appendFileSync(path, Buffer.alloc(100, 255));
    const again = new RecordSpool(path);
    expect(again.next).toBe(9);
    again.close();
  });

  test('finds any turn, also far back and after a restart', () => {
    filled(20_000).close();
    const spool = new RecordSpool(path);
    for (const turn of [0, 1, 9_999, 12_345, 19_999]) {
      expect(spool.turn(turn, 10).map((record) => record.turn)).toEqual([turn, turn, turn]);
    }
    expect(spool.turn(20_000, 10)).toEqual([]);
    expect(spool.turn(500, 2)).toHaveLength(2);
    spool.close();
  });

  test('reads on from any sequence number', () => {
    const spool = filled(5000);
    let sequence = 3;
    let batches = spool.read(sequence);
    while (batches.length > 0) {
      for (const { header } of batches) {
        expect(header.first).toBe(sequence);
        sequence += header.count;
      }
      batches = spool.read(sequence);
    }
    expect(sequence).toBe(15_000);
    expect(spool.read(6000)[0]?.header.first).toBe(6000);
    spool.close();
  });

  test('does not grow by heartbeats that tell nothing new', () => {
    const spool = filled(2);
    const { bytes } = spool;
    const script = new Script('a');
    script.bytes({ 0: '100:1=1 101:2=2 102:3=3 100:1=1 101:2=2 102:3=3' }, 2);
    const idle = script.bytes({}, 2);
    spool.append(idle, readFrameHeader(idle));
    expect(spool.bytes).toBe(bytes);
    const news = script.bytes({}, 3);
    spool.append(news, readFrameHeader(news));
    expect(spool).toMatchObject({ finishedTurns: 3, bytes: bytes + news.length + 4 });
    spool.close();
  });
});
