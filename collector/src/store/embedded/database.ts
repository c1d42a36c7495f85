/**
 * One SQLite file, opened through libsql's synchronous interface: a transaction cannot be interleaved
 * with anything, and there is no queue in which writes could be lost. The price is that a commit
 * holds up the process for one disk flush (about a millisecond on a solid-state disk), which is why
 * the write buffer gathers writes first.
 *
 * WAL with synchronous=FULL: with NORMAL a power cut may take the last commits with it, and these
 * are evidence and an audit trail. The file is locked for this process alone: two collectors on one
 * folder would each believe their own picture.
 */
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { reasonOf, StoreAway, StoreError, storeError } from '../errors.ts';
import { FILE_LOCK_WAIT_MS } from '../limits.ts';
import { APPLICATION_ID, migrations } from './migrations.ts';

/** File of the store inside its folder. */
export const DATABASE_FILE = 'lockstep.db';

/** It holds evidence: nobody else on the machine reads it. SQLite's side files take the same mode. */
const OWNER_ONLY = 0o600;

/** What stands for a store in memory, which goes with its process. */
export const MEMORY_TARGET = 'memory:';

/** A value that SQLite keeps. */
export type SqlValue = string | number | null;

/** The part of a database that the store uses. */
export class EmbeddedDatabase {
  readonly #connection: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
  }

  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#statement(sql).run(values).changes;
  }

  /** All rows; the caller, who wrote the statement, says what they hold. */
  rows<R extends object>(sql: string, values: readonly SqlValue[] = []): readonly R[] {
    return this.#statement(sql).all(values) as R[];
  }

  row<R extends object>(sql: string, values: readonly SqlValue[] = []): R | undefined {
    return this.rows<R>(sql, values)[0];
  }

  /** Does all of `work` or nothing. */
  transaction<T>(work: () => T): T {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#connection.exec('COMMIT');
      return result;
    } catch (cause) {
      // a full disk may have ended the transaction already
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw cause;
    }
  }

  /**
   * Lets go of the file at once: libsql closes it only when its statements are collected, and a
   * connection in WAL mode holds its lock until then. It also leaves one file, fit to be copied.
   */
  close(): void {
    try {
      this.rows('PRAGMA locking_mode = NORMAL');
      this.rows('PRAGMA journal_mode = DELETE');
      this.rows('SELECT count(*) FROM sqlite_schema');
    } finally {
      this.#statements.clear();
      this.#connection.close();
    }
  }

  /** Statements come from a fixed set of lists and writes, so keeping them all is bounded. */
  #statement(sql: string): Sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

interface Header {
  readonly user_version: number;
  readonly application_id: number;
  readonly tables: number;
}

const HEADER = `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) AS tables
  FROM pragma_user_version, pragma_application_id`;

/** Opens (and creates) the database in folder `target`, or one in memory, and migrates it. */
export function openDatabase(
  target: string,
  steps: readonly string[] = migrations,
): EmbeddedDatabase {
  const inMemory = target === MEMORY_TARGET;
  const path = inMemory ? ':memory:' : join(prepareFolder(target), DATABASE_FILE);
  let database: EmbeddedDatabase | undefined;
  try {
    if (!inMemory) closeSync(openSync(path, 'a', OWNER_ONLY));
    const connection = new Sqlite(path, { timeout: FILE_LOCK_WAIT_MS });
    database = new EmbeddedDatabase(connection);
    takeFile(database);
    migrate(database, connection, { path, steps });
    return database;
  } catch (cause) {
    closeAfterFailure(database);
    throw openingError(cause, path);
  }
}

/** Runs `work`; what may pass by itself (locked, full or failing disk) becomes `StoreAway`. */
export function guarded<T>(target: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isPassing(cause)) throw new StoreAway(target, { cause });
    throw cause;
  }
}

function prepareFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (cause) {
    throw storeError('STORE_FOLDER_UNUSABLE', { path, reason: reasonOf(cause) }, cause);
  }
}

/** In this order: a lock that is taken before WAL begins could not be given back. */
function takeFile(database: EmbeddedDatabase): void {
  database.rows('PRAGMA journal_mode = WAL');
  database.rows('SELECT count(*) FROM sqlite_schema');
  database.rows('PRAGMA locking_mode = EXCLUSIVE');
  database.rows('PRAGMA synchronous = FULL');
}

function closeAfterFailure(database: EmbeddedDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // why it could not be opened is what matters, not that it cannot be closed either
  }
}

interface Migration {
  readonly path: string;
  readonly steps: readonly string[];
}

function migrate(
  database: EmbeddedDatabase,
  connection: Sqlite.Database,
  { path, steps }: Migration,
): void {
  database.transaction(() => {
    const header = database.row<Header>(HEADER);
    const found = header?.user_version ?? 0;
    if ((header?.tables ?? 0) > 0 && header?.application_id !== APPLICATION_ID) {
      throw new StoreError('STORE_NOT_A_DATABASE', { path, reason: 'another program made it' });
    }
    if (found > steps.length) {
      throw new StoreError('STORE_SCHEMA_NEWER', { target: path, found, known: steps.length });
    }
    for (const step of steps.slice(found)) connection.exec(step);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

function openingError(cause: unknown, path: string): Error {
  if (cause instanceof StoreError) return cause;
  const reason = reasonOf(cause);
  const code = sqliteCode(cause);
  if (code.startsWith('SQLITE_BUSY')) return storeError('STORE_FOLDER_TAKEN', { path }, cause);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return storeError('STORE_NOT_A_DATABASE', { path, reason }, cause);
  }
  return storeError('STORE_FOLDER_UNUSABLE', { path, reason }, cause);
}

const PASSING_CODES = ['BUSY', 'LOCKED', 'FULL', 'IOERR', 'READONLY', 'CANTOPEN', 'NOMEM'];

function isPassing(cause: unknown): boolean {
  const code = sqliteCode(cause);
  if (PASSING_CODES.some((name) => code.startsWith(`SQLITE_${name}`))) return true;
  return cause instanceof TypeError && /not open/.test(cause.message);
}

function sqliteCode(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
