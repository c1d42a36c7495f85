/**
 * Which children are Node programs that an agent can be put into: `node [options] FILE`, as `fork`, `cluster`
 * and most callers of `spawn` start them. Everything else (a shell, `node -e`, a version asked for) runs as
 * it would; followers get what comes back from it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'nodejs']);

/** Options whose value is an argument of its own; V8's are written with `=`. */
const withValue: ReadonlySet<string> = new Set(
  `-r --require --import --loader --experimental-loader -C --conditions --title --env-file
   --env-file-if-exists --disable-warning --disable-proto --dns-result-order --input-type
   --inspect-port --icu-data-dir --max-http-header-size --openssl-config --redirect-warnings
   --report-dir --report-directory --report-filename --report-signal --tls-cipher-list
   --unhandled-rejections --experimental-default-type --diagnostic-dir`.split(/\s+/),
);

/** Options under which Node runs no file, or runs it in children of its own. */
const withoutFile: ReadonlySet<string> = new Set(
  `-e --eval -p --print -pe -c --check -i --interactive --test --watch --run --build-snapshot -h --help
   -v --version --v8-options --completion-bash`.split(/\s+/),
);

/** The preload's place among a Node child's arguments; null for any other child. */
export function preloadArguments(
  file: string,
  args: readonly string[],
  folder: string,
  agentFile: string,
): readonly string[] | null {
  const isNode = file === process.execPath || NODE_NAMES.has(path.basename(file));
  const script = isNode ? scriptOf(args) : null;
  if (script === null) return null;
  const preload = isModule(path.resolve(folder, script))
    ? ['--import', pathToFileURL(agentFile).href]
    : ['--require', agentFile];
  return [args[0] ?? file, ...preload, ...args.slice(1)];
}

function scriptOf(args: readonly string[]): string | null {
  let at = 1;
  while (isOption(args[at])) {
    const option = args[at] ?? '';
    if (option === '--') return args[at + 1] ?? null;
    if (withoutFile.has(option.split('=')[0] ?? '')) return null;
    at += withValue.has(option) ? 2 : 1;
  }
  const script = args[at];
  return script === undefined || script === '-' ? null : script;
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
