/**
 * The file that Node would run, and whether it starts through the ES module loader: the agent's preload
 * goes in front by `--import` for an ES module and by `--require` for CommonJS, because any `--import`
 * sends a CommonJS main through the asynchronous loader too.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { CliError } from '../errors.ts';

/** How a main file is loaded. */
export const ModuleFormat = { commonjs: 'commonjs', esm: 'esm' } as const;
export type ModuleFormat = (typeof ModuleFormat)[keyof typeof ModuleFormat];

/** Resolves `file` as `node FILE` does: extension and folder may be left out. */
export function resolveMainFile(file: string, folder: string): string {
  const absolute = resolve(folder, file);
  try {
    return createRequire(join(folder, 'noop.js')).resolve(absolute);
  } catch (error) {
    throw new CliError('CLI_FILE_NOT_FOUND', { file, folder, cause: error });
  }
}

/** Which loader starts `file`, an absolute path, when Node gets these options in front of it. */
export function formatOf(file: string, nodeOptions: readonly string[]): ModuleFormat {
  switch (extname(file)) {
    case '.mjs':
    case '.mts':
    case '.wasm':
      return ModuleFormat.esm;
    case '.cjs':
    case '.cts':
    case '.json':
    case '.node':
      return ModuleFormat.commonjs;
    default:
      return packageFormat(file) ?? defaultFormat(nodeOptions);
  }
}

function defaultFormat(nodeOptions: readonly string[]): ModuleFormat {
  const joined = nodeOptions.join(' ');
  return /--experimental-default-type[= ]module/.test(joined)
    ? ModuleFormat.esm
    : ModuleFormat.commonjs;
}

/** The `type` of the nearest package.json; null where there is none, or it does not say. */
function packageFormat(file: string): ModuleFormat | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = readIfThere(join(folder, 'package.json'));
    if (text !== null) return typeField(text);
    if (folder === dirname(folder)) return null;
  }
}

function typeField(text: string): ModuleFormat | null {
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    if (type === 'module') return ModuleFormat.esm;
    return type === 'commonjs' ? ModuleFormat.commonjs : null;
  } catch {
    // Node refuses a package.json that it cannot read with a better sentence than we could.
    return null;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Absent or unreadable: Node looks further up in both cases.
    return null;
  }
}
