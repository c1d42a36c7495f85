import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Reason } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { SEGMENT_BYTES } from '../../src/transport/limits.ts';
import { SegmentOutbox } from '../../src/transport/segment-outbox.ts';
import { SegmentWriter } from '../../src/transport/segment-writer.ts';
import { SLOT_BYTES } from '../../src/transport/slots.ts';
import { CallItem } from '../../src/transport/thread/call-item.ts';
import { Intake, type IntakeHandler, readText } from '../../src/transport/thread/intake.ts';
import { randomNumbers } from './support/replica.ts';

/** Writes down what the intake hands over, as text. */
class Notes implements IntakeHandler {
  readonly lines: string[] = [];
  private readonly cursor = new CallItem();

  call(words: Int32Array, bytes: Uint8Array, at: number): void {
    const { cursor: item } = this;
    item.select(words, bytes, at);
    const end = item.canonicalAt + item.canonicalBytes;
    const target = readText(bytes.subarray(end, end + item.targetBytes), item.wideTarget);
    this.lines.push(`call ${item.turn}.${item.ordinal} ${item.canonicalBytes} ${target}`);
  }
  stack(text: Uint8Array, wide: boolean): void {
    this.lines.push(`stack ${readText(text, wide)}`);
  }
  entry(entry: Uint8Array): void {
    this.lines.push(`entry ${entry.length} ${entry[0]}`);
  }
  watermark(finishedTurns: number): void {
    this.lines.push(`watermark ${finishedTurns}`);
  }
  gap(turn: number, records: number): void {
    this.lines.push(`gap ${turn} ${records}`);
  }
  logLost(): void {
    this.lines.push('log lost');
  }
  item(json: string): void {
    this.lines.push(json);
  }
}

interface Ends {
  readonly outbox: SegmentOutbox;
  readonly intake: Intake;
  readonly notes: Notes;
  readonly ports: readonly MessagePort[];
}

function ends(memoryBytes: number): Ends {
  const { port1, port2 } = new MessageChannel();
  const slots = new Int32Array(new SharedArrayBuffer(SLOT_BYTES));
  const outbox = new SegmentOutbox(new SegmentWriter(slots, port1, memoryBytes), slots);
  const notes = new Notes();
  return { outbox, notes, intake: new Intake(port2, notes), ports: [port1, port2] };
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

describe('segments', () => {
  it('carry items of any size in order, used again and again', () => {
    const seed = (Date.now() & 0xffff) + 1;
    const random = randomNumbers(seed);
    const { outbox, intake, notes } = ends(256 * SEGMENT_BYTES);
    const expected: string[] = [];
    const targets = ['', '/a', 'ключ\ud800', 'é'] as const;
    for (let turn = 0; turn < 3000; turn++) {
      const size = 1 + (random(200) === 0 ? random(3 * SEGMENT_BYTES) : random(2000));
      const target = targets[random(4)] ?? '';
      outbox.call(0, 0, 9, turn, -1, 0, 1, 2, target, bytes(size));
      outbox.logEntry(bytes(size));
      outbox.flush(turn);
      expected.push(`call ${turn}.0 ${size} ${target}`, `entry ${size} 7`, `watermark ${turn}`);
      if (random(3) > 0) intake.read(1000);
    }
    intake.read(1_000_000);
    expect(outbox.dropped, `seed ${seed}`).toBe(0);
    expect(notes.lines, `seed ${seed}`).toEqual(expected);
  });

  it('show nothing that was not published', () => {
    const { outbox, intake, notes } = ends(SEGMENT_BYTES);
    outbox.call(0, 0, 9, 0, -1, 0, 1, 2, '', bytes(1));
    expect(intake.read(10)).toBe(false);
    expect(notes.lines).toEqual([]);
    outbox.publish();
    intake.read(10);
    expect(notes.lines).toEqual(['call 0.0 1 ']);
  });

  it('refuse what exceeds the bound and put a gap where it would stand', () => {
    const { outbox, intake, notes } = ends(2 * SEGMENT_BYTES);
    for (let turn = 0; turn < 30; turn++) {
      outbox.call(0, 0, 9, turn, -1, 0, 1, 2, '', bytes(100_000));
      outbox.stack('at f');
    }
    const { dropped } = outbox;
    expect(dropped).toBe(10);
    outbox.flush(30);
    intake.read(1000);
    outbox.call(0, 0, 9, 30, -1, 0, 1, 2, '', bytes(1));
    outbox.flush(31);
    intake.read(1000);
    expect(outbox.dropped).toBe(dropped);
    expect(notes.lines.slice(-6)).toEqual([
      'call 19.0 100000 ',
      'stack at f',
      'gap 20 10',
      'watermark 30',
      'call 30.0 1 ',
      'watermark 31',
    ]);
  });

  it('end the log for good with the first entry that is not kept', () => {
    const { outbox, intake, notes } = ends(SEGMENT_BYTES);
    expect(outbox.logEntry(bytes(1_000_000))).toBe(true);
    expect(outbox.logEntry(bytes(100_000))).toBe(false);
    expect(outbox.logEntry(bytes(1))).toBe(false);
    outbox.stopped(Reason.gap, null, 'x');
    outbox.publish();
    intake.read(10);
    expect(notes.lines.slice(0, 2)).toEqual(['entry 1000000 7', 'log lost']);
    expect(notes.lines[2]).toContain('"code":"gap"');
    expect(outbox.dropped).toBe(2);
  });

  it('keep an item as large as the whole bound and refuse one byte more', () => {
    const fits = 2 * SEGMENT_BYTES - 16 - 12;
    expect(ends(2 * SEGMENT_BYTES).outbox.logEntry(bytes(fits))).toBe(true);
    expect(ends(2 * SEGMENT_BYTES).outbox.logEntry(bytes(fits + 4))).toBe(false);
  });
});
