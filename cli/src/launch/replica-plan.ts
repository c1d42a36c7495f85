/** Who belongs to a run: ids, roles, and the secrets that each replica gets and nobody else. */
import { createHash, randomBytes } from 'node:crypto';
import type { RegisteredReplica, ReplicaSecrets } from '@lockstep/protocol';
import { Role } from '@lockstep/protocol';

/** One replica before it is started. */
export interface ReplicaPlan {
  readonly id: string;
  readonly role: Role;
  readonly variant: string;
  readonly token: string;
}

/** What makes a run this run. `seed`: 256 random bits, hexadecimal, never written anywhere. */
export interface RunIdentity {
  readonly runId: string;
  readonly seed: string;
  readonly startedAt: string;
}

/** The leader's id; followers are named from the next letter on. */
export const LEADER = 'a';

const DEFAULT_VARIANT = 'default';

/** A new run: nothing in it is ever used twice. */
export function newRun(now: Date): RunIdentity {
  return {
    runId: randomBytes(16).toString('hex'),
    seed: randomBytes(32).toString('hex'),
    startedAt: now.toISOString(),
  };
}

/** Leader `a`, then followers `b`, `c`, ... . The variant is the followers': the leader is the service. */
export function planReplicas(count: number, variant: string | null): readonly ReplicaPlan[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String.fromCharCode(LEADER.charCodeAt(0) + index),
    role: index === 0 ? Role.leader : Role.follower,
    variant: index === 0 ? DEFAULT_VARIANT : (variant ?? DEFAULT_VARIANT),
    token: randomBytes(32).toString('hex'),
  }));
}

/** What the collector learns of a replica: enough to recognise its token, not to use it. */
export function registered(replica: ReplicaPlan): RegisteredReplica {
  const { id, role, variant, token } = replica;
  return { id, role, variant, tokenHash: createHash('sha256').update(token).digest('hex') };
}

/** What goes through a replica's inherited descriptor. */
export function secretsOf(run: RunIdentity, replica: ReplicaPlan): ReplicaSecrets {
  return { version: 1, runId: run.runId, seed: run.seed, token: replica.token };
}
