// way in: fs
// Thirty strands read and write files by callback, promise and handle; what each finds is the others' doing.
'use strict';
const fs = require('node:fs');

const found = [];

async function strand(number) {
  for (let step = 0; step < 8; step++) {
    const file = `shared-${step % 3}.txt`;
    if (number % 3 === 0) await fs.promises.appendFile(file, `${number} `);
    else if (number % 3 === 1) {
      const handle = await fs.promises.open(file, 'a+');
      found.push((await handle.read({ position: 0 })).bytesRead);
      await handle.close();
    } else
      await new Promise((resolve) =>
        fs.stat(file, (error, stats) => resolve(found.push(error ? -1 : stats.size))),
      );
    if (found.length % 4 === 0)
      await fs.promises.writeFile(`seen-${number}.txt`, found.slice(-4).join(' '));
  }
}

void Promise.all(Array.from({ length: 30 }, (_, number) => strand(number))).then(() => {
  console.log(
    found.length,
    found.reduce((sum, size, at) => (sum * 31 + size * at) | 0, 7),
  );
});
