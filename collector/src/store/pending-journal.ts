/**
 * Pending writes on disk, one JSON line each, so that a collector that ends while its store is away
 * loses none. The file exists only while something is pending. Later lines replace earlier ones with
 * the same identifier; a line that a crash tore is skipped, for its write was never called safe.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, storeError } from './errors.ts';
import type { PendingWrite } from './pending-writes.ts';

/** Lines beyond twice what is pending after which the file is written anew. */
const SPARE_LINES = 1000;

/** The journal file of one collector; only one operation runs at a time. */
export class PendingJournal {
  readonly #path: string;
  #lines = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** True while the file holds anything. */
  get used(): boolean {
    return this.#lines > 0;
  }

  /** Reads what an earlier collector left. Throws `STORE_JOURNAL_UNUSABLE`. */
  load(): readonly PendingWrite[] {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const lines = readFileSync(this.#path, 'utf8').split('\n');
      const writes = lines.flatMap(parseLine);
      this.#lines = lines.length;
      return writes;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      throw this.#error(cause);
    }
  }

  /** Puts `fresh` on disk; `all` is what is pending now, for when the file is written anew. */
  append(fresh: readonly PendingWrite[], all: readonly PendingWrite[]): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#lines + fresh.length > 2 * all.length + SPARE_LINES) return this.#rewrite(all);
      await writeLines(this.#path, 'a', fresh);
      this.#lines += fresh.length;
    });
  }

  /** Writes the file anew with `all` and nothing else. */
  replace(all: readonly PendingWrite[]): Promise<void> {
    return this.#enqueue(() => this.#rewrite(all));
  }

  /** Removes the file: nothing is pending any more. */
  clear(): Promise<void> {
    return this.#enqueue(async () => {
      await rm(this.#path, { force: true });
      this.#lines = 0;
    });
  }

  async #rewrite(all: readonly PendingWrite[]): Promise<void> {
    const fresh = `${this.#path}.new`;
    await writeLines(fresh, 'w', all);
    await rename(fresh, this.#path);
    this.#lines = all.length;
  }

  #enqueue(operation: () => Promise<void>): Promise<void> {
    const result = this.#last.then(operation).catch((cause: unknown) => {
      throw this.#error(cause);
    });
    // the caller hears of a failure; the next operation is tried all the same
    this.#last = result.catch(() => undefined);
    return result;
  }

  #error(cause: unknown): Error {
    return storeError(
      'STORE_JOURNAL_UNUSABLE',
      { path: this.#path, reason: reasonOf(cause) },
      cause,
    );
  }
}

async function writeLines(
  path: string,
  flags: 'a' | 'w',
  writes: readonly PendingWrite[],
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.appendFile(writes.map((write) => `${JSON.stringify(write)}\n`).join(''));
    await file.datasync();
  } finally {
    await file.close();
  }
}

function parseLine(line: string): PendingWrite[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as PendingWrite];
  } catch {
    return []; // torn by a crash before anybody was told that it is safe
  }
}
