/**
 * The connection to the live feed, as an explicit machine:
 *
 *   connecting -> live      a snapshot came
 *   any -> waiting          closed, failed, unreadable, silent for too long, or a hole in the
 *                           sequence, after which only a new snapshot is true
 *   waiting -> connecting   the delay passed, or somebody asked
 *   any -> stopped
 *
 * It knows nothing of React or of the cache; it hands frames on in order, and its health.
 */
import type { LiveFrame } from '@lockstep/protocol';
import type { Clock, TimerHandle } from '../clock.ts';
import { FEED_SILENCE_MS } from '../limits.ts';
import type { FeedHealth } from '../model/stale-notice.ts';
import { reconnectDelay } from './backoff.ts';
import { frameOrder, readFrame } from './feed-frames.ts';

/** What a socket tells the feed. */
export interface FeedSocketEvents {
  readonly onMessage: (data: unknown) => void;
  /** Closed or failed; may come more than once. */
  readonly onClose: () => void;
}

/** What the feed does with a socket. After `close` no event may come. */
export interface FeedSocket {
  readonly close: () => void;
}

/** What a feed needs. */
export interface LiveFeedOptions {
  readonly clock: Clock;
  readonly openSocket: (events: FeedSocketEvents) => FeedSocket;
  readonly onFrame: (frame: LiveFrame) => void;
}

/** One live feed with its reconnects. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #listeners = new Set<() => void>();
  #socket: FeedSocket | null = null;
  #timer: TimerHandle | null = null;
  #sequence: number | null = null;
  #attempt = 0;
  #health: FeedHealth;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    const startedAtMs = options.clock.now();
    this.#health = { phase: 'stopped', startedAtMs, lastFrameAtMs: null, retryAtMs: null };
  }

  /** Current health; a new object after every change of phase and every frame. */
  get health(): FeedHealth {
    return this.#health;
  }

  /** Calls `listener` after every change of health; returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects now: the first time, or instead of waiting longer. Does nothing while connected. */
  connect(): void {
    if (this.#health.phase === 'connecting' || this.#health.phase === 'live') return;
    this.#connect();
  }

  /** Ends the feed; `connect` may begin it again. */
  stop(): void {
    this.#drop();
    this.#change({ phase: 'stopped', retryAtMs: null });
  }

  #connect(): void {
    this.#drop();
    this.#sequence = null;
    this.#change({ phase: 'connecting', retryAtMs: null });
    this.#socket = this.#options.openSocket({
      onMessage: (data) => this.#receive(data),
      onClose: () => this.#wait(),
    });
    this.#watchSilence();
  }

  #receive(data: unknown): void {
    let frame: LiveFrame;
    try {
      frame = readFrame(data);
    } catch {
      // Not read means not shown: the banner tells that nothing current is known, and a new
      // connection may reach a collector that speaks this version.
      this.#wait();
      return;
    }
    const order = frameOrder(this.#sequence, frame);
    if (order === 'hole') {
      this.#wait();
      return;
    }
    this.#watchSilence();
    this.#attempt = 0;
    this.#change({ phase: 'live', lastFrameAtMs: this.#options.clock.now(), retryAtMs: null });
    if (order === 'repeated') return;
    this.#sequence = frame.sequence;
    this.#options.onFrame(frame);
  }

  #wait(): void {
    this.#drop();
    const { clock } = this.#options;
    const delayMs = reconnectDelay(this.#attempt, clock.random());
    this.#attempt += 1;
    this.#timer = clock.startTimer(() => this.#connect(), delayMs);
    this.#change({ phase: 'waiting', retryAtMs: clock.now() + delayMs });
  }

  #watchSilence(): void {
    const { clock } = this.#options;
    if (this.#timer !== null) clock.stopTimer(this.#timer);
    this.#timer = clock.startTimer(() => this.#wait(), FEED_SILENCE_MS);
  }

  #drop(): void {
    if (this.#timer !== null) this.#options.clock.stopTimer(this.#timer);
    this.#timer = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #change(change: Partial<FeedHealth>): void {
    this.#health = { ...this.#health, ...change };
    for (const listener of this.#listeners) listener();
  }
}
