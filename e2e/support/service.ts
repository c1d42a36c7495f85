/** The test service under `lockstep run`, with its upstream, as processes and as the collector sees them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReplicaView, RunView } from '@lockstep/protocol';
import type { Collector } from './collector.ts';
import { freePort } from './ports.ts';
import { descendants, startText } from './proc.ts';
import type { TestProcess } from './processes.ts';
import { until } from './wait.ts';
import { programs, type Workspace } from './workspace.ts';

/** How a service is started. `env`: on top of its ports. */
export interface ServiceOptions {
  readonly name: string;
  /** File name of the program, if not the one that does a bit of everything. */
  readonly program?: string;
  readonly replicas?: number;
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** How the collector is reached, if not directly. */
  readonly collectorUrl?: string;
}

/** What followers get to catch up in a test, milliseconds: machines that run tests are busy. */
const CATCH_UP_MS = 30_000;

export class Service {
  readonly name: string;
  readonly url: string;
  readonly upstreamUrl: string;
  /** The folder that the service runs in. */
  readonly folder: string;
  readonly launcher: TestProcess;
  readonly upstream: TestProcess;
  readonly #collector: Collector;

  private constructor(parts: {
    name: string;
    port: number;
    upstreamUrl: string;
    folder: string;
    launcher: TestProcess;
    upstream: TestProcess;
    collector: Collector;
  }) {
    this.name = parts.name;
    this.url = `http://127.0.0.1:${parts.port}`;
    this.upstreamUrl = parts.upstreamUrl;
    this.folder = parts.folder;
    this.launcher = parts.launcher;
    this.upstream = parts.upstream;
    this.#collector = parts.collector;
  }

  /** Starts upstream and service; resolves when the service answers. */
  static async start(
    workspace: Workspace,
    collector: Collector,
    given: ServiceOptions,
  ): Promise<Service> {
    const { name, program = 'service.cjs', replicas = 3 } = given;
    const { options = [], env = {}, collectorUrl = collector.url } = given;
    const [port, upstreamPort] = [await freePort(), await freePort()];
    const folder = join(workspace.folder, name);
    mkdirSync(folder, { recursive: true });
    const upstream = workspace.processes.node([join(programs, 'upstream.cjs')], {
      cwd: folder,
      env: { PORT: String(upstreamPort) },
    });
    await upstream.says('upstream: ready');
    const upstreamUrl = `http://127.0.0.1:${upstreamPort}`;
    const run = ['run', '--service', name, '--replicas', String(replicas), ...options];
    const launcher = workspace.lockstep(
      [...run, '--collector', collectorUrl, '--', 'node', join(programs, program)],
      { cwd: folder, env: { PORT: String(port), UPSTREAM_URL: upstreamUrl, ...env } },
    );
    await launcher.says('service: ready');
    return new Service({ name, port, upstreamUrl, folder, launcher, upstream, collector });
  }

  /** The run as the collector sees it. */
  run(): Promise<RunView> {
    return this.#collector.run(this.name);
  }

  async replica(id: string): Promise<ReplicaView> {
    const found = (await this.run()).replicas.find((replica) => replica.id === id);
    if (found === undefined) throw new Error(`no replica ${id}`);
    return found;
  }

  /** Process id of a replica, found from outside: the collector is not asked. */
  pid(id: string): Promise<number> {
    return until(`process of replica ${id}`, () =>
      descendants(this.launcher.pid).find((pid) =>
        startText(pid).includes(`LOCKSTEP_REPLICA=${id}\0`),
      ),
    );
  }

  /** Resolves when the run is `protected`: all replicas there. */
  async isProtected(): Promise<void> {
    await until(`${this.name} is protected`, async () => (await this.run()).state === 'protected');
  }

  /** Resolves when every call that the leader made so far was compared; answers the run. */
  caughtUp(): Promise<RunView> {
    let last = -1;
    return until(
      `the followers of ${this.name} caught up`,
      async () => {
        const run = await this.run();
        const isQuiet = run.calls === last;
        last = run.calls;
        const isLevel = run.replicas.every(({ lagTurns }) => lagTurns === 0);
        return isQuiet && isLevel && run.calls === run.matched + run.noise && run;
      },
      CATCH_UP_MS,
    );
  }

  /** Requests and connections that the upstream counted, and how many different paths. */
  async upstreamStats(): Promise<{ requests: number; connections: number; paths: number }> {
    const response = await fetch(`${this.upstreamUrl}/stats`);
    return (await response.json()) as { requests: number; connections: number; paths: number };
  }

  /** Ends the service as an operator would, and waits for the launcher. */
  async stop(): ReturnType<TestProcess['dispose']> {
    this.launcher.kill('SIGTERM');
    await this.launcher.ended;
  }
}
