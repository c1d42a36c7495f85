/** Splits the arguments of a `node` command, so that the launcher finds the file behind the options. */
import { nodeOptionsWithValue } from '@lockstep/protocol';

/** Options under which Node runs something else than one program file, and why that is refused. */
const withoutFile: ReadonlyMap<string, string> = new Map([
  ['-e', 'it takes its program from the command line'],
  ['--eval', 'it takes its program from the command line'],
  ['-p', 'it takes its program from the command line'],
  ['--print', 'it takes its program from the command line'],
  ['-pe', 'it takes its program from the command line'],
  ['-c', 'it only checks syntax'],
  ['--check', 'it only checks syntax'],
  ['-i', 'it is interactive'],
  ['--interactive', 'it is interactive'],
  ['--test', 'it starts a test runner that runs files in child processes'],
  ['--watch', 'it restarts the program in child processes'],
  ['--run', 'it runs a package script'],
  ['--build-snapshot', 'it builds a snapshot'],
  ['-h', 'it prints help'],
  ['--help', 'it prints help'],
  ['-v', 'it prints the version'],
  ['--version', 'it prints the version'],
]);

/** Node's options in front of the file, the file, and what comes behind it. */
export interface NodeArguments {
  readonly options: readonly string[];
  readonly file: string | null;
  readonly rest: readonly string[];
  /** Why there is no file, if an option says so. */
  readonly refusal: string | null;
}

/** Splits the arguments of a `node` command as Node itself does. */
export function splitNodeArguments(args: readonly string[]): NodeArguments {
  let index = 0;
  for (; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      return split(args, index, index + 1);
    }
    if (!argument.startsWith('-') || argument === '-') break;
    const refusal = withoutFile.get(argument.split('=')[0] ?? '');
    if (refusal !== undefined) return { options: args, file: null, rest: [], refusal };
    if (nodeOptionsWithValue.has(argument)) index += 1;
  }
  return split(args, index, index);
}

function split(args: readonly string[], optionsEnd: number, fileIndex: number): NodeArguments {
  const file = args[fileIndex];
  const isStdin = file === '-';
  return {
    options: args.slice(0, optionsEnd),
    file: file === undefined || isStdin ? null : file,
    rest: args.slice(fileIndex + 1),
    refusal: isStdin ? 'it reads its program from standard input' : null,
  };
}
