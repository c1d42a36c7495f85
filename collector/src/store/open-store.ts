/** Chooses the store by what the user typed after `--store`. */
import type { Store } from '../ports.ts';
import { MEMORY_TARGET } from './embedded/database.ts';
import { EmbeddedStore } from './embedded/embedded-store.ts';
import { printableTarget, StoreError } from './errors.ts';
import { DEFAULT_RETENTION_DAYS } from './limits.ts';
import { MongodbStore } from './mongodb/mongodb-store.ts';

const MS_PER_DAY = 86_400_000;

/** Options of a store. */
export interface StoreOptions {
  /**
   * Days that a MongoDB server keeps ended runs and resolved incidents; default 30. The embedded store
   * removes nothing by itself: see `startRetention`.
   */
  readonly retentionDays?: number;
}

/**
 * The store behind `target`: a folder (made when absent), `memory:` (goes with the process), or a
 * MongoDB URL. Nothing is opened before `open()`, which throws one clear `StoreError`. Throws
 * `STORE_TARGET_UNKNOWN`.
 *
 * @example
 * const store = openStore('.lockstep/store');
 * await store.open();
 */
export function openStore(target: string, options: StoreOptions = {}): Store {
  if (/^mongodb(\+srv)?:\/\//i.test(target)) {
    const days = options.retentionDays ?? DEFAULT_RETENTION_DAYS;
    return new MongodbStore(target, days * MS_PER_DAY);
  }
  if (target === MEMORY_TARGET) return new EmbeddedStore(target);
  if (target.trim() === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(target)) {
    throw new StoreError('STORE_TARGET_UNKNOWN', { target: printableTarget(target) });
  }
  return new EmbeddedStore(target);
}
