/**
 * The connection to a MongoDB server: how long to wait for it, what counts as written (a majority of
 * servers has it in its journal), and which of the driver's many errors mean that it is away.
 */
import {
  MongoAPIError,
  MongoClient,
  type MongoClientOptions,
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
  MongoSystemError,
  MongoWriteConcernError,
} from 'mongodb';
import { printableTarget, reasonOf, StoreAway, StoreError, storeError } from '../errors.ts';
import { OPERATION_TIMEOUT_MS, SERVER_LOOK_MS, SERVER_SELECTION_MS } from '../limits.ts';

/** Database when the URL names none. */
const DEFAULT_DATABASE = 'lockstep';

const clientOptions: MongoClientOptions = {
  appName: 'lockstep-collector',
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
  serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  connectTimeoutMS: SERVER_SELECTION_MS,
  heartbeatFrequencyMS: SERVER_LOOK_MS,
  waitQueueTimeoutMS: OPERATION_TIMEOUT_MS,
  ignoreUndefined: true,
};

/**
 * Connects. `longestMs` is what one answer may take. Throws `STORE_URL_INVALID`, `STORE_UNREACHABLE`
 * or `STORE_REFUSED`.
 */
export async function connect(
  url: string,
  longestMs: number = OPERATION_TIMEOUT_MS,
): Promise<MongoClient> {
  const target = printableTarget(url);
  const client = makeClient(url, target, longestMs);
  try {
    await client.connect();
    await client.db().command({ ping: 1 });
    return client;
  } catch (cause) {
    await client.close();
    throw openingError(cause, target);
  }
}

/** What a failure while opening means to the person who typed the URL. */
export function openingError(cause: unknown, target: string): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = isRefusal(cause) ? 'STORE_REFUSED' : 'STORE_UNREACHABLE';
  return storeError(code, { target, reason: reasonOf(cause) }, cause);
}

/** Name of the database in a URL, or the default. */
export function databaseName(url: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/i.exec(url)?.[1];
  return path === undefined ? DEFAULT_DATABASE : decodeURIComponent(path);
}

/** Runs `work`; a server that cannot be reached or cannot write now becomes `StoreAway`. */
export async function guarded<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isAway(cause)) throw new StoreAway(target, { cause });
    throw cause;
  }
}

/** True when the failure is a key that is taken. */
export function isDuplicate(cause: unknown): boolean {
  return cause instanceof MongoServerError && cause.code === DUPLICATE_KEY;
}

function makeClient(url: string, target: string, socketTimeoutMS: number): MongoClient {
  try {
    return new MongoClient(url, { ...clientOptions, socketTimeoutMS });
  } catch (cause) {
    throw storeError('STORE_URL_INVALID', { target, reason: reasonOf(cause) }, cause);
  }
}

const DUPLICATE_KEY = 11_000;

/** Server codes: Unauthorized, AuthenticationFailed, and the one that Atlas sends for both. */
const REFUSALS: readonly unknown[] = [13, 18, 8000];

/**
 * Server codes of a server that steps down, shuts down, recovers, has no quorum, no disk or no time:
 * HostUnreachable, HostNotFound, MaxTimeMSExpired, WriteConcernFailed, NetworkTimeout,
 * ShutdownInProgress, FailedToSatisfyReadPreference, PrimarySteppedDown, ExceededTimeLimit,
 * SocketException, NotWritablePrimary, InterruptedAtShutdown, Interrupted...,
 * NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, OutOfDiskSpace.
 */
const PASSING: readonly unknown[] = [
  6, 7, 50, 64, 89, 91, 133, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031,
];

function isAway(cause: unknown): boolean {
  if (!(cause instanceof MongoError)) return false;
  if (cause instanceof MongoNetworkError || cause instanceof MongoServerSelectionError) return true;
  if (cause instanceof MongoOperationTimeoutError || cause instanceof MongoSystemError) return true;
  if (cause instanceof MongoWriteConcernError || PASSING.includes(cause.code)) return true;
  if (cause.hasErrorLabel('RetryableWriteError')) return true;
  // the driver's own state (closed, not connected, pool cleared), but not misuse of its interface
  return cause instanceof MongoAPIError && !(cause instanceof MongoParseError) && isState(cause);
}

function isState(cause: MongoAPIError): boolean {
  return /NotConnected|Closed|Expired|PoolCleared/.test(cause.name);
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof MongoServerError && REFUSALS.includes(cause.code);
}
