/**
 * `lockstep check`: a command to its end, compared by a collector inside this process that listens where
 * replicas look for one, keeps everything in memory, and goes when the verdict is said.
 */
import { basename, extname } from 'node:path';
import { LAUNCHER_PATH, PROTOCOL_VERSION, Role } from '@lockstep/protocol';
import { CollectorClient } from '../client/collector-client.ts';
import { sayToStderr } from '../client/notices.ts';
import {
  type LocalCollector,
  openCheckCollector,
  type SettledRun,
} from '../collector/local-collector.ts';
import { readEnvironment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { findAgentFile } from '../launch/agent-file.ts';
import { parseDrill } from '../launch/drill-option.ts';
import { Launch } from '../launch/launch.ts';
import { type LaunchPlan, planLaunch } from '../launch/launch-plan.ts';
import { newRun, planReplicas, registered } from '../launch/replica-plan.ts';
import { makeRunFolder } from '../launch/run-folder.ts';
import {
  CHECK_EXIT_WAIT_MS,
  FAREWELL_MS,
  TERMINATE_GRACE_MS,
  TIMED_OUT_DRAIN_SECONDS,
} from '../limits.ts';
import { type CheckReport, exitCodeFor, reportLines } from '../report/check-report.ts';
import { makeReport } from '../report/make-report.ts';

/** The options as commander hands them over, checked. */
export interface CheckOptions {
  readonly service?: string;
  readonly replicas: number;
  readonly json?: boolean;
  readonly timeout?: number;
  readonly drain: number;
  readonly addons?: boolean;
  readonly drill?: string;
  readonly variant?: string;
}

/** Checks a command and ends this process with the code that says how it came out. */
export async function check(command: readonly string[], options: CheckOptions): Promise<void> {
  const folder = process.cwd();
  if (command.length === 0)
    throw new CliError('CLI_COMMAND_MISSING', { command: 'check', options: '' });
  const plan = planLaunch(command, folder, process.env);
  const setup = {
    service: options.service ?? serviceName(plan),
    plan,
    run: newRun(new Date()),
    replicas: planReplicas(options.replicas, options.variant ?? null),
    drill: options.drill === undefined ? null : parseDrill(options.drill, folder),
    agentFile: findAgentFile(readEnvironment(process.env).agentFile),
    folder,
    env: process.env,
  };
  const runFolder = makeRunFolder();
  process.on('exit', runFolder.remove);
  const collector = await openCheckCollector(runFolder);
  const report = await runChecked(
    { ...setup, socketPath: runFolder.socketPath },
    { command, options, collector },
  );
  await collector.close();
  if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else for (const line of reportLines(report)) sayToStderr(line);
  process.exitCode = exitCodeFor(report);
}

interface CheckSetup {
  readonly service: string;
  readonly plan: LaunchPlan;
  readonly run: ReturnType<typeof newRun>;
  readonly replicas: ReturnType<typeof planReplicas>;
  readonly drill: ReturnType<typeof parseDrill> | null;
  readonly agentFile: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly socketPath: string;
}

interface CheckContext {
  readonly command: readonly string[];
  readonly options: CheckOptions;
  readonly collector: LocalCollector;
}

async function runChecked(setup: CheckSetup, context: CheckContext): Promise<CheckReport> {
  const { options, collector } = context;
  const client = await connect(setup, context);
  let timedOut = false;
  const launch = new Launch({
    ...setup,
    allowDrills: false,
    allowAddons: options.addons === true,
    exitWaitMs: CHECK_EXIT_WAIT_MS,
    pathPrefix: '',
    leaderOutput: options.json === true ? 'stderr' : 'inherit',
    drainSeconds: () => (timedOut ? TIMED_OUT_DRAIN_SECONDS : options.drain),
    onExit: (frame) => client.replicaExit(frame),
    onFollowerDied: () => undefined,
  });
  const stopTimer = startTimer(options.timeout, () => {
    timedOut = true;
    // The leader alone: followers end by themselves, at the end of its log.
    launch.killLeader('SIGTERM');
    setTimeout(() => launch.killLeader('SIGKILL'), TERMINATE_GRACE_MS).unref();
  });
  const { signal } = await launch.run();
  stopTimer();
  await client.close(FAREWELL_MS);
  const outcome = await collector.settled(setup.run.runId);
  launch.close();
  // A command that a signal ended at once took its agent with it: that is incomplete, no misuse.
  if (!hasReported(outcome) && signal === null)
    throw new CliError('CLI_AGENT_SILENT', { service: setup.service });
  return makeReport(outcome, {
    ...setup,
    timedOut,
    timeout: options.timeout ?? 0,
    pids: launch.pids(),
  });
}

/** Registers with the collector beside us; it is there, or nothing is. */
function connect(
  setup: CheckSetup,
  { command, collector }: CheckContext,
): Promise<CollectorClient> {
  return new Promise((resolve, reject) => {
    const client: CollectorClient = new CollectorClient({
      url: `ws+unix://${setup.socketPath}:${LAUNCHER_PATH}`,
      register: () => ({
        type: 'register',
        version: PROTOCOL_VERSION,
        token: collector.token,
        runId: setup.run.runId,
        service: setup.service,
        startedAt: setup.run.startedAt,
        command: [...command],
        drill: setup.drill !== null,
        allowDrills: false,
        replicas: setup.replicas.map(registered),
      }),
      onRegistered: () => resolve(client),
      onRunState: () => undefined,
      onAway: (cause) => reject(cause),
      onRefused: ({ code, message }) =>
        reject(
          new CliError('CLI_COLLECTOR_REFUSED', { url: 'lockstep check', code, detail: message }),
        ),
    });
  });
}

/** Whether the leader's agent ever said who it is; without that, there was nothing to check. */
function hasReported({ run }: SettledRun): boolean {
  return run.replicas.some(({ role, connectedAt }) => role === Role.leader && connectedAt !== null);
}

/** Calls `onTime` after `seconds`; the answer stops that. */
function startTimer(seconds: number | undefined, onTime: () => void): () => void {
  if (seconds === undefined) return () => undefined;
  const timer = setTimeout(onTime, seconds * 1000);
  return () => clearTimeout(timer);
}

function serviceName({ mainFile }: LaunchPlan): string {
  return basename(mainFile, extname(mainFile)).replaceAll(/[^\w.@-]/g, '-') || 'check';
}
