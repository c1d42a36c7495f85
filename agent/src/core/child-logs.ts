/**
 * The log of a child: every process and thread that is followed has a log of its own, named by the call
 * that started it, with a transport and a connection of its own. Whoever starts a child asks here, in the
 * leader to let the child lead its log, in a follower to start the follower of that log.
 *
 * A process gets `environment` (nothing secret) and, through an inherited descriptor that its agent closes
 * before the program's code runs, `secretsText`. A thread of this process gets `start` by structured clone
 * (through a port of the agent's, never through what the program can see) and hands it to `startReplica`
 * of `replica.ts` before the program's code runs there. The call must be the same in every replica: its
 * identifier is the name.
 */
import { childLogName, MAIN_LOG, MAX_NAME_CHARS, type ReplicaSecrets } from '@lockstep/protocol';
import { type AgentOptions, environmentOf } from '../options.ts';
import type { CallRef } from './door.ts';

/** What starts an agent: options and secrets. Structured clone carries it. */
export interface ReplicaStart {
  readonly options: AgentOptions;
  readonly secrets: ReplicaSecrets;
}

/** The log of one child. */
export interface ChildLog {
  readonly name: string;
  readonly start: ReplicaStart;
  /** The agent's preload, absolute. */
  readonly agentFile: string;
  /** What the child's environment gets on top; `descriptor`: where it finds its secrets. */
  environment(descriptor: number): Readonly<Record<string, string>>;
  /** What goes through that descriptor. */
  readonly secretsText: string;
}

/** Names the logs of this thread's children. */
export class ChildLogs {
  private readonly own: ReplicaStart;
  private readonly agentFile: string;

  constructor(own: ReplicaStart, agentFile: string) {
    this.own = own;
    this.agentFile = agentFile;
  }

  /** Whether this process or thread is itself the child of one that is followed. */
  get isChild(): boolean {
    return this.own.options.logName !== MAIN_LOG;
  }

  /** The log of the child that this call starts; null for one too deep to have a name. */
  of(call: Pick<CallRef, 'lo' | 'hi'>): ChildLog | null {
    const { options, secrets } = this.own;
    const name = childLogName(options.logName, call.lo, call.hi);
    if (name.length > MAX_NAME_CHARS) return null;
    const start: ReplicaStart = { options: { ...options, logName: name }, secrets };
    return {
      name,
      start,
      agentFile: this.agentFile,
      environment: (descriptor) => environmentOf(start.options, String(descriptor)),
      secretsText: JSON.stringify(secrets),
    };
  }
}
