// Children whose program is no file: in the arguments, printed, a module, and by standard input.
const { spawn } = require('node:child_process');

const code = `
  const { readFileSync } = require('node:fs');
  const name = readFileSync('/etc/hostname', 'utf8').trim().length > 0;
  setTimeout(() => console.log(name, process.argv.length, process.execArgv.length, Math.random() < 1), 5);
`;
const asModule = `
  import { readFileSync } from 'node:fs';
  await new Promise((done) => setTimeout(done, 5));
  console.log(readFileSync('/etc/hostname').length > 0, typeof require, process.argv.slice(1));
`;

function run(args, input) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('close', (exit, signal) => done([exit, signal, text.trim()]));
    child.stdin.end(input);
  });
}

async function main() {
  const ends = await Promise.all([
    run(['-e', code, 'one', 'two'], ''),
    run(['--no-warnings', '--eval', code], ''),
    run(['-p', '[process.pid > 0, os.EOL, process.execArgv]'], ''),
    run(['-pe', 'process.title.length > 0', 'a'], ''),
    run(['--input-type=module', '-e', asModule, 'a'], ''),
    run([], code),
    run(['-', 'one'], code),
    run(['--input-type=module'], asModule),
    run(['-p'], '1 + 1'),
    run(['-e', 'process.stdin.pipe(process.stdout); process.exitCode = 3'], 'echo'),
    run(['-e', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 10_000)'], ''),
  ]);
  for (const end of ends) console.log(JSON.stringify(end));
}

void main();
