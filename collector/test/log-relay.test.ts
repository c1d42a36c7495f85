/** The relay by itself: a follower that takes nothing is sent a bounded amount. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CollectorFrame,
  FrameKind,
  frameHeaderBytes,
  readFrameHeader,
} from '@lockstep/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogRelay } from '../src/ingest/log-relay.ts';
import type { AgentLink } from '../src/runs/agent-link.ts';
import { LogSpool } from '../src/spool/log-spool.ts';

const FRAME_BYTES = 1000;
const TAIL_BYTES = 4000;
const LIMIT_BYTES = 10_000;

/** A socket that takes bytes only when it is told to. */
class StoppedLink implements AgentLink {
  readonly frames: CollectorFrame[] = [];
  readonly taken: number[] = [];
  readonly waiting: { readonly bytes: Uint8Array; readonly sent: () => void }[] = [];
  most = 0;

  send(frame: CollectorFrame): void {
    this.frames.push(frame);
  }
  sendBytes(bytes: Uint8Array, sent: () => void): void {
    this.waiting.push({ bytes, sent });
    this.most = Math.max(this.most, this.bufferedBytes());
  }
  bufferedBytes(): number {
    return this.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  takeOne(): boolean {
    const next = this.waiting.shift();
    if (next === undefined) return false;
    this.taken.push(readFrameHeader(next.bytes).first);
    next.sent();
    return true;
  }
  refuse(): void {}
  finish(): void {}
}

let directory: string;
let log: LogSpool;
let link: StoppedLink;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-'));
  log = new LogSpool(join(directory, 'log.bin'), TAIL_BYTES);
  link = new StoppedLink();
});

afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true });
});

function append(count: number): void {
  for (let i = 0; i < count; i++) {
    const header = {
      kind: FrameKind.log,
      flags: 0,
      stream: 0,
      first: log.next,
      count: 1,
      finishedTurns: log.next + 1,
      total: log.next + 1,
      turnBase: log.next,
    };
    const frame = Buffer.concat([frameHeaderBytes(header), Buffer.alloc(FRAME_BYTES)]);
    log.append(header, frame);
  }
}

test('a frame leaves in the tick in which it was appended', () => {
  const relay = new LogRelay(log, link, 0, LIMIT_BYTES);
  append(1);
  relay.pump();
  expect(link.waiting).toHaveLength(1);
});

test('a follower that takes nothing is sent little more than the limit, and later everything', () => {
  const relay = new LogRelay(log, link, 0, LIMIT_BYTES);
  for (let round = 0; round < 1000; round++) {
    append(1);
    relay.pump();
  }
  relay.close({ clean: true });
  expect(link.most).toBeLessThan(LIMIT_BYTES + 2 * FRAME_BYTES);
  expect(link.frames).toEqual([]);
  while (link.takeOne()) {
    // the next piece is sent when this one was taken
  }
  expect(link.taken).toEqual(Array.from({ length: 1000 }, (_, frame) => frame));
  expect(link.most).toBeLessThan(LIMIT_BYTES + 300 * FRAME_BYTES);
  expect(link.frames).toEqual([{ type: 'log-closed', stream: 0, frames: 1000, clean: true }]);
});

test('a follower that resumes is fed from where it stands', () => {
  append(500);
  const relay = new LogRelay(log, link, 495, LIMIT_BYTES);
  relay.pump();
  while (link.takeOne()) {
    // all of it
  }
  expect(link.taken).toEqual([495, 496, 497, 498, 499]);
});

test('a relay that was stopped sends nothing any more', () => {
  const relay = new LogRelay(log, link, 0, LIMIT_BYTES);
  relay.stop();
  append(5);
  relay.pump();
  expect(link.waiting).toEqual([]);
});
