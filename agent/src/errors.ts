/** What can be wrong with an agent's options, as sentences. The agent then does nothing; the service runs. */

/** One entry of an error table. */
export interface ErrorEntry {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

export type AgentErrorCode =
  | 'AGENT_OPTION_MISSING'
  | 'AGENT_OPTION_INVALID'
  | 'AGENT_CONFIG_UNREADABLE'
  | 'AGENT_CONFIG_UNKNOWN_OPTION'
  | 'AGENT_SECRETS_UNREADABLE'
  | 'AGENT_START_FAILED';

/** Errors of the agent's start. Placeholders in braces are filled in. */
export const errorTable: Readonly<Record<AgentErrorCode, ErrorEntry>> = {
  AGENT_OPTION_MISSING: {
    message: '{name} is not set',
    remedy: 'Set {name}, or start the service with "lockstep run", which sets it.',
    retryable: false,
  },
  AGENT_OPTION_INVALID: {
    message: '{name} is "{value}", which is not {expected}',
    remedy: 'Set {name} to {expected}.',
    retryable: false,
  },
  AGENT_CONFIG_UNREADABLE: {
    message: '{name} cannot be read: {why}',
    remedy: 'Correct the file so that it holds one JSON object, or remove it.',
    retryable: false,
  },
  AGENT_CONFIG_UNKNOWN_OPTION: {
    message: '{name} holds the unknown option "{value}"',
    remedy: 'Remove it; the options are {expected}.',
    retryable: false,
  },
  AGENT_SECRETS_UNREADABLE: {
    message: 'the secrets at {name} cannot be used: {why}',
    remedy:
      'Give LOCKSTEP_SECRETS an open descriptor or a file that holds what "lockstep run" writes.',
    retryable: false,
  },
  AGENT_START_FAILED: {
    message: 'the agent could not start: {why}',
    remedy: 'Report it with the Node.js version; the service runs without Lockstep.',
    retryable: false,
  },
};

/** What fills an error's placeholders, and what caused it. */
export interface AgentErrorParts {
  readonly values: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An option that keeps the agent from starting. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, { values, cause }: AgentErrorParts) {
    const { message, remedy } = errorTable[code];
    super(`${fill(message, values)}. ${fill(remedy, values)}`, { cause });
    this.code = code;
  }
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, key: string) => values[key] ?? '?');
}
