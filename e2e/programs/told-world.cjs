'use strict';
/** Writes what only the world can tell, and what differs in every process: what the leader was told is what all are told. */
const fs = require('node:fs');
const os = require('node:os');

const facts = {
  kernelUuid: fs.readFileSync('/proc/sys/kernel/random/uuid', 'utf8').trim(),
  time: Date.now(),
  pid: process.pid,
  parent: process.ppid,
  host: os.hostname(),
  uptime: process.uptime(),
  memory: process.memoryUsage().rss,
};
fs.writeFileSync('told.json', JSON.stringify(facts));
console.log(JSON.stringify(facts));
