/**
 * Bundles what Node preloads: one file each for the application thread and the transport thread, so that
 * a service's start pays for two reads instead of a hundred, and nothing of ours is in its module graph.
 * Each has a small file in front that runs it by what V8 compiled of it before, which is kept here for the
 * Node that builds.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const dist = join(import.meta.dirname, 'dist');

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['@lockstep/source'],
  legalComments: 'none',
  logLevel: 'warning',
  outdir: 'dist',
  write: false,
};

/**
 * For each file that imports a module of Node's, esbuild copies a getter for every property of it: thousands at
 * a start. One object over the module does the same, each property looked up when it is used.
 */
const BUILTIN = `"use strict";
var __seen = new Map();
function __builtin(id) {
  if (!__seen.has(id)) {
    const value = require(id);
    __seen.set(id, Object.create(value, { default: { value } }));
  }
  return __seen.get(id);
}
`;

async function bundle(entryPoints, extension, wrap = (text) => text) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints,
    outExtension: { '.js': extension },
  });
  for (const { path, text } of outputFiles) {
    const direct = text.replaceAll(/__toESM\(require\(("node:[\w/]+")\)(, 1)?\)/g, '__builtin($1)');
    writeFileSync(path, wrap(BUILTIN + direct.replace(/^"use strict";\n/, '')));
  }
}

/** As Node wraps a CommonJS module; done here, for it would cost a start two copies of the text. */
function asFunction(text) {
  return `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
}

await bundle(
  { register: 'src/register.ts', 'transport-worker': 'src/transport/worker.ts' },
  '.code.js',
  asFunction,
);
await bundle(
  {
    register: 'src/compiled/preload.ts',
    'transport-worker': 'src/compiled/preload-worker.ts',
    'keep-compiled': 'src/compiled/keep-compiled.ts',
  },
  '.cjs',
);

for (const name of readdirSync(dist)) {
  if (name.endsWith('.kept')) rmSync(join(dist, name));
}
const kept = spawnSync(process.execPath, [join(dist, 'keep-compiled.cjs')], { encoding: 'utf8' });
if (kept.status !== 0) throw new Error(`the compiled code was not kept: ${kept.stderr}`);
