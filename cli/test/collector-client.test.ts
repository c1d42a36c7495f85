import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import {
  AGENT_SUBPROTOCOL,
  type LauncherFrame,
  type LauncherReply,
  PROTOCOL_VERSION,
  parseLauncherFrame,
} from '@lockstep/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { ClientState, CollectorClient } from '../src/client/collector-client.ts';
import { newRun, planReplicas, registered } from '../src/launch/replica-plan.ts';

/** A collector that writes down what launchers say, and registers every one of them. */
class FakeCollector {
  readonly heard: LauncherFrame[] = [];
  readonly sockets: WebSocket[] = [];
  answer: LauncherReply = { type: 'registered' };
  #server: WebSocketServer | null = null;

  async listen(port = 0): Promise<number> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' });
    this.#server = server;
    server.on('connection', (socket) => {
      this.sockets.push(socket);
      expect(socket.protocol).toBe(AGENT_SUBPROTOCOL);
      socket.on('message', (data) => this.#hear(socket, String(data)));
    });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.splice(0)) socket.terminate();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #hear(socket: WebSocket, text: string): void {
    const parsed = parseLauncherFrame(text);
    if (!parsed.ok) throw new Error(parsed.why);
    this.heard.push(parsed.frame);
    if (parsed.frame.type === 'register') socket.send(JSON.stringify(this.answer));
  }
}

const fake = new FakeCollector();
let client: CollectorClient | null = null;
afterEach(async () => {
  await client?.close(10);
  await fake.close();
  fake.heard.length = 0;
  fake.answer = { type: 'registered' };
});

interface Heard {
  readonly events: string[];
}

function connect(port: number, token: () => string = () => 't'): Heard {
  const events: string[] = [];
  const run = newRun(new Date());
  client = new CollectorClient({
    url: `ws://127.0.0.1:${port}/launcher`,
    register: () => ({
      ...{ type: 'register', version: PROTOCOL_VERSION, token: token(), service: 's' },
      ...{ runId: run.runId, startedAt: run.startedAt, command: ['node', 'x.js'] },
      ...{ drill: false, allowDrills: true, replicas: planReplicas(3, null).map(registered) },
    }),
    onRegistered: () => events.push('registered'),
    onRunState: ({ state }) => events.push(state),
    onAway: () => events.push('away'),
    onRefused: ({ code }) => events.push(code),
  });
  return { events };
}

const exit = { type: 'replica-exit', replica: 'b', exitCode: null, signal: 'SIGKILL' } as const;

describe("the launcher's connection", () => {
  it('registers the run in a frame that the protocol accepts, and hears how it does', async () => {
    const { events } = connect(await fake.listen());
    await vi.waitFor(() => expect(events).toEqual(['registered']));
    expect(fake.heard[0]).toMatchObject({ type: 'register', service: 's', allowDrills: true });
    const state = { type: 'run-state', state: 'protected', code: null, api: null, detail: '' };
    fake.sockets[0]?.send(JSON.stringify(state));
    await vi.waitFor(() => expect(events).toEqual(['registered', 'protected']));
  });

  it('registers again after a restart of the collector, and tells again how processes ended', async () => {
    const port = await fake.listen();
    const { events } = connect(port);
    await vi.waitFor(() => expect(events).toContain('registered'));
    client?.replicaExit(exit);
    await vi.waitFor(() => expect(fake.heard).toContainEqual(exit));
    await fake.close();
    await vi.waitFor(() => expect(client?.isAway).toBe(true));
    fake.heard.length = 0;
    await fake.listen(port);
    await vi.waitFor(
      () => expect(fake.heard.map(({ type }) => type)).toEqual(['register', 'replica-exit']),
      {
        timeout: 5000,
      },
    );
    expect(client?.isAway).toBe(false);
    expect(events.filter((event) => event === 'registered')).toHaveLength(2);
  });

  it('keeps an end that happened before the collector was there', async () => {
    const port = await fake.listen();
    await fake.close();
    const { events } = connect(port);
    client?.replicaExit(exit);
    await vi.waitFor(() => expect(events).toContain('away'));
    await fake.listen(port);
    await vi.waitFor(() => expect(fake.heard).toContainEqual(exit), { timeout: 5000 });
  });

  it('waits for a token that is not there yet', async () => {
    let tries = 0;
    const { events } = connect(await fake.listen(), () => {
      tries += 1;
      if (tries < 3) throw new Error('no token yet');
      return 'now';
    });
    await vi.waitFor(() => expect(events).toContain('registered'), { timeout: 5000 });
    expect(fake.heard).toHaveLength(1);
  });

  it('stops trying when it is refused for good', async () => {
    fake.answer = { type: 'refuse', code: 'TOKEN', message: 'no', retryable: false };
    const { events } = connect(await fake.listen());
    await vi.waitFor(() => expect(client?.state).toBe(ClientState.refused));
    fake.sockets[0]?.close(4401);
    const [socket] = fake.sockets;
    if (socket !== undefined) await once(socket, 'close');
    expect(events).toEqual(['TOKEN']);
    expect(client?.state).toBe(ClientState.refused);
  });

  it('says that the run is over before it closes', async () => {
    const { events } = connect(await fake.listen());
    await vi.waitFor(() => expect(events).toContain('registered'));
    await client?.close(1000);
    await vi.waitFor(() => expect(fake.heard.at(-1)).toEqual({ type: 'run-end' }));
  });

  it('closes at once when nobody ever answered', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    connect((silent.address() as AddressInfo).port);
    await client?.close(60_000);
    expect(client?.state).toBe(ClientState.closed);
    silent.close();
  });
});
