/**
 * The processes of one run: the leader, then the followers beside it. Starts them, tells how each one
 * ended, gives followers their time to finish the log, and leaves none behind.
 */
import { quietStart, Role } from '@lockstep/protocol';
import { CliError, detailOf } from '../errors.ts';
import { type DrillPlan, struckReplicas } from './drill-option.ts';
import { type IsolationPlan, notIsolated } from './isolation.ts';
import { type LaunchPlan, replicaArguments } from './launch-plan.ts';
import { type RunEnvironment, replicaEnvironment } from './replica-environment.ts';
import { type ReplicaPlan, type RunIdentity, secretsOf } from './replica-plan.ts';
import { type ProcessEnd, ReplicaProcess } from './replica-process.ts';

/** What a set is made from. `leaderOutput`: where the leader's standard output goes. */
export interface ReplicaSetOptions {
  readonly plan: LaunchPlan;
  readonly run: RunIdentity;
  readonly replicas: readonly ReplicaPlan[];
  readonly drill: DrillPlan | null;
  readonly environment: RunEnvironment;
  readonly agentFile: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly leaderOutput: 'inherit' | 'stderr';
  readonly onEnd: (replica: ReplicaPlan, end: ProcessEnd, stderrTail: string) => void;
}

/** Standard error's number: where the leader's output goes when ours is read by a program. */
const STDERR = 2;

export class ReplicaSet {
  readonly #options: ReplicaSetOptions;
  readonly #struck: ReadonlySet<string>;
  readonly #processes: Map<string, ReplicaProcess> = new Map();
  #isClosed: boolean = false;

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
    this.#struck = struckReplicas(options.drill, options.replicas);
  }

  /** Starts the leader. Throws when the command cannot be started at all. */
  async startLeader(): Promise<ReplicaProcess> {
    const [leader] = this.#options.replicas;
    if (leader === undefined) throw new Error('a run without a leader');
    const leaderProcess = this.#start(leader, notIsolated);
    if (leaderProcess.pid === null) {
      const { failure } = await leaderProcess.ended;
      const values = { command: this.#options.plan.node, detail: detailOf(failure) };
      throw new CliError('CLI_COMMAND_NOT_STARTED', { ...values, cause: failure });
    }
    return leaderProcess;
  }

  /** Starts the followers; none once the set was ended. */
  startFollowers(isolation: IsolationPlan): void {
    if (this.#isClosed) return;
    for (const replica of this.#followers()) this.#start(replica, isolation);
  }

  /** Gives followers up to `seconds` to end by themselves, then ends them. */
  async drain(seconds: number): Promise<void> {
    const rest = this.#followers().flatMap(({ id }) => this.#processes.get(id) ?? []);
    const all = Promise.all(rest.map(({ ended }) => ended));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([all, limit]);
    clearTimeout(timer);
    this.#isClosed = true;
    for (const follower of rest) follower.kill('SIGKILL');
    await all;
  }

  /** Ends what is still there, synchronously: the last thing that a dying launcher does. */
  abandon(): void {
    this.#isClosed = true;
    for (const [id, replica] of this.#processes) {
      // The leader may have work to put away; followers have none.
      replica.kill(this.#isLeader(id) ? 'SIGTERM' : 'SIGKILL');
    }
  }

  /** Sends a signal to all. */
  kill(signal: NodeJS.Signals): void {
    for (const replica of this.#processes.values()) replica.kill(signal);
  }

  /** Process ids by replica. */
  pids(): ReadonlyMap<string, number | null> {
    return new Map([...this.#processes].map(([id, { pid }]) => [id, pid]));
  }

  #followers(): readonly ReplicaPlan[] {
    return this.#options.replicas.filter(({ role }) => role === Role.follower);
  }

  #isLeader(id: string): boolean {
    return this.#options.replicas.some((plan) => plan.id === id && plan.role === Role.leader);
  }

  #start(replica: ReplicaPlan, isolation: IsolationPlan): ReplicaProcess {
    const { plan, environment, env, folder, agentFile, run, onEnd } = this.#options;
    const isLeader = replica.role === Role.leader;
    const whole = { options: plan.nodeOptions, env };
    const start = isLeader ? whole : quietStart(whole);
    const replicaPlan = { ...plan, nodeOptions: start.options };
    const command = [...isolation.prefix, plan.node, ...replicaArguments(replicaPlan, agentFile)];
    const [program = '', ...args] = command;
    const struck = this.#struck.has(replica.id);
    const output = this.#options.leaderOutput === 'stderr' ? STDERR : 'inherit';
    const started = new ReplicaProcess({
      program,
      args,
      folder,
      env: {
        ...start.env,
        ...replicaEnvironment(environment, replica, isolation.isolation, struck),
      },
      stdio: isLeader ? ['inherit', output, 'inherit'] : ['ignore', 'ignore', 'pipe'],
      secrets: secretsOf(run, replica),
    });
    this.#processes.set(replica.id, started);
    void started.ended.then((end) => onEnd(replica, end, started.stderrTail));
    return started;
  }
}
