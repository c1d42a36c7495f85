/** Writes what only the world can tell, and what differs in every process. Twin: told-world.cjs. */
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { memoryUsage, pid, ppid, uptime } from 'node:process';

const facts = {
  kernelUuid: (await readFile('/proc/sys/kernel/random/uuid', 'utf8')).trim(),
  time: new Date().toISOString(),
  pid,
  parent: ppid,
  host: hostname(),
  uptime: uptime(),
  memory: memoryUsage().rss,
};
await writeFile('told.json', JSON.stringify(facts));
console.log(JSON.stringify(facts));
