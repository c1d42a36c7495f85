import {
  ByteSink,
  beginDelivery,
  beginEnd,
  beginValue,
  encodeValue,
  endEntry,
  JOINED,
  NO_PARENT,
  Reason,
  writeFlush,
  writeNotFollowed,
} from '@lockstep/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodePlatform } from '../../src/core/platform.ts';
import { LogReader } from '../../src/follower/log-reader.ts';
import type { Inbox, InboxItem } from '../../src/transport/index.ts';

class ArrayInbox implements Inbox {
  readonly items: InboxItem[] = [];
  take(): InboxItem | null {
    return this.items.shift() ?? null;
  }
  wait(): void {}
  onArrival(): void {}
  ref(): void {}
  unref(): void {}
}

const platform = new NodePlatform();
let inbox: ArrayInbox;
let reader: LogReader;
let sink: ByteSink;

beforeEach(() => {
  inbox = new ArrayInbox();
  reader = new LogReader(inbox);
  sink = new ByteSink();
});

function delivery(flags = 0): void {
  endEntry(sink, writePayload(beginDelivery(sink, flags, 500, 1, 2, 0, NO_PARENT, 0)));
}

function value(): void {
  endEntry(sink, writePayload(beginValue(sink, 0, 550, 3, 4)));
}

function writePayload(at: number): number {
  encodeValue(sink, 'payload', platform);
  return at;
}

function arrive(): void {
  inbox.items.push({ type: 'entries', bytes: sink.bytes().slice(), count: 0, turnBase: 0 });
  sink.reset();
  reader.absorb();
}

describe('log reader', () => {
  it('does not let the entry turn run before it is closed', () => {
    value();
    arrive();
    expect(reader.ready()).toBe(false);
    writeFlush(sink);
    arrive();
    expect(reader.ready()).toBe(true);
    expect(reader.queue[0]?.values.count).toBe(1);
  });

  it('closes a turn with the next delivery', () => {
    delivery();
    arrive();
    expect(reader.queue.map((script) => script.closed)).toEqual([true, false]);
  });

  it('holds a group of joined deliveries until its last turn is closed', () => {
    writeFlush(sink);
    delivery();
    delivery(JOINED);
    arrive();
    reader.queue.shift();
    expect(reader.ready()).toBe(false);
    writeFlush(sink);
    arrive();
    expect(reader.ready()).toBe(true);
  });

  it('numbers turns by their position among the deliveries', () => {
    delivery();
    value();
    delivery();
    arrive();
    expect(reader.queue.map((script) => script.turn)).toEqual([0, 1, 2]);
  });

  it('keeps the first reason for the end of the log', () => {
    endEntry(sink, writePayload(beginEnd(sink)));
    arrive();
    inbox.items.push({ type: 'closed', clean: true });
    reader.absorb();
    expect(reader.end).toEqual({ type: 'exit' });
  });

  it('takes a cut log and an API that is not followed for ends', () => {
    writeNotFollowed(sink, 1121, 'why');
    arrive();
    expect(reader.end).toMatchObject({ type: 'not-followed', detail: 'why' });
  });

  it('ends where the log cannot be read', () => {
    inbox.items.push({
      type: 'entries',
      bytes: Uint8Array.of(1, 0, 0, 0, 99),
      count: 1,
      turnBase: 0,
    });
    reader.absorb();
    expect(reader.end).toMatchObject({ type: 'told', item: { code: Reason.logRefused } });
  });

  it('leaves frames in the inbox once ten thousand turns wait', () => {
    for (let i = 0; i < 9_998; i++) delivery();
    arrive();
    delivery();
    arrive();
    expect([reader.queue.length, inbox.items.length]).toEqual([10_000, 0]);
    delivery();
    arrive();
    expect([reader.queue.length, inbox.items.length]).toEqual([10_000, 1]);
  });

  it('is ended from outside even after the log has ended', () => {
    inbox.items.push({ type: 'closed', clean: false });
    inbox.items.push({ type: 'end', code: Reason.spoolFull, detail: 'full' });
    reader.absorb();
    expect(reader.end).toMatchObject({ type: 'told' });
  });
});
