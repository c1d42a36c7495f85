/**
 * Gathers what the feed wants to have fetched again. A burst of ten thousand patches is one refetch
 * of each list that is on the screen; a query that nobody looks at is only marked as old.
 */
import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { Clock, TimerHandle } from '../clock.ts';
import { REFETCH_GATHER_MS } from '../limits.ts';

/** A queue of query keys to invalidate together. */
export class RefetchQueue {
  readonly #client: QueryClient;
  readonly #clock: Clock;
  readonly #keys = new Map<string, QueryKey>();
  #timer: TimerHandle | null = null;

  constructor(client: QueryClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Asks for everything under this key to be fetched again, soon and once. */
  add(key: QueryKey): void {
    this.#keys.set(hashKey(key), key);
    this.#timer ??= this.#clock.startTimer(() => this.#flush(), REFETCH_GATHER_MS);
  }

  #flush(): void {
    this.#timer = null;
    const keys = [...this.#keys.values()];
    this.#keys.clear();
    for (const queryKey of keys) {
      // A failed refetch shows in its own query; it must not become an unhandled rejection here.
      this.#client.invalidateQueries({ queryKey }).catch(() => undefined);
    }
  }
}
