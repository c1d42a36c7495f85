// way in: child-process
// Node children by spawn, execFile and fork that read their standard input, start children of their own, use
// timers, files and descriptors beyond the standard ones; a pool of strands waits for them, some are killed.
'use strict';
const { execFile, fork, spawn } = require('node:child_process');
const fs = require('node:fs');

const seen = [];

async function readingChild() {
  const parts = [];
  for await (const chunk of process.stdin) parts.push(chunk);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  const text = Buffer.concat(parts).toString('utf8');
  fs.writeSync(3, `extra ${text.length}`);
  process.stdout.write(`${text.toUpperCase()} ${process.pid} ${Date.now()}`);
  process.exitCode = text.length % 3;
}

function parentingChild() {
  const child = fork(__filename, ['leaf', process.argv[3]], { execArgv: ['--no-warnings'] });
  child.on('message', (message) => {
    fs.readFile(__filename, (error, bytes) => {
      console.log(message, error, bytes.length, process.execArgv.length);
      child.disconnect();
    });
  });
}

function leaf() {
  setImmediate(() => process.send({ leaf: process.argv[3], at: performance.now() }));
}

function patient() {
  setInterval(() => fs.statSync(__filename), 3);
  if (process.argv[3] === '2') process.on('SIGTERM', () => setTimeout(() => process.exit(9), 2));
  console.log('up');
}

function reading(i) {
  const child = spawn('node', [__filename, 'reading'], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const told = [];
  child.stdout.on('data', (bytes) => told.push(bytes));
  child.stdio[3].on('data', (bytes) => seen.push(`${bytes}`));
  child.stdin.write('some ');
  setTimeout(() => child.stdin.end('x'.repeat(i)), 3);
  return new Promise((resolve) => {
    child.on('close', (...how) => resolve(seen.push(`${Buffer.concat(told)} ${how}`)));
  });
}

function parenting(i) {
  return new Promise((resolve) => {
    execFile(process.execPath, [__filename, 'parenting', `${i}`], (error, stdout) =>
      resolve(seen.push(`${error?.code} ${stdout}`)),
    );
  });
}

function killed(i) {
  const child = spawn(process.execPath, [__filename, 'patient', `${i}`]);
  child.stdout.once('data', () => child.kill(i === 1 ? 'SIGKILL' : 'SIGTERM'));
  return new Promise((resolve) => child.on('exit', (...how) => resolve(seen.push(how.join()))));
}

async function main() {
  await Promise.all([reading(1), parenting(2), killed(1), reading(4)]);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  await Promise.all([killed(2), reading(6), killed(3)]);
  const version = spawn(process.execPath, ['-p', '1 + 1']);
  version.stdout.on('data', (bytes) => seen.push(`${bytes}`));
  await new Promise((resolve) => version.on('close', resolve));
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length);
}

const roles = { reading: readingChild, parenting: parentingChild, leaf, patient };
void (roles[process.argv[2]] ?? main)();
