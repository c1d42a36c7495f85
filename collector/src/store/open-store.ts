/** Chooses the store by what the user typed after `--store`. */
import type { Store } from '../ports.ts';
import { MEMORY_TARGET } from './embedded/database.ts';
import { EmbeddedStore } from './embedded/embedded-store.ts';
import { printableTarget, StoreError } from './errors.ts';

/** Options of a store. */
export interface StoreOptions {
  /** Days that ended runs and resolved incidents are kept; default 30. */
  readonly retentionDays?: number;
}

/**
 * The store behind `target`: a folder (made when absent), `memory:` (goes with the process), or a
 * MongoDB URL. Nothing is opened before `open()`. Throws `STORE_TARGET_UNKNOWN` and, for a URL that
 * cannot be read, `STORE_URL_INVALID`.
 *
 * @example
 * const store = openStore('.lockstep/store');
 * await store.open();
 */
export function openStore(target: string, _options: StoreOptions = {}): Store {
  if (target === MEMORY_TARGET) return new EmbeddedStore(target);
  if (target.trim() === '' || /^[a-z][a-z0-9+.-]+:\/\//i.test(target)) {
    throw new StoreError('STORE_TARGET_UNKNOWN', { target: printableTarget(target) });
  }
  return new EmbeddedStore(target);
}
