/** `lockstep up`: collector and dashboard in one process, until someone interrupts it. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureToken } from '../client/token-file.ts';
import { openServiceCollector } from '../collector/local-collector.ts';
import { readEnvironment } from '../environment.ts';
import { CliError, detailOf } from '../errors.ts';
import { wholeNumber } from './run-options.ts';

/** The options as commander hands them over. */
export interface UpOptions {
  readonly port: string;
  readonly host: string;
  readonly store?: string;
  readonly data?: string;
  /** Gibibytes of disk for one run. */
  readonly spool: string;
}

const HIGHEST_PORT = 65_535;

/** Most disk that one run may be given, gibibytes. */
const MAX_SPOOL_GIB = 4096;

const BYTES_PER_GIB: number = 1024 * 1024 * 1024;

/** Starts collector and dashboard; resolves when they have stopped. */
export async function up(options: UpOptions): Promise<void> {
  const environment = readEnvironment(process.env);
  const port = wholeNumber('--port', options.port, { least: 0, most: HIGHEST_PORT });
  const spool = wholeNumber('--spool', options.spool, { least: 1, most: MAX_SPOOL_GIB });
  const store = options.store ?? join(environment.dataFolder, 'store');
  const data = resolve(options.data ?? defaultData(store, environment.dataFolder));
  prepareFolder(data, '--data');
  const token = ensureToken(environment.tokenFile);
  const stopped = untilInterrupted();
  const collector = await openServiceCollector({
    ...{ port, host: options.host, store, data, token },
    spoolBytes: spool * BYTES_PER_GIB,
  }).catch((error: unknown) => {
    throw listeningError(error, options);
  });
  process.stdout.write(
    [
      `lockstep: dashboard and collector on ${collector.url}`,
      `lockstep: alerts and incidents are kept in ${withoutPassword(store)}`,
      `lockstep: put a service under it with: lockstep run --service NAME -- node server.js`,
      '',
    ].join('\n'),
  );
  await stopped;
  process.stdout.write('lockstep: stopping\n');
  await collector.close();
}

/** The spool is kept inside a store's folder; a database's is kept in the state folder. */
function defaultData(store: string, dataFolder: string): string {
  return /^\w[\w+.-]*:/.test(store) ? dataFolder : store;
}

/** Makes a folder ready to be used. */
function prepareFolder(folder: string, option: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CliError('CLI_FOLDER_UNUSABLE', {
      folder,
      option,
      detail: detailOf(error),
      cause: error,
    });
  }
}

/** Listening fails in a few well-known ways; all else has its own sentence already. */
function listeningError(error: unknown, { port, host }: UpOptions): unknown {
  switch (detailOf(error)) {
    case 'EADDRINUSE':
      return new CliError('CLI_PORT_TAKEN', { port, host, cause: error });
    case 'EACCES':
      return new CliError('CLI_PORT_FORBIDDEN', { port, cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CliError('CLI_HOST_UNKNOWN', { host, cause: error });
    default:
      return error;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process as usual. */
function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

/** A store's URL as it may be printed. */
export function withoutPassword(store: string): string {
  return store.replace(/^(\w[\w+.-]*:\/\/[^:@/]*):[^@/]*@/, '$1:***@');
}
