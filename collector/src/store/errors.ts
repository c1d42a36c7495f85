/**
 * What can go wrong with a store: one table, so that every sentence names the thing, the value and
 * the remedy, and so that the documentation can be proven equal to the code.
 */

/** One row of an error table. `{name}` in a message is filled with the value of that name. */
export interface ErrorRow {
  readonly message: string;
  readonly remedy: string;
  /** True when the same attempt may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

/** Codes of the errors that stores raise. */
export type StoreErrorCode =
  | 'STORE_TARGET_UNKNOWN'
  | 'STORE_FOLDER_UNUSABLE'
  | 'STORE_FOLDER_TAKEN'
  | 'STORE_NOT_A_DATABASE'
  | 'STORE_SCHEMA_NEWER'
  | 'STORE_URL_INVALID'
  | 'STORE_UNREACHABLE'
  | 'STORE_REFUSED'
  | 'STORE_AWAY'
  | 'STORE_CURSOR_INVALID'
  | 'STORE_JOURNAL_UNUSABLE';

/** Every error that a store raises. */
export const storeErrorTable: Readonly<Record<StoreErrorCode, ErrorRow>> = {
  STORE_TARGET_UNKNOWN: {
    message: 'The store "{target}" is of no known kind.',
    remedy: 'Give a folder, or a URL that starts with mongodb:// or mongodb+srv://.',
    retryable: false,
  },
  STORE_FOLDER_UNUSABLE: {
    message: 'The store folder "{path}" cannot be used ({reason}).',
    remedy: 'Give a folder that this user may create and write, with --store DIR.',
    retryable: false,
  },
  STORE_FOLDER_TAKEN: {
    message: 'The store file "{path}" is in use by another process.',
    remedy: 'Stop the other collector, or give this one a folder of its own with --store DIR.',
    retryable: true,
  },
  STORE_NOT_A_DATABASE: {
    message: 'The store file "{path}" is not a Lockstep database ({reason}).',
    remedy: 'Move the file away, or give another folder with --store DIR.',
    retryable: false,
  },
  STORE_SCHEMA_NEWER: {
    message: 'The store "{target}" has schema version {found}; this collector knows up to {known}.',
    remedy: 'Start the newer collector that wrote it, or give another store with --store.',
    retryable: false,
  },
  STORE_URL_INVALID: {
    message: 'The store URL "{target}" cannot be read ({reason}).',
    remedy: 'Write it as mongodb://[USER:PASSWORD@]HOST[:PORT]/[DATABASE].',
    retryable: false,
  },
  STORE_UNREACHABLE: {
    message: 'The MongoDB server at "{target}" does not answer ({reason}).',
    remedy: 'Check that it runs and that host, port and TLS settings in --store are right.',
    retryable: true,
  },
  STORE_REFUSED: {
    message: 'The MongoDB server at "{target}" refuses this collector ({reason}).',
    remedy: 'Check user, password and the role (readWrite on the database) in --store.',
    retryable: false,
  },
  STORE_AWAY: {
    message: 'The store "{target}" does not answer ({reason}).',
    remedy: 'Writes are kept and repeated until it is back; ask again then.',
    retryable: true,
  },
  STORE_CURSOR_INVALID: {
    message: 'The cursor "{cursor}" does not belong to this list and sort.',
    remedy: 'Leave `cursor` out to start at the first page.',
    retryable: false,
  },
  STORE_JOURNAL_UNUSABLE: {
    message: 'The journal of pending writes "{path}" cannot be used ({reason}).',
    remedy: 'Make its folder writable; what it holds is stored at the next start.',
    retryable: false,
  },
};

/** What fills the placeholders of a message. */
export type ErrorValues = Readonly<Record<string, string | number>>;

/** An error of the table, with its full sentence as message. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retryable: boolean;

  constructor(code: StoreErrorCode, values: ErrorValues, options?: ErrorOptions) {
    super(sentence(code, values), options);
    this.name = 'StoreError';
    this.code = code;
    this.retryable = storeErrorTable[code].retryable;
  }
}

/** An error of the table that another error led to. */
export function storeError(code: StoreErrorCode, values: ErrorValues, cause: unknown): StoreError {
  return new StoreError(code, values, { cause });
}

/** The store cannot be reached or cannot write now; the same call may succeed later. */
export class StoreAway extends StoreError {
  constructor(target: string, options: { readonly cause: unknown }) {
    super('STORE_AWAY', { target, reason: reasonOf(options.cause) }, options);
    this.name = 'StoreAway';
  }
}

/** The one-line reason behind anything that was thrown. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n', 1)[0]?.trim() || 'no reason given';
}

/** A store target without what it may hold of a password; safe to print. */
export function printableTarget(target: string): string {
  return target.replace(/^(mongodb(?:\+srv)?:\/\/)[^@/]*@/i, '$1***@');
}

function sentence(code: StoreErrorCode, values: ErrorValues): string {
  const row = storeErrorTable[code];
  const message = row.message.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
  return `${message} ${row.remedy}`;
}
