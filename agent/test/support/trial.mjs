/**
 * Runs one program as a leader and two followers over files and compares their calls:
 * `trial-cli.mjs` is its command; the hook tests use it through `agree.ts`.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const register = path.join(here, '../../dist/trial-register.cjs');
const FOLLOWER_MS = 20_000;

export async function buildTrial() {
  await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['@lockstep/source'],
    logLevel: 'warning',
    entryPoints: [path.join(here, 'trial-register.ts')],
    outfile: register,
  });
}

function start(folder, replica, role, argv, options) {
  const env = { ...process.env, ...options.env, LOCKSTEP_TRIAL: `${folder}:${replica}:${role}` };
  const flag = options.import ? '--import' : '--require';
  const node = [process.execPath, ...(options.nodeArgs ?? []), flag, register, ...argv];
  const command = role === 'follower' && options.unshare ? ['unshare', '-n', ...node] : node;
  const child = spawn(command[0], command.slice(1), {
    env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(role === 'leader' ? (options.stdin ?? '') : '');
  const out = { stdout: '', stderr: '', code: null, signal: null, timedOut: false };
  child.stdout.on('data', (b) => (out.stdout += b));
  child.stderr.on('data', (b) => (out.stderr += b));
  const done = new Promise((resolve) => {
    const timer = setTimeout(() => {
      out.timedOut = true;
      child.kill('SIGKILL');
    }, options.timeoutMs ?? FOLLOWER_MS);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(Object.assign(out, { code, signal }));
    });
  });
  return { child, done, out };
}

function load(folder, replica) {
  const file = path.join(folder, `records.${replica}.jsonl`);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l));
  const seen = new Map();
  const calls = new Map();
  let stopped = null;
  let end = null;
  for (const line of lines) {
    if (line.stopped) stopped = line;
    if ('exitCode' in line) end = line;
    if (line.api === undefined || line.kind === undefined) continue;
    const base = `${line.turn}|${line.kind}|${line.api}|${line.targetHi}.${line.targetLo}`;
    const nth = seen.get(base) ?? 0;
    seen.set(base, nth + 1);
    calls.set(`${base}|${nth}`, line);
  }
  const counters = lines.findLast((l) => l.counters)?.counters ?? null;
  return { calls, stopped, end, counters };
}

export async function runTrial(argv, options = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-trial-'));
  const leader = start(folder, 'a', 'leader', argv, options);
  const followers = ['b', 'c'].map((id) => start(folder, id, 'follower', argv, options));
  if (options.drive) await options.drive(leader);
  const ends = await Promise.all([leader.done, ...followers.map((f) => f.done)]);
  const replicas = ['a', 'b', 'c'].map((id) => load(folder, id));
  const ids = new Set(replicas.flatMap((r) => [...r.calls.keys()]));
  const differences = [];
  for (const id of ids) {
    const calls = replicas.map((r) => r.calls.get(id));
    if (new Set(calls.map((c) => c?.digest)).size > 1) differences.push({ id, calls });
  }
  differences.sort((x, y) => turnOf(x) - turnOf(y));
  if (!options.keep) fs.rmSync(folder, { recursive: true, force: true });
  return { folder, ends, replicas, calls: ids.size, differences };
}

function turnOf({ id }) {
  return Number(id.split('|')[0]);
}
