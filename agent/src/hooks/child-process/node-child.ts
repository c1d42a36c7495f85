/**
 * Which children are Node programs that an agent can be put into: `node [options] FILE`, as `fork`, `cluster`
 * and most callers of `spawn` start them, and programs that stand in the arguments (`-e`, `-p`) or come by
 * standard input. Everything else (a shell, a prompt, a version asked for) runs as it would; followers get
 * what comes back from it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeOptionsWithValue } from '@lockstep/protocol';

const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'nodejs']);

/** Options under which Node runs no program, or runs it in children of its own. */
const withoutProgram: ReadonlySet<string> = new Set(
  `-c --check -i --interactive --test --watch --run --build-snapshot --build-snapshot-config --build-sea
   --experimental-sea-config --prof-process -h --help -v --version --v8-options --completion-bash`.split(
    /\s+/,
  ),
);

/** The program is the next argument, and Node refuses to start without it. */
const needing: ReadonlySet<string> = new Set(['-e', '--eval', '-pe']);
/** `-p` alone prints what a program on standard input gives. */
const evaluating: ReadonlySet<string> = new Set([...needing, '-p', '--print']);

/**
 * The arguments of a Node child, taken apart. `rest` begins with the file, or with `--` and the file, where
 * there is one.
 */
export interface NodeChild {
  readonly name: string;
  /** What loads the agent. */
  readonly preload: readonly string[];
  readonly options: readonly string[];
  readonly rest: readonly string[];
  /** The program comes by standard input: from a terminal Node would ask for it line by line. */
  readonly readsProgram: boolean;
}

/** Takes a Node child's arguments apart; null for any other child. */
export function nodeChild(
  file: string,
  args: readonly string[],
  folder: string,
  agentFile: string,
): NodeChild | null {
  const isNode = file === process.execPath || NODE_NAMES.has(path.basename(file));
  const parsed = isNode ? parseOptions(args) : null;
  if (parsed === null) return null;
  const { end, evaluates } = parsed;
  const options = args.slice(1, end);
  const script = args[end] === '--' ? args[end + 1] : args[end];
  const readsProgram = !evaluates && (script === undefined || script === '-');
  // What is imported comes after standard input was read: its program is never Node's first module.
  const asModule = evaluates
    ? isModuleText(options)
    : !readsProgram && isModule(path.resolve(folder, script ?? ''));
  const preload = asModule ? ['--import', pathToFileURL(agentFile).href] : ['--require', agentFile];
  return { name: args[0] ?? file, preload, options, rest: args.slice(end), readsProgram };
}

/** Where Node's own options end, and whether one of them is the program; null when there is no program. */
function parseOptions(args: readonly string[]): { end: number; evaluates: boolean } | null {
  let at = 1;
  let evaluates = false;
  for (; isOption(args[at]); at++) {
    const option = args[at] ?? '';
    const takesProgram = evaluating.has(option) && isProgram(args[at + 1]);
    if (withoutProgram.has(nameOf(option)) || (needing.has(option) && !takesProgram)) return null;
    evaluates ||= takesProgram || option.startsWith('--eval=');
    at += takesProgram || nodeOptionsWithValue.has(option) ? 1 : 0;
  }
  return { end: at, evaluates };
}

function nameOf(option: string): string {
  return option.split('=', 1)[0] ?? '';
}

/** With a dash in front Node takes it for an option. */
function isProgram(argument: string | undefined): boolean {
  return argument?.startsWith('-') === false;
}

function isOption(argument: string | undefined): boolean {
  return argument?.startsWith('-') === true && argument !== '-' && argument !== '--';
}

/** As Node is told for a program that is no file. */
function isModuleText(options: readonly string[]): boolean {
  return options.some((option, at) => {
    const [name, value = options[at + 1]] = option.split('=');
    const decides = name === '--input-type' || name === '--experimental-default-type';
    return decides && value?.startsWith('module') === true;
  });
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
