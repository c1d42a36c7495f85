// way in: stdio
// A child reads its standard input in pieces, line by line, among timers, and answers on both outputs.
'use strict';
const { spawn } = require('node:child_process');
const readline = require('node:readline');

function child() {
  const order = [];
  const lines = readline.createInterface({ input: process.stdin });
  process.stdin.on('data', (bytes) => order.push(`piece ${bytes.length}`));
  lines.on('line', (line) => {
    order.push(`line ${line}`);
    process.stdout.write(`${order.length} `);
    if (line.length % 3 === 0) process.stderr.write(`${line} `);
    setTimeout(() => order.push(`after ${line}`), Math.random() * 3);
  });
  lines.on('close', () => setTimeout(() => console.log(order.join('\n')), 10));
}

function parent() {
  const started = spawn(process.execPath, [__filename, 'child'], { stdio: 'pipe' });
  const order = [];
  started.stdout.on('data', (bytes) => order.push(`out ${bytes}`));
  started.stderr.on('data', (bytes) => order.push(`err ${bytes}`));
  let line = 0;
  const feed = () => {
    if (line === 60) return void started.stdin.end();
    started.stdin.write(`line ${'x'.repeat(line % 9)}${line}\n`.repeat(1 + (line % 3)));
    line++;
    setTimeout(feed, Math.random() * 2);
  };
  feed();
  started.on('close', (code) => console.log(code, order.join('\n')));
}

if (process.argv[2] === 'child') child();
else parent();
