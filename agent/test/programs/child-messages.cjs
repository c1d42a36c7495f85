// Pools of Node children that hand jobs to whoever is free, in both serializations; some go away early.
'use strict';
const { fork } = require('node:child_process');
const fs = require('node:fs');

function inChild() {
  process.on('message', ({ job, data }) => {
    if (job === 7) process.exit(3);
    const answer = { job, size: data?.length ?? 0, pid: process.pid, at: Date.now() };
    setTimeout(() => process.send(answer), Math.random() * 5);
  });
  process.on('disconnect', () => process.exit(0));
}

const seen = [];
function pool(serialization) {
  return new Promise((resolve) => {
    let next = 0;
    let open = 3;
    for (let i = 0; i < 3; i++) {
      const child = fork(__filename, ['child'], { serialization, silent: i === 0 });
      const give = () => {
        if (next >= 30) return child.disconnect();
        const job = next++;
        const data =
          serialization === 'advanced' ? new Uint8Array(job * 3000) : 'x'.repeat(job * 3000);
        return child.send({ job, data }, (error) => seen.push(`sent ${job} ${error}`));
      };
      child.on('message', (answer) => {
        seen.push(JSON.stringify(answer));
        fs.writeFileSync('/dev/null', seen.slice(-3).join());
        give();
      });
      child.on('error', (error) => seen.push(`error ${error.code}`));
      child.on('disconnect', () => seen.push(`disconnect ${child.connected}`));
      child.on('exit', (code) => {
        seen.push(`exit ${code}`);
        if (--open === 0) resolve();
      });
      give();
    }
  });
}

async function main() {
  await Promise.all([pool('json'), pool('advanced')]);
  const child = fork(__filename, ['child']);
  child.kill();
  await new Promise((resolve) => child.on('exit', resolve));
  child.send({ job: 1 }, (error) => seen.push(error.code));
  await new Promise((resolve) => setTimeout(resolve, 5));
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 100);
}
if (process.argv[2] === 'child') inChild();
else void main();
