/** What the launcher tells a replica by environment: no secrets, for `/proc/PID/environ` keeps them. */
import { AGENT_PATH, type Isolation } from '@lockstep/protocol';
import type { ReplicaPlan } from './replica-plan.ts';

/** The descriptor that the secrets come through; the agent closes it before user code runs. */
export const SECRETS_DESCRIPTOR = 3;

/** What is the same for all replicas of a run. */
export interface RunEnvironment {
  readonly service: string;
  readonly runId: string;
  readonly socketPath: string;
  /** Path in front of the collector's endpoints, '' at the root of its host. */
  readonly pathPrefix: string;
  readonly mainFile: string;
  readonly allowDrills: boolean;
  readonly allowAddons: boolean;
  /** What the leader's exit may wait for its last bytes, milliseconds; null: the agent's own limit. */
  readonly exitWaitMs: number | null;
  readonly drillFile: string | null;
}

/** The variables of one replica, on top of the environment that the launcher was started with. */
export function replicaEnvironment(
  run: RunEnvironment,
  replica: ReplicaPlan,
  isolation: Isolation,
  struck: boolean,
): Readonly<Record<string, string>> {
  return {
    LOCKSTEP_URL: `ws+unix://${run.socketPath}:${run.pathPrefix}${AGENT_PATH}`,
    LOCKSTEP_SERVICE: run.service,
    LOCKSTEP_ROLE: replica.role,
    LOCKSTEP_RUN: run.runId,
    LOCKSTEP_REPLICA: replica.id,
    LOCKSTEP_VARIANT: replica.variant,
    LOCKSTEP_SECRETS: String(SECRETS_DESCRIPTOR),
    LOCKSTEP_ISOLATION: isolation,
    LOCKSTEP_COMMAND_FILE: run.mainFile,
    ...(run.allowDrills && { LOCKSTEP_ALLOW_DRILLS: '1' }),
    ...(run.exitWaitMs !== null && { LOCKSTEP_EXIT_WAIT_MS: String(run.exitWaitMs) }),
    ...(run.allowAddons && { LOCKSTEP_ADDONS: 'allow' }),
    ...(struck && run.drillFile !== null && { LOCKSTEP_DRILL: run.drillFile }),
  };
}
