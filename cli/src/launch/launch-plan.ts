/**
 * What to start for `-- COMMAND`: `node [options] FILE [arguments]`, or a file with a node shebang, which
 * becomes the same thing. All else is refused with the form shown: a shell, npm or a test runner would
 * start the program in a child, and the replicas would compare the wrapper.
 */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../errors.ts';
import { formatOf, ModuleFormat, resolveMainFile } from './main-file.ts';
import { splitNodeArguments } from './node-options.ts';

/** A command that replicas can be made of. */
export interface LaunchPlan {
  /** The node binary, as it was typed. */
  readonly node: string;
  readonly nodeOptions: readonly string[];
  /** The file as the program will see it in `process.argv` before Node makes it absolute. */
  readonly file: string;
  /** The file that Node runs, absolute. */
  readonly mainFile: string;
  readonly format: ModuleFormat;
  readonly args: readonly string[];
}

const wrappers: ReadonlySet<string> = new Set([
  ...['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'corepack', 'nodemon', 'pm2', 'forever'],
  ...['sh', 'bash', 'zsh', 'dash', 'env'],
]);

/** Longest first line that is looked at for a shebang, bytes; kernels read 256 at most. */
const SHEBANG_BYTES = 256;

/** Makes the plan for a command, or throws the `CliError` that says which form is expected. */
export function planLaunch(
  command: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): LaunchPlan {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new CliError('CLI_COMMAND_MISSING', { command: 'run', options: '--service NAME ' });
  }
  const name = basename(program).replace(/\.exe$/, '');
  if (name === 'node' || name === 'nodejs') return planNode(program, args, folder);
  if (wrappers.has(name)) throw new CliError('CLI_COMMAND_WRAPS_NODE', { command: program });
  const file = findExecutable(program, folder, env['PATH'] ?? '');
  const shebang = file === null ? null : readNodeShebang(resolve(folder, file));
  if (file === null || shebang === null) {
    throw new CliError('CLI_COMMAND_NOT_NODE', { command: program });
  }
  return planNode(shebang.node, [...shebang.options, file, ...args], folder);
}

/** The arguments of the node binary that start a replica, the agent's preload in front of all else. */
export function replicaArguments(plan: LaunchPlan, agentFile: string): readonly string[] {
  const preload =
    plan.format === ModuleFormat.esm
      ? ['--import', pathToFileURL(agentFile).href]
      : ['--require', agentFile];
  return [...preload, ...plan.nodeOptions, plan.file, ...plan.args];
}

function planNode(node: string, args: readonly string[], folder: string): LaunchPlan {
  const { options, file, rest, refusal } = splitNodeArguments(args);
  if (file === null) {
    throw new CliError('CLI_NODE_WITHOUT_FILE', {
      command: [node, ...args].join(' '),
      detail: refusal === null ? '' : `: ${refusal}`,
    });
  }
  const mainFile = resolveMainFile(file, folder);
  return {
    node,
    nodeOptions: options,
    file,
    mainFile,
    format: formatOf(mainFile, options),
    args: rest,
  };
}

/** Finds a program as a shell does: a path as it is, a bare name along PATH. */
function findExecutable(program: string, folder: string, path: string): string | null {
  if (program.includes(sep)) return isExecutable(resolve(folder, program)) ? program : null;
  for (const entry of path.split(delimiter)) {
    const candidate = join(entry || '.', program);
    if (isExecutable(resolve(folder, candidate))) return candidate;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not for us: the search goes on.
    return false;
  }
}

/** The node binary and options that a script's first line names, or null for any other first line. */
export function parseShebang(
  line: string,
): { readonly node: string; readonly options: readonly string[] } | null {
  const words = /^#!\s*(.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
  const viaEnv = basename(words[0] ?? '') === 'env';
  const rest = viaEnv ? words.slice(words[1] === '-S' ? 2 : 1) : words;
  const [node, ...options] = rest;
  const isNode = ['node', 'nodejs'].includes(basename(node ?? ''));
  return node !== undefined && isNode ? { node, options } : null;
}

function readNodeShebang(file: string): ReturnType<typeof parseShebang> {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(SHEBANG_BYTES);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return parseShebang(bytes.toString('utf8', 0, length).split('\n')[0] ?? '');
  } finally {
    closeSync(descriptor);
  }
}
