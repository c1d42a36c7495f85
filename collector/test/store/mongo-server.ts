/**
 * A real mongod for tests: the one that `MONGODB_URI` names, or one of our own from a binary that is
 * there (`LOCKSTEP_MONGOD`, the path, the neighbouring shared folder) or that the library downloads.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoMemoryServer } from 'mongodb-memory-server-core';

/** A server that tests may use; `own` is absent when it is somebody else's. */
export interface TestServer {
  readonly uri: string;
  readonly own?: MongoMemoryServer;
  stop(): Promise<void>;
}

/** What a server of our own keeps over a restart. */
export interface ServerPlace {
  readonly port: number;
  readonly dbPath: string;
}

const sharedBinary = fileURLToPath(new URL('../../../../shared/bin/mongod', import.meta.url));

/** Starts or finds a server; null, with one printed line, when none can be had. */
export async function startMongo(place?: ServerPlace): Promise<TestServer | null> {
  const { MONGODB_URI: given } = process.env;
  if (given !== undefined && given !== '' && place === undefined) {
    return { uri: given, stop: async () => undefined };
  }
  try {
    const own = await MongoMemoryServer.create({
      binary: binaryOptions(),
      instance: { storageEngine: 'wiredTiger', ip: '127.0.0.1', ...place },
    });
    return { uri: own.getUri(), own, stop: async () => void (await own.stop()) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    process.stdout.write(`MongoDB tests are skipped: no mongod can be had (${reason})\n`);
    return null;
  }
}

/** A URL for a database of its own on the server. */
export function databaseUrl(uri: string, name: string): string {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  return url.toString();
}

function binaryOptions(): { systemBinary?: string; version?: string } {
  const found = candidates().find((path) => existsSync(path));
  if (found === undefined) return {};
  const version = /v(\d+\.\d+\.\d+)/.exec(execFileSync(found, ['--version']).toString())?.[1];
  return version === undefined ? { systemBinary: found } : { systemBinary: found, version };
}

function candidates(): string[] {
  const { LOCKSTEP_MONGOD: named, PATH: path } = process.env;
  const inPath = (path ?? '').split(delimiter).map((folder) => join(folder, 'mongod'));
  return [...(named === undefined ? [] : [named]), ...inPath, sharedBinary];
}
