/**
 * `lockstep run`: the service in the foreground as it would run by itself, followers beside it, records
 * and log through a relay to the collector. The service starts whether or not a collector is there.
 */
import { FOLLOWER_DRAIN_SECONDS, LAUNCHER_PATH, PROTOCOL_VERSION } from '@lockstep/protocol';
import { ClientState, CollectorClient } from '../client/collector-client.ts';
import { type CollectorUrl, parseCollectorUrl } from '../client/collector-url.ts';
import { Notices, sayToStderr } from '../client/notices.ts';
import { readToken } from '../client/token-file.ts';
import { readEnvironment } from '../environment.ts';
import { detailOf } from '../errors.ts';
import { findAgentFile } from '../launch/agent-file.ts';
import { parseDrill } from '../launch/drill-option.ts';
import { Launch, type LaunchOptions } from '../launch/launch.ts';
import { planLaunch } from '../launch/launch-plan.ts';
import { Relay } from '../launch/relay.ts';
import { LEADER, newRun, planReplicas, registered } from '../launch/replica-plan.ts';
import { makeRunFolder } from '../launch/run-folder.ts';
import { endAs } from '../launch/signals.ts';
import { AWAY_GRACE_MS, ENDING_TOGETHER_MS, FAREWELL_MS } from '../limits.ts';

/** The options as commander hands them over, checked. */
export interface RunOptions {
  readonly service: string;
  readonly replicas: number;
  readonly collector: string;
  readonly addons?: boolean;
  readonly allowDrills?: boolean;
  readonly drill?: string;
  readonly variant?: string;
  readonly drain?: number;
}

/** Runs a service and ends this process as the service ended. */
export async function run(command: readonly string[], options: RunOptions): Promise<void> {
  const folder = process.cwd();
  const environment = readEnvironment(process.env);
  const collector = parseCollectorUrl(options.collector);
  const runFolder = makeRunFolder();
  process.on('exit', runFolder.remove);
  const setup = {
    service: options.service,
    plan: planLaunch(command, folder, process.env),
    run: newRun(new Date()),
    replicas: planReplicas(options.replicas, options.variant ?? null),
    drill: options.drill === undefined ? null : parseDrill(options.drill, folder),
    allowDrills: options.allowDrills === true,
    allowAddons: options.addons === true,
    exitWaitMs: null,
    socketPath: runFolder.socketPath,
    pathPrefix: collector.pathPrefix,
    agentFile: findAgentFile(environment.agentFile),
    folder,
    env: process.env,
    leaderOutput: 'inherit',
  } as const;
  const notices = new Notices({
    service: options.service,
    runId: setup.run.runId,
    followers: options.replicas - 1,
    collectorUrl: collector.socketUrl,
    say: sayToStderr,
    graceMs: ENDING_TOGETHER_MS,
  });
  const relay = await Relay.open(runFolder.socketPath, collector.address);
  const client = connect(setup, command, { collector, notices, tokenFile: environment.tokenFile });
  const launch = new Launch({
    ...setup,
    drainSeconds: () => (client.isAway ? 0 : (options.drain ?? FOLLOWER_DRAIN_SECONDS)),
    onExit: (frame) => {
      if (frame.replica === LEADER) notices.over();
      client.replicaExit(frame);
    },
    onFollowerDied: (id, how, tail) => notices.followerDied(id, how, tail),
  });
  const end = await launch.run();
  await client.close(FAREWELL_MS);
  relay.close();
  launch.close();
  runFolder.remove();
  endAs(end);
}

type RunSetup = Omit<LaunchOptions, 'drainSeconds' | 'onExit' | 'onFollowerDied'>;

interface Connection {
  readonly collector: CollectorUrl;
  readonly notices: Notices;
  readonly tokenFile: string;
}

/** The launcher's connection, its news told to the person at the terminal. */
function connect(
  setup: RunSetup,
  command: readonly string[],
  { collector, notices, tokenFile }: Connection,
): CollectorClient {
  // Collector and service are often started together: the first moments without it are no news.
  let cause: unknown = 'it has not answered yet';
  let graceIsOver = false;
  const grace = setTimeout(() => {
    graceIsOver = true;
    if (client.state !== ClientState.registered && client.state !== ClientState.refused)
      notices.away(detailOf(cause));
  }, AWAY_GRACE_MS);
  grace.unref();
  const client = new CollectorClient({
    url: `${collector.socketUrl}${LAUNCHER_PATH}`,
    register: () => ({
      type: 'register',
      version: PROTOCOL_VERSION,
      token: readToken(tokenFile),
      runId: setup.run.runId,
      service: setup.service,
      startedAt: setup.run.startedAt,
      command: [...command],
      drill: setup.drill !== null,
      allowDrills: setup.allowDrills,
      replicas: setup.replicas.map(registered),
    }),
    onRegistered: () => {
      graceIsOver = true;
      notices.registered();
    },
    onRunState: (frame) => notices.runState(frame),
    onAway: (error) => {
      cause = error ?? cause;
      if (graceIsOver) notices.away(detailOf(cause));
    },
    onRefused: ({ code, message }) => notices.refused(code, message),
  });
  return client;
}
