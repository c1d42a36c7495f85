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
}

const HIGHEST_PORT = 65_535;

/** Starts collector and dashboard; resolves when they have stopped. */
export async function up(options: UpOptions): Promise<void> {
  const environment = readEnvironment(process.env);
  const port = wholeNumber('--port', options.port, { least: 0, most: HIGHEST_PORT });
  const store = options.store ?? join(environment.dataFolder, 'store');
  const isFolder = checkStore(store);
  const data = resolve(
    options.data ?? (isFolder ? join(store, '..', 'spool') : environment.dataFolder),
  );
  prepareFolder(data, '--data');
  const token = ensureToken(environment.tokenFile);
  const stopped = untilInterrupted();
  const collector = await openServiceCollector({ port, host: options.host, store, data, token });
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

/** Whether the store is a folder, made ready to be used; any other form must be MongoDB's. */
function checkStore(store: string): boolean {
  if (/^mongodb(\+srv)?:\/\/./.test(store)) return false;
  if (store === '' || /^[\w+.-]+:\/\//.test(store)) throw new CliError('CLI_STORE_URL', { store });
  prepareFolder(resolve(store), '--store');
  return true;
}

function prepareFolder(folder: string, option: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const values = { folder, option, detail: detailOf(error) };
    throw new CliError('CLI_FOLDER_UNUSABLE', { ...values, cause: error });
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
