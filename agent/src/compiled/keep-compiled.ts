/**
 * Keeps the agent's code as this Node compiles it: `node dist/keep-compiled.cjs`, once for each version of
 * Node that services run on (the build does it for its own). It starts the agent as a leader with no
 * collector, in both of its threads, so that what a start runs is compiled when it is kept.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { compileCode, keptFile, type ModuleFunction, sealKept } from './compiled-code.ts';

/** Until a start has run what it runs, milliseconds. */
const SETTLE_MS = 400;
/** Until the other thread must have written its part, milliseconds. */
const GIVE_UP_MS = 10_000;
const POLL_MS = 20;

// As they were before the agent replaces them.
const { existsSync, renameSync, rmSync, writeFileSync } = fs;
const { setInterval: every, setTimeout: later } = globalThis;
const { exit, pid } = process;

/** Runs a bundle as its preload would, the agent's folder being `folder`, and keeps it a moment later. */
function runAndKeep(code: string, name: string, folder: string, done: () => void): void {
  const file = path.join(__dirname, code);
  const { script, source } = compileCode(file, path.join(__dirname, name));
  const run = script.runInThisContext() as ModuleFunction;
  run({}, require, { exports: {} }, path.join(folder, name), folder);
  later(() => {
    const kept = keptFile(file);
    writeFileSync(`${kept}.${pid}`, sealKept(source, script.createCachedData()));
    renameSync(`${kept}.${pid}`, kept);
    done();
  }, SETTLE_MS);
}

/** A leader's environment; nobody listens at the address. */
function pretend(folder: string): void {
  const secrets = path.join(folder, 'secrets.json');
  const [runId, seed] = ['00'.repeat(16), '00'.repeat(32)];
  writeFileSync(secrets, JSON.stringify({ version: 1, runId, seed, token: '0'.repeat(43) }));
  Object.assign(process.env, {
    LOCKSTEP_URL: 'ws://127.0.0.1:9/agent',
    LOCKSTEP_SERVICE: 'keep-compiled',
    LOCKSTEP_ROLE: 'leader',
    LOCKSTEP_RUN: runId,
    LOCKSTEP_REPLICA: 'a',
    LOCKSTEP_SECRETS: secrets,
  });
}

function keepBoth(): void {
  const worker = keptFile(path.join(__dirname, 'transport-worker.code.js'));
  rmSync(worker, { force: true });
  rmSync(keptFile(path.join(__dirname, 'register.code.js')), { force: true });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-keep-'));
  // The agent starts its thread with what lies beside it, which is this file again.
  writeFileSync(
    path.join(folder, 'transport-worker.cjs'),
    `require(${JSON.stringify(__filename)});`,
  );
  pretend(folder);
  const end = (code: number): never => {
    rmSync(folder, { recursive: true, force: true });
    return exit(code);
  };
  later(() => end(1), GIVE_UP_MS);
  runAndKeep('register.code.js', 'register.cjs', folder, () => {
    every(() => {
      if (existsSync(worker)) end(0);
    }, POLL_MS);
  });
}

if (isMainThread) keepBoth();
else runAndKeep('transport-worker.code.js', 'transport-worker.cjs', __dirname, () => {});
