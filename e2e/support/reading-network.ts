/**
 * A network with somebody in it: a relay between launchers and the collector that reads every message as
 * the WebSocket protocol carries it, keeps a copy, and may put another in its place.
 */
import { once } from 'node:events';
import { FRAME_HEADER_BYTES, FrameKind } from '@lockstep/protocol';
import { WebSocket, WebSocketServer } from 'ws';

/** Where a message was going. */
export type Towards = 'collector' | 'agent';

/** Gets a message's bytes, answers what goes on in its place. */
export type Change = (bytes: Buffer, towards: Towards) => readonly Buffer[];

/** Messages as the collector accepts them, bytes at most. */
const MAX_BYTES = 64 * 1024 * 1024;

export class ReadingNetwork {
  /** Every message so far, in both directions. */
  readonly seen: Buffer[] = [];
  change: Change = (bytes) => [bytes];
  readonly #server: WebSocketServer;
  readonly #collectorUrl: string;

  private constructor(server: WebSocketServer, collectorUrl: string) {
    this.#server = server;
    this.#collectorUrl = collectorUrl;
    server.on('connection', (near, request) => {
      this.#join(near, request.url ?? '/');
    });
  }

  static async start(collectorUrl: string): Promise<ReadingNetwork> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      maxPayload: MAX_BYTES,
      handleProtocols: (offered) => [...offered][0] ?? false,
    });
    await once(server, 'listening');
    return new ReadingNetwork(server, collectorUrl);
  }

  /** For `--collector`. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the relay is closed');
    return `ws://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    for (const near of this.#server.clients) near.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: WebSocket, path: string): void {
    const options = { perMessageDeflate: false, maxPayload: MAX_BYTES };
    const far = new WebSocket(new URL(path, this.#collectorUrl), near.protocol, options);
    const early: (() => void)[] = [];
    far.on('open', () => {
      for (const send of early.splice(0)) send();
    });
    const carry = (from: WebSocket, to: WebSocket, towards: Towards): void => {
      from.on('message', (data: Buffer, isBinary) => {
        this.seen.push(data);
        const pieces = isBinary ? this.change(data, towards) : [data];
        const send = (): void => {
          for (const piece of pieces) to.send(piece, { binary: isBinary });
        };
        if (to.readyState === WebSocket.CONNECTING) early.push(send);
        else send();
      });
      from.on('close', () => {
        to.close();
      });
      // A connection that breaks says so; what comes of it is what the test looks at.
      from.on('error', () => undefined);
    };
    carry(near, far, 'collector');
    carry(far, near, 'agent');
  }
}

/** Whether a binary message is a frame of the log. */
export function isLogFrame(bytes: Buffer): boolean {
  return bytes.length > FRAME_HEADER_BYTES && bytes[0] === FrameKind.log;
}

/** Number of a log frame (SPEC, BF1: `first`). */
export function frameNumber(bytes: Buffer): number {
  return Number(bytes.readBigUInt64LE(8));
}
