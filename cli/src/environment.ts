/**
 * Every environment variable that the command reads, in one place. What the launcher sets for replicas
 * stands in launch/replica-environment.ts.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the environment says. */
export interface Environment {
  /** File with the service token; `up` writes it, `run` reads it. */
  readonly tokenFile: string;
  /** Folder of the embedded store and the spool when `up` is given none. */
  readonly dataFolder: string;
  /** Another build of the agent's preload than the installed one; null for that. */
  readonly agentFile: string | null;
}

/** Reads the registry from `env`. Empty values count as unset, as shells leave them behind. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const stateHome = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state');
  const folder = join(stateHome, 'lockstep');
  return {
    tokenFile: env['LOCKSTEP_TOKEN_FILE'] || join(folder, 'token'),
    dataFolder: join(folder, 'data'),
    agentFile: env['LOCKSTEP_AGENT_FILE'] || null,
  };
}
