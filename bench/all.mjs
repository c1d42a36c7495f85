/**
 * Every benchmark with short settings, one after the other (two at once would measure each other), and one
 * table of what they found.
 *
 *   npm run bench -w @lockstep/bench
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { JSON_LINE } from './lib/settings.mjs';
import { table } from './lib/stats.mjs';

const files = [
  'log.mjs',
  'join.mjs',
  'agent-call.mjs',
  'start.mjs',
  'alert-latency.mjs',
  'service.mjs',
];

/** Runs one; resolves with its rows. Its tables are shown as they come. */
function run(file) {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), '--short'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const at = output.lastIndexOf(JSON_LINE);
      process.stdout.write(at < 0 ? output : output.slice(0, at));
      if (code === 0 && at >= 0) resolve(JSON.parse(output.slice(at + JSON_LINE.length)));
      else reject(new Error(`${file} ended with code ${code}`));
    });
  });
}

const rows = [['', 'figure', 'ratio, in the same run']];
for (const file of files) {
  for (const { what, value, ratio } of await run(file)) rows.push([what, value, ratio]);
}
table('All (services: bare | leader alone | with two followers)', rows);
