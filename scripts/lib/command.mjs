/** Runs a command to its end. Its output is kept, and shown only when it failed. */
import { spawn } from 'node:child_process';
import { Problem } from './say.mjs';

/** Output that is kept for the case of failure, characters. */
const KEPT_OUTPUT = 20_000;

/** Processes that run now: whoever stops the script ends them first. */
const running = new Set();

export function endCommands() {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a command and answers its code and output; never rejects for a code. */
export function capture(program, args, { cwd, env = {}, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    running.add(child);
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output = (output + chunk).slice(-KEPT_OUTPUT);
      if (show) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
      if (show) process.stderr.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, output, stdout });
    });
  });
}

/** Runs a command that must succeed. */
export async function runCommand(program, args, { remedy, ...options }) {
  const name = `${program.split('/').at(-1)} ${args[0] ?? ''}`.trim();
  const { code, signal, output } = await capture(program, args, options).catch((error) => {
    throw new Problem(`"${name}" could not be started (${error.code}). ${remedy}`);
  });
  if (code === 0) return;
  process.stderr.write(output);
  throw new Problem(`"${name}" failed (${signal ?? `exit code ${code}`}). ${remedy}`);
}
