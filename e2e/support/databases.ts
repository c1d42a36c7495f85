/**
 * Real database servers on the loopback address, each in a folder of the test and ended with it. The
 * binary comes from an environment variable, the PATH or, on Debian as root, a package that is installed
 * now; where none can be had `null` is the answer, and one line says so.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './wait.ts';
import type { Workspace } from './workspace.ts';

/** A server that answers at `url`. `ca`: file of the certificate it shows to who asks for TLS. */
export interface Database {
  readonly url: string;
  readonly ca?: string;
}

/** A certificate for `localhost` and its key. */
const keys: string = join(import.meta.dirname, '../races/programs/keys');

/** What installing a Debian package gets, milliseconds. */
const INSTALL_MS = 180_000;

/** A mongod lies beside some checkouts. */
const besideCheckout: string = join(import.meta.dirname, '../../../shared/bin');

export async function startMongo(workspace: Workspace): Promise<Database | null> {
  const given = process.env['MONGODB_URI'];
  if (given) return { url: given };
  const named = process.env['LOCKSTEP_MONGOD'];
  const binary = named ?? findBinary('mongod', [besideCheckout]);
  if (binary === null) return missing('mongod');
  const port = String(await freePort());
  const folder = workspace.newFolder('mongod');
  const args = ['--dbpath', folder, '--port', port, '--bind_ip', '127.0.0.1'];
  const server = workspace.processes.start(binary, args, { cwd: folder });
  await server.says('Waiting for connections');
  return { url: `mongodb://127.0.0.1:${port}/?directConnection=true` };
}

export async function startRedis(workspace: Workspace): Promise<Database | null> {
  const binary = findBinary('redis-server') ?? installed('redis-server', 'redis-server');
  if (binary === null) return missing('redis-server');
  const port = String(await freePort());
  const folder = workspace.newFolder('redis');
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', ''];
  const server = workspace.processes.start(binary, args, { cwd: folder });
  await server.says('Ready to accept connections');
  return { url: `redis://127.0.0.1:${port}` };
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
export async function startPostgres(workspace: Workspace): Promise<Database | null> {
  const initdb = findBinary('initdb', postgresFolders()) ?? installPostgres();
  if (initdb === null) return missing('postgres');
  const folder = workspace.newFolder('postgres');
  const data = join(folder, 'data');
  mkdirSync(data);
  // The user's way to the data leads through the test's own folder.
  chmodSync(workspace.folder, 0o755);
  const user = process.getuid?.() === 0 ? userId('postgres') : null;
  const ca = join(folder, 'server-cert.pem');
  const key = join(folder, 'server-key.pem');
  for (const file of [ca, key]) copyFileSync(join(keys, basename(file)), file);
  chmodSync(key, 0o600);
  if (user !== null) for (const path of [folder, data, ca, key]) chownSync(path, user, user);
  const as =
    user === null ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const [program = '', ...before] = [...as, initdb];
  const made = spawnSync(program, [...before, '-D', data, '-A', 'trust', '-U', 'postgres'], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = String(await freePort());
  const postgres = initdb.replace(/initdb$/, 'postgres');
  const settings = {
    listen_addresses: '127.0.0.1',
    ssl: 'on',
    ssl_cert_file: ca,
    ssl_key_file: key,
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const options = ['-D', data, '-p', port, '-k', folder, ...set];
  const [first = '', ...rest] = [...as, postgres, ...options];
  const server = workspace.processes.start(first, rest, { cwd: folder });
  await until('PostgreSQL answers', () => server.stderr.includes('ready to accept connections'));
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, ca };
}

function postgresFolders(): readonly string[] {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return [];
  return readdirSync(versions).map((version) => join(versions, version, 'bin'));
}

function installPostgres(): string | null {
  install('postgresql');
  return findBinary('initdb', postgresFolders());
}

function installed(name: string, debianPackage: string): string | null {
  install(debianPackage);
  return findBinary(name);
}

function install(debianPackage: string): void {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: INSTALL_MS } as const;
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', debianPackage], options);
}

function findBinary(name: string, folders: readonly string[] = []): string | null {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...folders, ...path].map((folder) => join(folder, name)).find(existsSync) ?? null;
}

function userId(name: string): number {
  return Number(spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout.trim());
}

function missing(name: string): null {
  console.warn(`skipped: no ${name} on this machine, and none could be installed`);
  return null;
}
