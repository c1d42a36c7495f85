/** The live feed's machine, with a clock and sockets in the test's hands. */
import type { LiveFrame } from '@lockstep/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FEED_SILENCE_MS, RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from '../src/limits.ts';
import { reconnectDelay } from '../src/live/backoff.ts';
import { frameOrder, readFrame } from '../src/live/feed-frames.ts';
import { type FeedSocketEvents, LiveFeed } from '../src/live/live-feed.ts';
import { FakeClock } from './support/fake-clock.ts';

interface OpenedSocket {
  readonly events: FeedSocketEvents;
  closed: boolean;
}

const at = '2026-07-29T10:00:00.000Z';
const snapshot = (sequence: number): string =>
  JSON.stringify({ type: 'snapshot', sequence, at, services: [], incidents: [] });
const patch = (sequence: number): string => JSON.stringify({ type: 'patch', sequence, at });
const heartbeat = (sequence: number): string => JSON.stringify({ type: 'heartbeat', sequence, at });

let clock: FakeClock;
let sockets: OpenedSocket[];
let frames: LiveFrame[];
let feed: LiveFeed;

function socket(): OpenedSocket {
  const last = sockets.at(-1);
  if (last === undefined) throw new Error('no socket was opened');
  return last;
}

function receive(...messages: readonly string[]): void {
  for (const message of messages) socket().events.onMessage(message);
}

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  frames = [];
  feed = new LiveFeed({
    clock,
    openSocket: (events) => {
      const opened: OpenedSocket = { events, closed: false };
      sockets.push(opened);
      return {
        close: () => {
          opened.closed = true;
        },
      };
    },
    onFrame: (frame) => frames.push(frame),
  });
  feed.connect();
});

describe('LiveFeed', () => {
  it('is live once the snapshot came, and hands frames on in order', () => {
    expect(feed.health.phase).toBe('connecting');
    receive(snapshot(4), patch(5), heartbeat(5), patch(6));
    expect(feed.health.phase).toBe('live');
    expect(frames.map(({ sequence }) => sequence)).toEqual([4, 5, 5, 6]);
  });

  it('asks for a new snapshot when a patch was lost', () => {
    receive(snapshot(4), patch(6));
    expect(frames).toHaveLength(1);
    expect(socket().closed).toBe(true);
    clock.advance(RECONNECT_FIRST_MS);
    expect(sockets).toHaveLength(2);
    receive(snapshot(6));
    expect(feed.health.phase).toBe('live');
  });

  it('notices by a heartbeat that the last patch was lost', () => {
    receive(snapshot(4), heartbeat(5));
    expect(feed.health.phase).toBe('waiting');
  });

  it('ignores a patch that it has already had', () => {
    receive(snapshot(4), patch(5), patch(5));
    expect(frames).toHaveLength(2);
    expect(feed.health.phase).toBe('live');
  });

  it('waits and reconnects after a close, ever longer until it is heard again', () => {
    receive(snapshot(1));
    const opened: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      socket().events.onClose();
      const startMs = clock.now();
      const before = sockets.length;
      while (sockets.length === before) clock.advance(50);
      opened.push(clock.now() - startMs);
    }
    expect(opened).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000, 3_000]);
    receive(snapshot(9));
    socket().events.onClose();
    clock.advance(RECONNECT_FIRST_MS);
    expect(feed.health.phase).toBe('connecting');
  });

  it('gives up a connection that is silent for the limit, not one that is silent for less', () => {
    receive(snapshot(1));
    clock.advance(FEED_SILENCE_MS - 1);
    expect(feed.health.phase).toBe('live');
    receive(heartbeat(1));
    clock.advance(FEED_SILENCE_MS - 1);
    expect(feed.health.phase).toBe('live');
    clock.advance(1);
    expect(feed.health.phase).toBe('waiting');
    expect(socket().closed).toBe(true);
  });

  it('gives up a connection that never answers', () => {
    clock.advance(FEED_SILENCE_MS);
    expect(feed.health).toMatchObject({ phase: 'waiting', lastFrameAtMs: null });
  });

  it('keeps the time of the last frame while it waits', () => {
    receive(snapshot(1));
    const heardMs = clock.now();
    clock.advance(300);
    socket().events.onClose();
    expect(feed.health).toMatchObject({ phase: 'waiting', lastFrameAtMs: heardMs });
  });

  it('connects at once when asked to, instead of waiting', () => {
    socket().events.onClose();
    feed.connect();
    expect(sockets).toHaveLength(2);
    feed.connect();
    expect(sockets).toHaveLength(2);
  });

  it.each(['not json', '{"type":"other","sequence":1}', '[]', '{"type":"snapshot","sequence":1}'])(
    'drops a connection that sends %s',
    (message) => {
      receive(message);
      expect(frames).toHaveLength(0);
      expect(feed.health.phase).toBe('waiting');
    },
  );

  it('does nothing more after stop', () => {
    receive(snapshot(1));
    feed.stop();
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(feed.health.phase).toBe('stopped');
  });

  it('tells its listeners of every change until they leave', () => {
    let told = 0;
    const leave = feed.subscribe(() => {
      told += 1;
    });
    receive(snapshot(1), patch(2));
    expect(told).toBe(2);
    leave();
    receive(patch(3));
    expect(told).toBe(2);
  });
});

describe('reconnectDelay', () => {
  it('is spread by a fifth around its base and bounded', () => {
    expect(reconnectDelay(0, 0)).toBe(200);
    expect(reconnectDelay(0, 0.999)).toBe(300);
    expect(reconnectDelay(5_000, 0.5)).toBe(RECONNECT_LAST_MS);
  });
});

describe('frames', () => {
  it('are refused when they are binary', () => {
    expect(() => readFrame(new ArrayBuffer(2))).toThrow(/binary.*Reload/);
  });

  it('are a hole before the snapshot', () => {
    const frame = readFrame(heartbeat(3));
    expect(frameOrder(null, frame)).toBe('hole');
    expect(frameOrder(3, frame)).toBe('in-order');
    expect(frameOrder(4, frame)).toBe('repeated');
  });
});
