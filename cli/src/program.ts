/**
 * The command line: names, options and help. Every subcommand's code is loaded when it is used, so that
 * `run` starts a service without waiting for a collector's libraries.
 */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { addons, label, replicaCount, seconds, wholeNumber } from './commands/run-options.ts';
import { help } from './help.ts';
import { CHECK_DRAIN_SECONDS, LIST_ROWS, LIST_ROWS_LIMIT } from './limits.ts';

const DEFAULT_PORT = '4600';
const DEFAULT_COLLECTOR = 'ws://127.0.0.1:4600';

/** The whole command, ready to parse. */
export function buildProgram(): Command {
  const program = new Command('lockstep')
    .description('Catches a Node.js service that starts to behave differently from itself.')
    .version(ownVersion())
    .enablePositionalOptions()
    .showHelpAfterError('(lockstep COMMAND --help shows how it is used)')
    .configureOutput({ outputError: (text, write) => write(`lockstep: ${text}`) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText('after', help.program);
  addUp(program);
  addRun(program);
  addCheck(program);
  addDrill(program);
  addLists(program);
  return program;
}

function addUp(program: Command): void {
  subcommand(program, 'up', 'start the collector and its dashboard')
    .option('--port <port>', 'port of collector and dashboard', DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--store <folder|url>',
      'where alerts and incidents are kept: a folder or mongodb://...',
    )
    .option(
      '--data <folder>',
      "folder of the runs' spool (default: beside the token, or the store)",
    )
    .option('--spool <GiB>', 'disk that the log and records of one run may take', '8')
    .addHelpText('after', help.up)
    .action(async (options) => (await import('./commands/up.ts')).up(options));
}

function addRun(program: Command): void {
  replicaOptions(subcommand(program, 'run', 'run a service, with followers beside it'))
    .requiredOption('--service <name>', 'name of the service', named('--service'))
    .option('--collector <url>', 'where the collector listens', DEFAULT_COLLECTOR)
    .option('--allow-drills', 'let `lockstep drill` strike a replica of this run')
    .option('--drain <seconds>', 'time for followers to finish after the leader ended', (text) =>
      seconds('--drain', text),
    )
    .addHelpText('after', help.run)
    .action(async (command: string[], options) =>
      (await import('./commands/run.ts')).run(command, options),
    );
}

function addCheck(program: Command): void {
  replicaOptions(subcommand(program, 'check', 'run a command to its end and compare its replicas'))
    .option('--service <name>', "name in the report (default: the file's name)", named('--service'))
    .option('--json', 'print one JSON object; the command prints to standard error')
    .option('--timeout <seconds>', 'end everything after this time', (text) =>
      seconds('--timeout', text),
    )
    .option(
      '--drain <seconds>',
      'time for followers to finish after the leader ended',
      (text) => seconds('--drain', text),
      CHECK_DRAIN_SECONDS,
    )
    .addHelpText('after', help.check)
    .action(async (command: string[], options) =>
      (await import('./commands/check.ts')).check(command, options),
    );
}

function addDrill(program: Command): void {
  subcommand(
    program,
    'drill',
    'load a file into one replica of a running service, as an attacker would',
  )
    .argument('<file>', 'CommonJS or ES module, optionally with @leader or @follower behind it')
    .requiredOption('--service <name>', 'name of the service', named('--service'))
    .option('--replica <id>', 'replica to strike (default: the last follower)')
    .option('--collector <url>', 'where the collector listens', DEFAULT_COLLECTOR)
    .addHelpText('after', help.drill)
    .action(async (file: string, options) =>
      (await import('./commands/drill.ts')).drill(file, options),
    );
}

function addLists(program: Command): void {
  const lists = [
    ['status', 'services, runs and replicas, and how they are doing', help.status],
    ['alerts', 'what differed, newest first', help.alerts],
    ['incidents', 'alerts grouped by cause, newest first', help.incidents],
  ] as const;
  for (const [name, description, text] of lists) {
    const list = subcommand(program, name, description)
      .option('--service <name>', 'only this service', named('--service'))
      .option('--collector <url>', 'where the collector listens', DEFAULT_COLLECTOR)
      .option('--json', 'print one JSON object')
      .addHelpText('after', text);
    if (name !== 'status') {
      list.option(
        '--limit <rows>',
        'most rows to print',
        (text) => wholeNumber('--limit', text, { least: 1, most: LIST_ROWS_LIMIT }),
        LIST_ROWS,
      );
    }
    list.action(async (options) => (await import('./commands/lists.ts')).lists[name](options));
  }
}

/** What `run` and `check` share. */
function replicaOptions(command: Command): Command {
  return command
    .passThroughOptions()
    .argument('[command...]', 'node [options] FILE [arguments], behind two dashes')
    .option('--replicas <count>', 'leader and followers together, 1 to 9', replicaCount, 3)
    .option('--variant <label>', 'label of followers that differ on purpose', named('--variant'))
    .option('--drill <file[@who]>', 'load a file into a replica before the service (fire drill)')
    .addOption(
      new Option('--addons <allow>', 'load native add-ons in followers').argParser(addons),
    );
}

function subcommand(program: Command, name: string, description: string): Command {
  return program.command(name).description(description);
}

function named(flag: string): (text: string) => string {
  return (text) => label(flag, text);
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
