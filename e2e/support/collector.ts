/**
 * A collector with its dashboard (`lockstep up`), as one process that a test may kill and start again on
 * the same port and data; and what its HTTP API answers.
 */
import { join } from 'node:path';
import type { AlertView, IncidentDetail, IncidentView, Page, RunView } from '@lockstep/protocol';
import { freePort } from './ports.ts';
import type { TestProcess } from './processes.ts';
import { until } from './wait.ts';
import type { Workspace } from './workspace.ts';

/** What one request to the collector gets, milliseconds. */
const REQUEST_MS = 5000;

export class Collector {
  readonly port: number;
  readonly #workspace: Workspace;
  #process: TestProcess | null = null;

  private constructor(workspace: Workspace, port: number) {
    this.#workspace = workspace;
    this.port = port;
  }

  /** Starts one on a free port, its data in the workspace. */
  static async start(workspace: Workspace): Promise<Collector> {
    const collector = new Collector(workspace, await freePort());
    await collector.start();
    return collector;
  }

  /** For `--collector`. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.#process === null) throw new Error('the collector was not started');
    return this.#process.pid;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, again after `kill`; resolves when it is ready. */
  async start(): Promise<void> {
    const started = this.#workspace.lockstep([
      'up',
      '--port',
      String(this.port),
      '--store',
      join(this.#workspace.folder, 'store'),
    ]);
    this.#process = started;
    await started.says('dashboard and collector on');
    await until('the collector is ready', async () => {
      return (await this.#fetch('/readyz')).ok;
    });
  }

  /** Kills it without a word. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.ended;
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.#process?.kill('SIGTERM');
    await this.#process?.ended;
  }

  /** The newest run of a service. */
  async run(service: string): Promise<RunView> {
    const runs = await this.#items<RunView>(`/api/runs?service=${service}`);
    const run = runs.toSorted((left, right) => right.startedAt.localeCompare(left.startedAt))[0];
    if (run === undefined) throw new Error(`no run of ${service} yet`);
    return run;
  }

  alerts(service: string): Promise<readonly AlertView[]> {
    return this.#items<AlertView>(`/api/alerts?service=${service}&limit=200`);
  }

  incidents(service: string): Promise<readonly IncidentView[]> {
    return this.#items<IncidentView>(`/api/incidents?service=${service}&limit=200`);
  }

  async incident(id: string): Promise<IncidentDetail> {
    return (await this.#get(`/api/incidents/${id}`)) as IncidentDetail;
  }

  async #items<T>(path: string): Promise<readonly T[]> {
    return ((await this.#get(path)) as Page<T>).items;
  }

  async #get(path: string): Promise<unknown> {
    const response = await this.#fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  #fetch(path: string): Promise<Response> {
    return fetch(`${this.httpUrl}${path}`, { signal: AbortSignal.timeout(REQUEST_MS) });
  }
}
