/** A real mongod on the loopback address, in a folder of the benchmark. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, root, until } from './processes.mjs';

/** Where one may lie: named, on the path, or beside the checkout. */
function findMongod() {
  const { LOCKSTEP_MONGOD: named, PATH = '' } = process.env;
  const folders = [...PATH.split(delimiter), join(root, '../shared/bin')];
  const places = [named, ...folders.map((folder) => join(folder, 'mongod'))];
  return places.find((place) => place && existsSync(place)) ?? null;
}

/** Its address and how to end it; null, with a printed line, where there is none. */
export async function startMongo(workspace) {
  const binary = findMongod();
  if (binary === null) {
    process.stderr.write(
      'no mongod is here (LOCKSTEP_MONGOD names one): the database is left out\n',
    );
    return null;
  }
  const port = await freePort();
  const folder = join(workspace.folder, 'mongod');
  mkdirSync(folder, { recursive: true });
  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let isReady = false;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    isReady ||= text.includes('Waiting for connections');
  });
  await until('mongod is ready', () => isReady);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { url: `mongodb://127.0.0.1:${port}/?directConnection=true`, stop };
}
