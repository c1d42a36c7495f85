/** A collector on a free port, a run with replicas, and what became of them: for the tests of the core. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AlertView,
  type LauncherReply,
  PROTOCOL_VERSION,
  type RegisterFrame,
  type Role,
  type RunView,
} from '@lockstep/protocol';
import { WebSocket } from 'ws';
import { type Collector, createCollector } from '../../src/collector.ts';
import type { Limits } from '../../src/limits.ts';
import { FakeAgent, type FakeAgentOptions, until } from './fake-agent.ts';
import { MemoryStore } from './memory-store.ts';

const SERVICE_TOKEN = 'service-token';

export class Bench {
  readonly runId: string = randomBytes(16).toString('hex');
  readonly dataDir: string = mkdtempSync(join(tmpdir(), 'collector-'));
  readonly reports: string[] = [];
  readonly store: MemoryStore = new MemoryStore();
  readonly told: LauncherReply[] = [];
  collector: Collector;
  url = '';
  private readonly limits: Partial<Limits>;
  private launcher: WebSocket | null = null;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = limits;
    this.collector = this.make();
  }

  async start(): Promise<this> {
    this.url = (await this.collector.start()).url;
    return this;
  }

  /** Stops the collector and starts another on the same data and store. */
  async restart(): Promise<void> {
    await this.collector.stop();
    this.collector = this.make();
    await this.start();
  }

  async close(): Promise<void> {
    this.launcher?.terminate();
    await this.collector.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Registers leader `a` and followers `b`, `c`, ... and connects them. */
  async run(replicas: number, options: Partial<FakeAgentOptions> = {}): Promise<FakeAgent[]> {
    const ids = [...'abcdefgh'].slice(0, replicas);
    await this.register(ids);
    const agents = ids.map((id) => this.agent(id, options));
    for (const agent of agents) await agent.connect();
    return agents;
  }

  agent(id: string, options: Partial<FakeAgentOptions> = {}): FakeAgent {
    const role: Role = id === 'a' ? 'leader' : 'follower';
    const token = `token ${id}`;
    return new FakeAgent({
      url: this.url,
      runId: this.runId,
      replica: id,
      role,
      token,
      ...options,
    });
  }

  async register(
    ids: readonly string[],
    token: string = SERVICE_TOKEN,
    more: Partial<RegisterFrame> = {},
  ): Promise<LauncherReply> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/launcher`);
    this.launcher = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined);
    const seen = this.told.length;
    socket.on('message', (data: Buffer) => this.told.push(JSON.parse(data.toString('utf8'))));
    this.tell({
      type: 'register',
      version: PROTOCOL_VERSION,
      token,
      runId: this.runId,
      service: 'shop',
      startedAt: new Date().toISOString(),
      command: ['node', 'server.js'],
      drill: false,
      allowDrills: false,
      replicas: ids.map((id) => ({
        id,
        role: id === 'a' ? 'leader' : 'follower',
        variant: 'default',
        tokenHash: createHash('sha256').update(`token ${id}`).digest('hex'),
      })),
      ...more,
    });
    return await until(() => this.told[seen], 'an answer to register');
  }

  tell(frame: object): void {
    this.launcher?.send(JSON.stringify(frame));
  }

  exit(replica: string, exitCode: number | null, signal: string | null = null): void {
    this.tell({ type: 'replica-exit', replica, exitCode, signal });
  }

  view(): RunView {
    const view = this.collector.model.run(this.runId);
    if (view === undefined) throw new Error('the run is not in memory');
    return view;
  }

  /** All alerts in the store once what is pending was written. */
  async alerts(): Promise<readonly AlertView[]> {
    await until(() => this.collector.status().store.pendingWrites === 0, 'pending writes');
    return [...this.store.alertsById.values()];
  }

  private make(): Collector {
    return createCollector({
      listen: { host: '127.0.0.1', port: 0 },
      dataDir: this.dataDir,
      store: this.store,
      serviceTokens: [SERVICE_TOKEN],
      limits: this.limits,
      report: (what) => this.reports.push(what),
    });
  }
}
