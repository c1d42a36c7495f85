/**
 * Which children are Node programs that an agent can be put into: `node [options] FILE`, as `fork`, `cluster`
 * and most callers of `spawn` start them. Everything else (a shell, `node -e`, a version asked for) runs as
 * it would; followers get what comes back from it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeOptionsWithValue } from '@lockstep/protocol';

const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'nodejs']);

/** Options under which Node runs no file, or runs it in children of its own. */
const withoutFile: ReadonlySet<string> = new Set(
  `-e --eval -p --print -pe -c --check -i --interactive --test --watch --run --build-snapshot -h --help
   -v --version --v8-options --completion-bash`.split(/\s+/),
);

/** The arguments of a Node child, taken apart. `rest` begins with the file, or with `--` and the file. */
export interface NodeChild {
  readonly name: string;
  /** What loads the agent. */
  readonly preload: readonly string[];
  readonly options: readonly string[];
  readonly rest: readonly string[];
}

/** Takes a Node child's arguments apart; null for any other child. */
export function nodeChild(
  file: string,
  args: readonly string[],
  folder: string,
  agentFile: string,
): NodeChild | null {
  const isNode = file === process.execPath || NODE_NAMES.has(path.basename(file));
  const end = isNode ? endOfOptions(args) : null;
  if (end === null) return null;
  const script = args[end] === '--' ? args[end + 1] : args[end];
  if (script === undefined || script === '-') return null;
  const preload = isModule(path.resolve(folder, script))
    ? ['--import', pathToFileURL(agentFile).href]
    : ['--require', agentFile];
  return { name: args[0] ?? file, preload, options: args.slice(1, end), rest: args.slice(end) };
}

/** Position of what follows Node's own options; null when they say that no file follows. */
function endOfOptions(args: readonly string[]): number | null {
  let at = 1;
  while (isOption(args[at])) {
    const option = args[at] ?? '';
    if (option === '--') return at;
    if (withoutFile.has(option.split('=')[0] ?? '')) return null;
    at += nodeOptionsWithValue.has(option) ? 2 : 1;
  }
  return at;
}

function isOption(argument: string | undefined): boolean {
  return argument?.startsWith('-') === true && argument !== '-';
}

/** As Node decides it for a main file: by its ending, else by the nearest package. */
function isModule(file: string): boolean {
  const ending = path.extname(file);
  if (ending === '.mjs' || ending === '.mts') return true;
  if (ending === '.cjs' || ending === '.cts') return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const text = readIfThere(path.join(folder, 'package.json'));
    if (text !== null) return /"type"\s*:\s*"module"/.test(text);
    if (folder === path.dirname(folder)) return false;
  }
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // Absent or unreadable: Node looks further up in both cases.
    return null;
  }
}
