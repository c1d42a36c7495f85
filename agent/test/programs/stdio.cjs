// biome-ignore-all lint/suspicious/noConsole: the console is what it tries
// Writes in every form to both outputs, large enough to fill the pipe, while input is read by lines.
const { Console } = require('node:console');
const readline = require('node:readline');
const fs = require('node:fs');

const early = console.log;
const report = [];
const seen = (text) => report.push(text);

for (const stream of [process.stdout, process.stderr]) {
  seen([stream.isTTY, stream.columns, stream.fd, stream._type, stream.writable].join());
  seen([stream.writableHighWaterMark, stream.writableLength, stream.constructor.name].join());
}
early('early %d', 1);
console.error('to the other');
console.table([{ a: 1 }]);
new Console(process.stdout, process.stderr).log('own console');
process.stdout.cork();
process.stdout.write('corked ');
process.stdout.write(Buffer.from('twice\n'), () => seen('corked written'));
process.stdout.uncork();
process.stdout.write('6d6f72650a', 'hex', () => seen(`hex ${process.stdout.writableLength}`));

async function flood() {
  for (let i = 0; i < 40; i++) {
    const more = process.stdout.write(`${String(i).repeat(30_000)}\n`, () => seen(`done ${i}`));
    seen(`${i} ${more} ${process.stdout.writableLength}`);
    if (!more) await new Promise((resolve) => process.stdout.once('drain', resolve));
    seen(`after ${i}`);
  }
}

async function lines() {
  let count = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    seen(`line ${count++} ${line.length} ${line.slice(0, 20)}`);
    if (count % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  seen(`${count} lines`);
}

process.stdin.on('close', () => seen('input closed'));
void Promise.all([flood(), lines()]).then(() => {
  seen([process.stdin.isTTY, process.stdin.fd, process.stdin.readableEnded].join());
  fs.writeFileSync(process.argv[2] ?? '/dev/null', report.join('\n'));
  process.exitCode = 3;
});
