/**
 * Everything that the command can refuse or fail at: code, what a person reads (thing and value), the
 * remedy, and whether trying again can help. docs/ERRORS.md is held equal to this table by a test.
 */

/** One row of the table. */
export interface ErrorRow {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

/** Codes of the errors that the command itself raises. */
export type CliErrorCode =
  | 'CLI_COMMAND_MISSING'
  | 'CLI_COMMAND_NOT_NODE'
  | 'CLI_COMMAND_WRAPS_NODE'
  | 'CLI_NODE_WITHOUT_FILE'
  | 'CLI_FILE_NOT_FOUND'
  | 'CLI_OPTION_INVALID'
  | 'CLI_DRILL_UNREADABLE'
  | 'CLI_DRILL_NO_FOLLOWER'
  | 'CLI_DRILL_NO_SERVICE'
  | 'CLI_DRILL_NOT_ALLOWED'
  | 'CLI_DRILL_NO_REPLICA'
  | 'CLI_COMMAND_NOT_STARTED'
  | 'CLI_AGENT_NOT_BUILT'
  | 'CLI_AGENT_SILENT'
  | 'CLI_PORT_TAKEN'
  | 'CLI_PORT_FORBIDDEN'
  | 'CLI_HOST_UNKNOWN'
  | 'CLI_FOLDER_UNUSABLE'
  | 'CLI_TOKEN_UNREADABLE'
  | 'CLI_COLLECTOR_AWAY'
  | 'CLI_COLLECTOR_REFUSED'
  | 'CLI_COLLECTOR_ANSWER';

/** Every error that the command itself raises. */
export const errorTable: Readonly<Record<CliErrorCode, ErrorRow>> = {
  CLI_COMMAND_MISSING: {
    message: 'No command to run was given.',
    remedy: 'Put it behind two dashes: lockstep {command} {options}-- node server.js',
    retryable: false,
  },
  CLI_COMMAND_NOT_NODE: {
    message: 'Lockstep starts Node.js programs only, and "{command}" is none.',
    remedy:
      'Write the command as: node [options] FILE [arguments], or name a file that starts with a node shebang.',
    retryable: false,
  },
  CLI_COMMAND_WRAPS_NODE: {
    message: '"{command}" starts your program in a child process, where Lockstep would not see it.',
    remedy:
      'Write what it runs behind the two dashes, as: node [options] FILE [arguments]; or put lockstep into the package script itself.',
    retryable: false,
  },
  CLI_NODE_WITHOUT_FILE: {
    message: 'The node command "{command}" names no file that every replica could run{detail}.',
    remedy: 'Write the command as: node [options] FILE [arguments]',
    retryable: false,
  },
  CLI_FILE_NOT_FOUND: {
    message: 'There is no file "{file}" to run.',
    remedy: 'Check the path; it is looked up from {folder}.',
    retryable: false,
  },
  CLI_OPTION_INVALID: {
    message: '{option} cannot be "{value}".',
    remedy: 'It takes {expected}.',
    retryable: false,
  },
  CLI_DRILL_UNREADABLE: {
    message: 'The drill file "{file}" cannot be read: {detail}.',
    remedy:
      'Name a CommonJS or ES module file, optionally with @leader, @follower or @all behind it.',
    retryable: false,
  },
  CLI_DRILL_NO_FOLLOWER: {
    message: 'The drill is meant for a follower, and with --replicas 1 there is none.',
    remedy: 'Write {file}@leader, or use --replicas 2 or more.',
    retryable: false,
  },
  CLI_DRILL_NO_SERVICE: {
    message: 'No service "{service}" is running.',
    remedy: 'See: lockstep status',
    retryable: true,
  },
  CLI_DRILL_NOT_ALLOWED: {
    message: 'The service "{service}" was not started with drills allowed.',
    remedy: 'Start it with: lockstep run --service {service} --allow-drills -- node FILE',
    retryable: false,
  },
  CLI_DRILL_NO_REPLICA: {
    message: 'The service "{service}" has no replica {replica} that is connected.',
    remedy: 'See: lockstep status',
    retryable: true,
  },
  CLI_COMMAND_NOT_STARTED: {
    message: 'The command "{command}" could not be started: {detail}.',
    remedy: 'Check that it starts without lockstep in front.',
    retryable: false,
  },
  CLI_AGENT_NOT_BUILT: {
    message: "Lockstep's agent is not at {file}.",
    remedy: 'Build it with: npm run build',
    retryable: false,
  },
  CLI_AGENT_SILENT: {
    message: 'The agent in {service} never reported, so there was nothing to compare.',
    remedy: 'Look at what was printed above; the command may end before it starts.',
    retryable: false,
  },
  CLI_PORT_TAKEN: {
    message: 'Port {port} on {host} is taken by another program.',
    remedy: 'Stop that program, or choose another port with --port.',
    retryable: true,
  },
  CLI_PORT_FORBIDDEN: {
    message: 'This user may not listen on port {port}.',
    remedy: 'Choose a port above 1023 with --port.',
    retryable: false,
  },
  CLI_HOST_UNKNOWN: {
    message: 'This machine has no address "{host}" to listen on.',
    remedy: 'Use --host 127.0.0.1, or an address of one of its interfaces.',
    retryable: false,
  },
  CLI_FOLDER_UNUSABLE: {
    message: 'The folder {folder} cannot be used: {detail}.',
    remedy: 'Make it readable and writable for this user, or name another one with {option}.',
    retryable: false,
  },
  CLI_TOKEN_UNREADABLE: {
    message: 'The token file {file} cannot be used: {detail}.',
    remedy:
      'Set LOCKSTEP_TOKEN_FILE to the file that `lockstep up` wrote, readable for this user only.',
    retryable: true,
  },
  CLI_COLLECTOR_AWAY: {
    message: 'No collector answers at {url}: {detail}.',
    remedy: 'Start one with: lockstep up; or name another with --collector.',
    retryable: true,
  },
  CLI_COLLECTOR_REFUSED: {
    message: 'The collector at {url} refused: {detail}',
    remedy: 'See docs/ERRORS.md for the code {code}.',
    retryable: false,
  },
  CLI_COLLECTOR_ANSWER: {
    message: 'The answer of {url} is not one that a collector gives (status {status}).',
    remedy: 'Check that --collector names a Lockstep collector of the same version.',
    retryable: false,
  },
};

/** What fills a message's placeholders, by name; and the error behind it, if there is one. */
export interface ErrorValues {
  readonly cause?: unknown;
  readonly [placeholder: string]: unknown;
}

/** A failure that ends the command with one sentence, its remedy, and exit code 2. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly remedy: string;
  readonly retryable: boolean;

  constructor(code: CliErrorCode, values: ErrorValues) {
    const row = errorTable[code];
    super(fill(row.message, values), 'cause' in values ? { cause: values.cause } : {});
    this.name = 'CliError';
    this.code = code;
    this.remedy = fill(row.remedy, values);
    this.retryable = row.retryable;
  }
}

/**
 * What a person reads of anything that was thrown. Errors of another package's table have their whole
 * sentence as message; what is in no table is a bug, and its stack helps whoever mends it.
 */
export function sentenceOf(error: unknown): string {
  if (error instanceof CliError) return `${error.message} ${error.remedy}`;
  if (!(error instanceof Error)) return String(error);
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  const isOfATable = typeof code === 'string' && typeof retryable === 'boolean';
  return isOfATable ? error.message : (error.stack ?? error.message);
}

/** The `code` of a Node error (`ENOENT`, ...), or its message: for the middle of a sentence. */
export function detailOf(error: unknown): string {
  if (error instanceof CliError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : code;
}

function fill(template: string, values: ErrorValues): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
