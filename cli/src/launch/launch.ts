/**
 * One start of a replica set, from plan to last process: what `run` and `check` have in common. Who
 * relays, who judges and what is printed is theirs.
 */
import type { ReplicaExitFrame } from '@lockstep/protocol';
import type { DrillPlan } from './drill-option.ts';
import { type IsolationPlan, probeIsolation } from './isolation.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { ReplicaPlan, RunIdentity } from './replica-plan.ts';
import type { ProcessEnd, ReplicaProcess } from './replica-process.ts';
import { ReplicaSet } from './replica-set.ts';
import { SignalForwarder } from './signals.ts';

/** What is to be started. `drainSeconds` is asked when the leader has ended. */
export interface LaunchOptions {
  readonly service: string;
  readonly plan: LaunchPlan;
  readonly run: RunIdentity;
  readonly replicas: readonly ReplicaPlan[];
  readonly drill: DrillPlan | null;
  readonly allowDrills: boolean;
  readonly allowAddons: boolean;
  readonly exitWaitMs: number | null;
  readonly socketPath: string;
  readonly pathPrefix: string;
  readonly agentFile: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly leaderOutput: 'inherit' | 'stderr';
  readonly drainSeconds: () => number;
  readonly onExit: (frame: ReplicaExitFrame) => void;
  /** A follower went before the leader; `how` in words. */
  readonly onFollowerDied: (id: string, how: string, stderrTail: string) => void;
}

export class Launch {
  readonly #options: LaunchOptions;
  readonly #set: ReplicaSet;
  readonly #signals: SignalForwarder;
  readonly #onExit: () => void;
  #leader: ReplicaProcess | null = null;

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#set = new ReplicaSet({
      ...options,
      environment: {
        ...options,
        runId: options.run.runId,
        mainFile: options.plan.mainFile,
        drillFile: options.drill?.file ?? null,
      },
      onEnd: (replica, end, stderrTail) => this.#ended(replica, end, stderrTail),
    });
    // A second interrupt while followers drain: nobody wants to wait any longer.
    this.#signals = new SignalForwarder(() => this.#set.kill('SIGKILL'));
    // Also for our own crash: no replica may outlive its launcher.
    this.#onExit = () => this.#set.abandon();
    process.on('exit', this.#onExit);
  }

  /** Runs the leader to its end and the followers to theirs; resolves with how the leader ended. */
  async run(): Promise<ProcessEnd> {
    const leader = await this.#set.startLeader();
    this.#leader = leader;
    this.#signals.attach(leader);
    // Beside the running leader: its start waits for nobody.
    const followers = this.#startFollowers();
    const end = await leader.ended;
    await followers;
    await this.#set.drain(this.#options.drainSeconds());
    return end;
  }

  /** Sends the leader a signal; `run` comes to its end when it has ended. */
  killLeader(signal: NodeJS.Signals): void {
    this.#leader?.kill(signal);
  }

  pids(): ReadonlyMap<string, number | null> {
    return this.#set.pids();
  }

  /** Gives signals their default meaning back; nothing of the run is left by now. */
  close(): void {
    this.#signals.close();
    this.#set.abandon();
    process.removeListener('exit', this.#onExit);
  }

  async #startFollowers(): Promise<void> {
    if (this.#options.replicas.length < 2) return;
    const isolation: IsolationPlan = await probeIsolation();
    this.#set.startFollowers(isolation);
  }

  #ended(replica: ReplicaPlan, end: ProcessEnd, stderrTail: string): void {
    const { exitCode, signal } = end;
    this.#options.onExit({ type: 'replica-exit', replica: replica.id, exitCode, signal });
    const isEarly = this.#leader?.isGone === false && replica.role === 'follower';
    if (isEarly) this.#options.onFollowerDied(replica.id, describeEnd(end), stderrTail);
  }
}

/** How a process ended, in words. */
export function describeEnd({ exitCode, signal, failure }: ProcessEnd): string {
  if (failure !== null) return failure.message;
  return signal === null ? `exit code ${exitCode}` : signal;
}
