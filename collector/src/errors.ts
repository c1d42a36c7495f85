/**
 * Why the collector refuses something: one table, from which docs/ERRORS.md is checked. A message
 * names the thing and its value, a remedy what to do.
 */
import { CloseCode, type RefuseFrame } from '@lockstep/protocol';

/** One entry; `{names}` in the message are filled in by `refusal`. */
export interface ErrorEntry {
  readonly message: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly close: CloseCode;
}

function entry(close: CloseCode, retryable: boolean, message: string, remedy: string): ErrorEntry {
  return { message, remedy, retryable, close };
}

const upgrade = 'Install the same version of Lockstep on both ends.';

/** Every reason for a refusal. */
export type ErrorCode =
  | 'MALFORMED_FRAME'
  | 'UNEXPECTED_FRAME'
  | 'HELLO_LATE'
  | 'VERSION_DIFFERS'
  | 'RUN_UNREGISTERED'
  | 'TOKEN_REFUSED'
  | 'SERVICE_TOKEN_REFUSED'
  | 'RUN_DIFFERS'
  | 'RUN_ENDED'
  | 'CONNECTION_NUMBER'
  | 'SECOND_LEADER'
  | 'FRAME_HOLE'
  | 'SETTING_DIFFERS'
  | 'FRAME_TOO_LARGE'
  | 'COLLECTOR_STOPPING';

export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = {
  MALFORMED_FRAME: entry(
    CloseCode.malformed,
    false,
    'The frame is not what the protocol says: {why}.',
    upgrade,
  ),
  UNEXPECTED_FRAME: entry(
    CloseCode.malformed,
    false,
    'A frame of type "{type}" came while the connection was {state}.',
    upgrade,
  ),
  HELLO_LATE: entry(
    CloseCode.malformed,
    true,
    'No hello came within {milliseconds} ms.',
    'Look whether the host is overloaded; the replica tries again by itself.',
  ),
  VERSION_DIFFERS: entry(
    CloseCode.version,
    false,
    'The peer speaks protocol version {version}, this collector speaks version {supported}.',
    upgrade,
  ),
  RUN_UNREGISTERED: entry(
    CloseCode.unauthorized,
    true,
    'Run {run} of service "{service}" is not registered, and the token of replica "{replica}" is no service token.',
    'Wait for the launcher to register it, or give the agent the service token.',
  ),
  TOKEN_REFUSED: entry(
    CloseCode.unauthorized,
    false,
    'The token of replica "{replica}" is not the one registered for it as {role} of run {run}.',
    'Start the replica through its launcher, with the secrets that it was given.',
  ),
  SERVICE_TOKEN_REFUSED: entry(
    CloseCode.unauthorized,
    false,
    'The token for service "{service}" is not one that this collector knows.',
    'Set LOCKSTEP_TOKEN_FILE to the token file that `lockstep up` wrote.',
  ),
  RUN_DIFFERS: entry(
    CloseCode.conflict,
    false,
    'Run {run} is registered with another service or other replicas.',
    'Start a new run; a run identifier is used once.',
  ),
  RUN_ENDED: entry(
    CloseCode.conflict,
    false,
    'Replica "{replica}" of run {run} has ended.',
    'Start a new run; an ended replica does not come back.',
  ),
  CONNECTION_NUMBER: entry(
    CloseCode.conflict,
    false,
    'Connection {connection} of replica "{replica}" is not above {last}, the last one.',
    'Look for a second process that uses the secrets of this replica.',
  ),
  SECOND_LEADER: entry(
    CloseCode.conflict,
    false,
    'Replica "{replica}" says it leads run {run}, which "{leader}" leads.',
    'Start followers with LOCKSTEP_ROLE=follower.',
  ),
  FRAME_HOLE: entry(
    CloseCode.conflict,
    true,
    'Stream {stream} of replica "{replica}" goes on at {first}, but {expected} was next.',
    'None is needed: the replica connects again and resumes from what is held.',
  ),
  SETTING_DIFFERS: entry(
    CloseCode.settingDiffers,
    false,
    'Replica "{replica}" has another initial setting than the leader: {fields}.',
    'Start all replicas with the same code, arguments, environment, Node version and options.',
  ),
  FRAME_TOO_LARGE: entry(
    CloseCode.tooLarge,
    false,
    'A frame has {bytes} bytes, at most {limit} are allowed.',
    upgrade,
  ),
  COLLECTOR_STOPPING: entry(
    CloseCode.goingAway,
    true,
    'The collector is stopping.',
    'None is needed: the peer connects again.',
  ),
};

/** A refusal as it goes over the wire, with the close code that follows it. */
export interface Refusal {
  readonly frame: RefuseFrame;
  readonly close: CloseCode;
}

/** Fills in an entry of the table. */
export function refusal(
  code: ErrorCode,
  values: Readonly<Record<string, string | number>>,
): Refusal {
  const { message, remedy, retryable, close } = errorTable[code];
  const text = message.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));
  return { frame: { type: 'refuse', code, message: `${text} ${remedy}`, retryable }, close };
}
