/**
 * The one registry of the agent's options: environment variables that a launcher sets, and
 * `lockstep.config.json` in the working folder. Everything is checked here, once, before anything starts.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Isolation, LEADER_DRAIN_MS, MAIN_LOG, Role } from '@lockstep/protocol';
import { AgentError } from './errors.ts';
import {
  DEFAULT_EVIDENCE_BYTES,
  DEFAULT_MEMORY_BYTES,
  DEFAULT_SPOOL_BYTES,
} from './transport/limits.ts';

/** Checked options. Sizes are in bytes. */
export interface AgentOptions {
  readonly url: string;
  readonly service: string;
  readonly role: Role;
  readonly runId: string;
  readonly replica: string;
  /** The log of this process: `main`, or that of a child. */
  readonly logName: string;
  readonly variant: string;
  /** A descriptor number, or the path of a file. */
  readonly secrets: string;
  readonly isolation: Isolation;
  /** Payload to load before the service, or null. */
  readonly drill: string | null;
  readonly allowDrills: boolean;
  readonly allowAddons: boolean;
  /** Longest wait of a leader's exit for its unsent bytes, milliseconds. */
  readonly exitWaitMs: number;
  readonly strong: boolean;
  readonly memoryBytes: number;
  readonly evidenceBytes: number;
  readonly spoolBytes: number;
  readonly redact: readonly string[];
  /** Ways in that a test leaves unhooked. */
  readonly without: readonly string[];
}

const MIB: number = 1024 * 1024;

/** Options of the file: what a value must be, and the default. */
const fileOptions = {
  strong: { expected: 'true or false', fits: (value: unknown) => typeof value === 'boolean' },
  memoryMiB: { expected: 'a whole number from 1 to 4096', fits: isMebibytes },
  evidenceMiB: { expected: 'a whole number from 1 to 4096', fits: isMebibytes },
  spoolMiB: { expected: 'a whole number from 1 to 4096', fits: isMebibytes },
  redact: { expected: 'a list of names', fits: isNameList },
} as const;

const CONFIG_FILE = 'lockstep.config.json';
const PREFIX = 'LOCKSTEP_';

/** Whether the environment asks for an agent at all. */
export function isWanted(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['LOCKSTEP_URL']) && Boolean(env['LOCKSTEP_SECRETS']);
}

/** Reads and checks all options. Throws `AgentError`. */
export function readOptions(env: NodeJS.ProcessEnv, folder: string): AgentOptions {
  const file = readConfig(path.join(folder, CONFIG_FILE));
  const mebibytes = (key: string, otherwise: number): number =>
    typeof file[key] === 'number' ? file[key] * MIB : otherwise;
  return {
    url: matching(env, 'URL', /^(wss?:\/\/|ws\+unix:\/)/, 'a ws://, wss:// or ws+unix:/ address'),
    service: required(env, 'SERVICE'),
    role: oneOf(env, 'ROLE', Object.values(Role)),
    runId: matching(env, 'RUN', /^[0-9a-f]{32}$/, '32 hexadecimal digits'),
    replica: required(env, 'REPLICA'),
    logName: env[`${PREFIX}LOG`] || MAIN_LOG,
    variant: env[`${PREFIX}VARIANT`] || 'default',
    secrets: required(env, 'SECRETS'),
    isolation: env[`${PREFIX}ISOLATION`]
      ? oneOf(env, 'ISOLATION', Object.values(Isolation))
      : Isolation.none,
    drill: env[`${PREFIX}DRILL`] || null,
    allowDrills: env[`${PREFIX}ALLOW_DRILLS`] === '1',
    allowAddons: env[`${PREFIX}ADDONS`] === 'allow',
    exitWaitMs: env[`${PREFIX}EXIT_WAIT_MS`]
      ? Number(matching(env, 'EXIT_WAIT_MS', /^\d{1,6}$/, 'a whole number of milliseconds'))
      : LEADER_DRAIN_MS,
    strong: file['strong'] === true,
    memoryBytes: mebibytes('memoryMiB', DEFAULT_MEMORY_BYTES),
    evidenceBytes: mebibytes('evidenceMiB', DEFAULT_EVIDENCE_BYTES),
    spoolBytes: mebibytes('spoolMiB', DEFAULT_SPOOL_BYTES),
    without: (env[`${PREFIX}TEST_WITHOUT`] ?? '').split(',').filter(Boolean),
    redact: (file['redact'] as readonly string[] | undefined) ?? [],
  };
}

/** What a launcher adds to a replica's environment, without the prefix. */
const ADDED = [
  'ADDONS',
  'ALLOW_DRILLS',
  'COMMAND_FILE',
  'DRILL',
  'EXIT_WAIT_MS',
  'ISOLATION',
  'LOG',
  'REPLICA',
  'ROLE',
  'RUN',
  'SECRETS',
  'SERVICE',
  'TEST_WITHOUT',
  'URL',
  'VARIANT',
] as const;

/** What a child's environment needs for its agent to read these options; nothing secret. */
export function environmentOf(options: AgentOptions, secrets: string): Record<string, string> {
  const { url, service, role, runId, replica, logName, variant, isolation, drill } = options;
  const given: Partial<Record<(typeof ADDED)[number], string>> = {
    URL: url,
    SERVICE: service,
    ROLE: role,
    RUN: runId,
    REPLICA: replica,
    LOG: logName,
    VARIANT: variant,
    SECRETS: secrets,
    ISOLATION: isolation,
    EXIT_WAIT_MS: String(options.exitWaitMs),
    ...(drill !== null && { DRILL: drill }),
    ...(options.allowDrills && { ALLOW_DRILLS: '1' }),
    ...(options.allowAddons && { ADDONS: 'allow' }),
    ...(options.without.length > 0 && { TEST_WITHOUT: options.without.join(',') }),
  };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [PREFIX + key, value]));
}

/** Removes what the launcher added, so that the service sees the environment that it would have. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): void {
  for (const key of ADDED) Reflect.deleteProperty(env, PREFIX + key);
}

function required(env: NodeJS.ProcessEnv, key: string): string {
  const value = env[PREFIX + key];
  if (!value) throw new AgentError('AGENT_OPTION_MISSING', { values: { name: PREFIX + key } });
  return value;
}

function matching(env: NodeJS.ProcessEnv, key: string, pattern: RegExp, expected: string): string {
  const value = required(env, key);
  if (pattern.test(value)) return value;
  throw new AgentError('AGENT_OPTION_INVALID', { values: { name: PREFIX + key, value, expected } });
}

function oneOf<T extends string>(env: NodeJS.ProcessEnv, key: string, values: readonly T[]): T {
  const value = required(env, key);
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  const expected = `one of ${values.join(', ')}`;
  throw new AgentError('AGENT_OPTION_INVALID', { values: { name: PREFIX + key, value, expected } });
}

function readConfig(file: string): Record<string, unknown> {
  if (!fs.existsSync(file)) return {};
  let json: unknown;
  try {
    json = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AgentError('AGENT_CONFIG_UNREADABLE', {
      values: { name: file, why: String(error) },
      cause: error,
    });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new AgentError('AGENT_CONFIG_UNREADABLE', {
      values: { name: file, why: 'it is no JSON object' },
    });
  }
  for (const [key, value] of Object.entries(json)) checkFileOption(file, key, value);
  return json as Record<string, unknown>;
}

function checkFileOption(file: string, key: string, value: unknown): void {
  if (!Object.hasOwn(fileOptions, key)) {
    const expected = Object.keys(fileOptions).join(', ');
    throw new AgentError('AGENT_CONFIG_UNKNOWN_OPTION', {
      values: { name: file, value: key, expected },
    });
  }
  const { expected, fits } = fileOptions[key as keyof typeof fileOptions];
  if (fits(value)) return;
  const shown = JSON.stringify(value);
  throw new AgentError('AGENT_OPTION_INVALID', {
    values: { name: `${key} in ${file}`, value: shown, expected },
  });
}

function isMebibytes(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4096;
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
