/**
 * The connection to the collector as an explicit machine:
 *
 *   waiting -> connecting -> hello -> live -> draining -> closed
 *      ^___________|___________|_______|_________|
 *
 * It knows sockets and their order of events; what is said over them is its owner's. A lost connection
 * leads to waiting from every state but closed, which is final: refused for good, or all said and heard.
 */
import type { Socket } from 'node:net';
import {
  AGENT_SUBPROTOCOL,
  type AgentFrame,
  CloseCode,
  type CollectorFrame,
  MAX_MESSAGE_BYTES,
  parseCollectorFrame,
  type RefuseFrame,
} from '@lockstep/protocol';
import WebSocket from 'ws';
import { HANDSHAKE_TIMEOUT_MS, SOCKET_WINDOW_BYTES } from '../limits.ts';
import { Backoff } from './backoff.ts';

/** States of the link. */
export const LinkState = {
  /** Not connected; a timer runs, or nothing is to be said yet. */
  waiting: 'waiting',
  /** The upgrade is under way. */
  connecting: 'connecting',
  /** Hello was said, welcome not heard. */
  hello: 'hello',
  live: 'live',
  /** Bye was said; acknowledgements are awaited. */
  draining: 'draining',
  closed: 'closed',
} as const;
export type LinkState = (typeof LinkState)[keyof typeof LinkState];

/** Close codes after which trying again cannot help, unless the collector says otherwise. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  CloseCode.malformed,
  CloseCode.settingDiffers,
  CloseCode.tooLarge,
  CloseCode.version,
]);
const NORMAL_CLOSE = 1000;
/** Characters of a close reason: the frame takes 123 bytes. */
const MAX_CLOSE_REASON_CHARS = 40;
/** What a close without a code reads as. */
const NO_CODE_CLOSE = 1005;

const SOCKET_OPTIONS: WebSocket.ClientOptions = {
  perMessageDeflate: false,
  handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  maxPayload: MAX_MESSAGE_BYTES,
  skipUTF8Validation: false,
  // Masks protect proxies from browsers' scripts; a mask of zeros saves a copy of every frame.
  generateMask: (mask) => mask.fill(0),
};

/** What the link tells its owner. */
export interface LinkOwner {
  /** The first frame of a connection. */
  hello(connection: number): AgentFrame;
  /** A control frame; the first one of a connection is always `welcome`. */
  control(frame: CollectorFrame): void;
  binary(frame: Uint8Array): void;
  /** There is room for more on the socket, or what was sent has left. */
  writable(): void;
  /** The connection was lost. */
  lost(): void;
  /** An attempt to connect failed; `code` is the system's. */
  unreachable(code: string): void;
  /** The link is closed for good. `refusal` is null after an orderly end. */
  closed(refusal: LinkRefusal | null): void;
}

/** Why a collector does not want this replica. */
export interface LinkRefusal {
  readonly closeCode: number;
  readonly message: string;
}

/** A link to one URL. */
export class Link {
  state: LinkState = LinkState.waiting;
  /** Number of connections tried so far. */
  connections = 0;
  bytesSent = 0;
  framesSent = 0;
  private socket: WebSocket | null = null;
  /** What the socket writes to, once it is open. */
  private stream: Socket | null = null;
  private refusal: RefuseFrame | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Whether it was this end that closed for a frame it could not read. */
  private complained: boolean = false;
  private heard: boolean = false;
  private readonly url: string;
  private readonly owner: LinkOwner;
  private readonly backoff = new Backoff(Math.random);

  constructor(url: string, owner: LinkOwner) {
    this.url = url;
    this.owner = owner;
  }

  /** Connects now, if waiting. */
  connect(): void {
    if (this.state !== LinkState.waiting) return;
    this.clearTimer();
    this.enterConnecting();
  }

  /** Says `frame` last; after it only acknowledgements are awaited. */
  bye(frame: AgentFrame): void {
    this.sendControl(frame);
    this.state = LinkState.draining;
  }

  /** Everything was acknowledged after bye. */
  finish(): void {
    if (this.state === LinkState.draining) this.socket?.close(NORMAL_CLOSE);
  }

  /** The connection has been of use: after it the next attempt may come quickly. */
  prosper(): void {
    this.backoff.reset();
  }

  /** Gives up this connection; the next one resumes. */
  reconnect(): void {
    this.socket?.terminate();
  }

  get connected(): boolean {
    return this.state === LinkState.live || this.state === LinkState.draining;
  }

  /** Whether the socket takes more now. */
  get roomy(): boolean {
    return this.connected && this.bufferedBytes < SOCKET_WINDOW_BYTES;
  }

  /** Bytes that have not reached the system's socket. */
  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  get paused(): boolean {
    return this.socket?.isPaused ?? false;
  }

  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  /** All that `send` sends goes to the system at once: a call for each frame costs more than the frame. */
  together(send: () => void): void {
    const { stream } = this;
    stream?.cork();
    send();
    stream?.uncork();
  }

  sendBinary(frame: Uint8Array): void {
    this.send(frame, true);
  }

  sendControl(frame: AgentFrame): void {
    this.send(JSON.stringify(frame), false);
  }

  /** Whether anything was heard since the last time somebody asked; asks for a sign of life. */
  probe(): boolean {
    const { heard } = this;
    this.heard = false;
    if (this.connected) this.socket?.ping();
    return heard;
  }

  private send(data: Uint8Array | string, binary: boolean): void {
    const { socket } = this;
    if (socket === null || socket.readyState !== WebSocket.OPEN) return;
    this.bytesSent += data.length;
    this.framesSent++;
    socket.send(data, { binary }, (error) => {
      if (!error) this.owner.writable();
    });
  }

  private enterWaiting(): void {
    this.state = LinkState.waiting;
    this.timer = setTimeout(() => this.enterConnecting(), this.backoff.next());
  }

  private enterConnecting(): void {
    this.state = LinkState.connecting;
    this.connections++;
    this.refusal = null;
    this.complained = false;
    const socket = this.open();
    if (socket === null) return;
    this.socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('upgrade', (response) => {
      this.stream = response.socket;
    });
    socket.on('open', () => this.enterHello());
    socket.on('message', (data, isBinary) => this.message(data as Buffer, isBinary));
    socket.on('pong', () => this.hear());
    socket.on('error', (error) => this.failed(error));
    socket.on('close', (code, reason) => this.ended(code, reason.toString()));
  }

  /** Null (and closed for good) when the URL is none. */
  private open(): WebSocket | null {
    try {
      return new WebSocket(this.url, AGENT_SUBPROTOCOL, SOCKET_OPTIONS);
    } catch (error) {
      this.enterClosed({ closeCode: 0, message: String(error) });
      return null;
    }
  }

  private enterHello(): void {
    this.state = LinkState.hello;
    this.timer = setTimeout(() => this.reconnect(), HANDSHAKE_TIMEOUT_MS);
    this.sendControl(this.owner.hello(this.connections));
  }

  private enterLive(): void {
    this.clearTimer();
    this.state = LinkState.live;
  }

  private enterClosed(refusal: LinkRefusal | null): void {
    this.clearTimer();
    this.state = LinkState.closed;
    this.owner.closed(refusal);
  }

  private hear(): void {
    this.heard = true;
  }

  private message(data: Buffer, isBinary: boolean): void {
    this.hear();
    if (isBinary) {
      if (this.connected) this.owner.binary(data);
      return;
    }
    const parsed = parseCollectorFrame(data.toString());
    if (parsed.ok) this.control(parsed.frame);
    else this.complain(parsed.why);
  }

  private control(frame: CollectorFrame): void {
    if (frame.type === 'refuse') {
      this.refusal = frame;
      return;
    }
    if (this.state === LinkState.hello) {
      if (frame.type !== 'welcome') return;
      this.enterLive();
    }
    if (this.connected) this.owner.control(frame);
  }

  /** Closes with a reason and comes back: the next connection may be to a mended collector. */
  private complain(why: string): void {
    this.complained = true;
    this.socket?.close(CloseCode.malformed, why.slice(0, MAX_CLOSE_REASON_CHARS));
  }

  private failed(error: Error): void {
    // `close` follows; only a connection that never opened has something to add.
    if (this.state !== LinkState.connecting) return;
    const { code } = error as NodeJS.ErrnoException;
    this.owner.unreachable(code ?? error.message);
  }

  private ended(closeCode: number, reason: string): void {
    this.clearTimer();
    this.socket = null;
    this.stream = null;
    this.owner.lost();
    const normal = closeCode === NORMAL_CLOSE || closeCode === NO_CODE_CLOSE;
    if (this.state === LinkState.draining && normal) {
      this.enterClosed(null);
      return;
    }
    const bad = FINAL_CODES.has(closeCode) && !this.complained;
    const final = this.refusal === null ? bad : !this.refusal.retryable;
    if (!final) {
      this.enterWaiting();
      return;
    }
    this.enterClosed({ closeCode, message: this.refusal?.message ?? reason });
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
