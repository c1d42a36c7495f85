/** `lockstep up` in a process of its own, as a user has it, and what its HTTP API says of runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bin, freePort, until } from './processes.mjs';

/** Starts one on a free port, its data in the workspace. */
export async function startCollector(workspace) {
  const port = await freePort();
  const store = join(workspace.folder, 'store');
  const child = workspace.start([bin, 'up', '--port', String(port), '--store', store]);
  const collector = new Collector(
    child.pid,
    port,
    store,
    workspace.environment.LOCKSTEP_TOKEN_FILE,
  );
  await until('the collector is ready', () => collector.ready());
  return collector;
}

class Collector {
  constructor(pid, port, store, tokenFile) {
    this.pid = pid;
    this.httpUrl = `http://127.0.0.1:${port}`;
    this.socketUrl = `ws://127.0.0.1:${port}`;
    this.tokenFile = tokenFile;
    this.spool = join(store, 'spool');
  }

  get token() {
    return readFileSync(this.tokenFile, 'utf8').trim();
  }

  ready() {
    return fetch(`${this.httpUrl}/readyz`).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
  }

  /** The replicas of a service's run as they are now. */
  async replicas(service) {
    const response = await fetch(`${this.httpUrl}/api/replicas?service=${service}`);
    const { items } = await response.json();
    return items;
  }

  /** How many alerts there are of a service. */
  async alerts(service) {
    const response = await fetch(`${this.httpUrl}/api/alerts?service=${service}&limit=1`);
    const { total } = await response.json();
    return { alerts: total };
  }

  /** Bytes spooled of a run: its log, and the records of all replicas. */
  spooledBytes(runId) {
    const folder = join(this.spool, runId);
    const sizes = { log: 0, records: 0 };
    for (const name of readdirSync(folder)) {
      const kind = name.split('.')[0];
      if (kind in sizes) sizes[kind] += statSync(join(folder, name)).size;
    }
    return sizes;
  }
}
