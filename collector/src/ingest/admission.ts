/** Who may speak for which replica: version, token, role and connection number of a hello. */
import {
  type HelloFrame,
  isLogName,
  PROTOCOL_VERSION,
  type RegisterFrame,
  Role,
} from '@lockstep/protocol';
import { type Refusal, refusal } from '../errors.ts';
import type { Replica } from '../runs/replica.ts';
import type { Run } from '../runs/run.ts';
import type { RunLog } from '../runs/run-log.ts';
import type { Runs } from '../runs/runs.ts';
import { hasHash, type ServiceTokens } from './tokens.ts';

export type Admission =
  | { readonly log: RunLog; readonly replica: Replica }
  | { readonly refusal: Refusal };

function refuse(...args: Parameters<typeof refusal>): { readonly refusal: Refusal } {
  return { refusal: refusal(...args) };
}

/** Finds the replica that a hello may speak for, or says why it may not. */
export function admit(frame: HelloFrame, runs: Runs, tokens: ServiceTokens): Admission {
  if (frame.version !== PROTOCOL_VERSION) {
    return refuse('VERSION_DIFFERS', { version: frame.version, supported: PROTOCOL_VERSION });
  }
  const unauthorized = checkToken(frame, runs.get(frame.runId), tokens);
  if (unauthorized !== null) return { refusal: unauthorized };
  const name = logNameOf(frame);
  if (name === null)
    return refuse('MALFORMED_FRAME', { why: 'a hello names one log, as stream 0' });
  const run = runs.forHello(frame);
  const conflict = checkConflict(frame, run, name);
  if (conflict !== null) return { refusal: conflict };
  run.addReplica(frame.replica, frame.role, frame.variant, null);
  const log = run.openLog(name);
  const replica = log?.replicas.get(frame.replica);
  if (log === null || replica === undefined) {
    return refuse('RUN_ENDED', { replica: frame.replica, run: run.runId });
  }
  return { log, replica };
}

function checkToken(
  { token, replica, role, runId, service }: HelloFrame,
  run: Run | undefined,
  tokens: ServiceTokens,
): Refusal | null {
  const values = { run: runId, service, replica, role };
  const known = run?.replicas.get(replica);
  if (run !== undefined && run.service !== service) return refusal('RUN_DIFFERS', values);
  if (known !== undefined && known.role !== role) return refusal('TOKEN_REFUSED', values);
  if (tokens.accepts(token)) return null;
  if (known === undefined || known.tokenHash === null) return refusal('RUN_UNREGISTERED', values);
  return hasHash(token, known.tokenHash) ? null : refusal('TOKEN_REFUSED', values);
}

/** The one log that this connection is about. */
function logNameOf({ streams }: HelloFrame): string | null {
  const [only, ...others] = streams;
  if (only === undefined || others.length > 0 || only.stream !== 0) return null;
  return isLogName(only.log) ? only.log : null;
}

function checkConflict(frame: HelloFrame, run: Run, logName: string): Refusal | null {
  const { replica: id, connection } = frame;
  const known = run.logs.get(logName)?.replicas.get(id);
  if (run.isOver || known?.hasEnded) return refusal('RUN_ENDED', { replica: id, run: run.runId });
  const last = known?.hello?.connection;
  if (last !== undefined && connection <= last) {
    return refusal('CONNECTION_NUMBER', { connection, replica: id, last });
  }
  const { leader } = run;
  if (frame.role === Role.leader && leader !== undefined && leader.id !== id) {
    return refusal('SECOND_LEADER', { replica: id, run: run.runId, leader: leader.id });
  }
  return null;
}

/** The run that a launcher may register, or why it may not. */
export function admitLauncher(
  frame: RegisterFrame,
  runs: Runs,
  tokens: ServiceTokens,
): { readonly run: Run } | { readonly refusal: Refusal } {
  const { version, service, runId } = frame;
  if (version !== PROTOCOL_VERSION) {
    return refuse('VERSION_DIFFERS', { version, supported: PROTOCOL_VERSION });
  }
  if (!tokens.accepts(frame.token)) return refuse('SERVICE_TOKEN_REFUSED', { service });
  const run = runs.register(frame);
  return run === null ? refuse('RUN_DIFFERS', { run: runId }) : { run };
}
