/**
 * Collects new alerts for a moment and hands one sentence to the page's polite live region. Alerts
 * that were raised before the feed's snapshot are history, not news.
 */
import type { AlertView, LiveFrame } from '@lockstep/protocol';
import type { Clock, TimerHandle } from '../clock.ts';
import { REFETCH_GATHER_MS } from '../limits.ts';
import { AnnouncedAlerts, announcementOf } from '../model/announcement.ts';

/** The sentence to announce, as a store that a component can follow. */
export class Announcer {
  readonly #clock: Clock;
  readonly #announced = new AnnouncedAlerts();
  readonly #listeners = new Set<() => void>();
  #pending: AlertView[] = [];
  #timer: TimerHandle | null = null;
  #sentence = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Last sentence, empty before the first. */
  get sentence(): string {
    return this.#sentence;
  }

  /** Calls `listener` after every new sentence; returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a frame; only patches bring news. */
  take(frame: LiveFrame): void {
    if (frame.type !== 'patch' || frame.alerts === undefined) return;
    this.#pending.push(...this.#announced.takeNew(frame.alerts));
    if (this.#pending.length === 0) return;
    this.#timer ??= this.#clock.startTimer(() => this.#speak(), REFETCH_GATHER_MS);
  }

  #speak(): void {
    this.#timer = null;
    this.#sentence = announcementOf(this.#pending) ?? '';
    this.#pending = [];
    for (const listener of this.#listeners) listener();
  }
}
