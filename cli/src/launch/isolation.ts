/**
 * Which namespace followers may have here. Asked of the kernel once, by trying: root can have a network
 * namespace of its own, other users one inside a user namespace where the kernel allows it, and in many
 * containers nobody can. An empty network namespace has no route anywhere; Unix sockets still work.
 */
import { spawn } from 'node:child_process';
import { Isolation } from '@lockstep/protocol';
import { ISOLATION_PROBE_MS } from '../limits.ts';

/** What stands in front of a follower's command, and what that keeps it from. */
export interface IsolationPlan {
  readonly prefix: readonly string[];
  readonly isolation: Isolation;
}

/** No namespace: the agent's virtual objects alone keep the follower from the world. */
export const notIsolated: IsolationPlan = { prefix: [], isolation: Isolation.none };

const candidates: readonly IsolationPlan[] = [
  { prefix: ['unshare', '-n', '--'], isolation: Isolation.network },
  { prefix: ['unshare', '-rn', '--'], isolation: Isolation.network },
];

/** Whether a command ends with code 0 in time. */
export type Probe = (command: readonly string[]) => Promise<boolean>;

/** The first candidate that works on this machine. */
export async function probeIsolation(probe: Probe = runsWell): Promise<IsolationPlan> {
  for (const candidate of candidates) {
    // One after the other: the second is only of interest when the first is forbidden.
    if (await probe([...candidate.prefix, 'true'])) return candidate;
  }
  return notIsolated;
}

function runsWell(command: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', timeout: ISOLATION_PROBE_MS });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
