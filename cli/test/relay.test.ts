import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Relay } from '../src/launch/relay.ts';

let folder = '';
let socketPath = '';
let upstream: Server;
let relay: Relay | null = null;
const accepted: Socket[] = [];

async function listen(): Promise<number> {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  return (upstream.address() as AddressInfo).port;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-'));
  socketPath = join(folder, 's.sock');
  upstream = createServer((socket) => accepted.push(socket));
});

afterEach(() => {
  relay?.close();
  upstream.close();
  for (const socket of accepted.splice(0)) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const local = (port: number) => ({ host: '127.0.0.1', port, secure: false });

async function received(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('the relay', () => {
  it('carries a large number of bytes unchanged in both directions', async () => {
    relay = await Relay.open(socketPath, local(await listen()));
    upstream.on('connection', (socket: Socket) => socket.pipe(socket));
    const sent = Buffer.alloc(3_000_000, 'lockstep ');
    const client = connect(socketPath);
    client.end(sent);
    expect(Buffer.from(await received(client)).equals(sent)).toBe(true);
  });

  it('hands on the last words of a client that ends at once', async () => {
    relay = await Relay.open(socketPath, local(await listen()));
    const connection = once(upstream, 'connection') as Promise<[Socket]>;
    const client = connect(socketPath);
    client.end('bye');
    const [socket] = await connection;
    socket.end();
    expect(await received(socket)).toBe('bye');
  });

  it('drops a client when the collector refuses, so that it tries again', async () => {
    const port = await listen();
    await new Promise((resolve) => upstream.close(resolve));
    relay = await Relay.open(socketPath, local(port));
    const client = connect(socketPath);
    client.on('error', () => undefined);
    await once(client, 'close');
    expect(client.destroyed).toBe(true);
  });

  it('cuts its clients and is gone when it closes: that is how replicas learn of the end', async () => {
    relay = await Relay.open(socketPath, local(await listen()));
    const client = connect(socketPath);
    client.on('error', () => undefined);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    relay.close();
    await once(client, 'close');
    const late = connect(socketPath);
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(['ECONNREFUSED', 'ENOENT']).toContain(error.code);
  });
});
