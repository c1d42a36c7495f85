/**
 * A WebSocket as Lockstep's endpoints use it: JSON text frames out, a refusal followed by its close code,
 * nothing thrown at a peer that is already gone.
 */
import type { CollectorFrame, LauncherReply } from '@lockstep/protocol';
import { WebSocket } from 'ws';
import { type Refusal, refusal } from '../errors.ts';
import type { AgentLink } from '../runs/agent-link.ts';

/** How long a peer gets to answer a close before the socket is cut, milliseconds. */
const CLOSE_WAIT_MS = 1000;

/** Longest close reason that a WebSocket carries, bytes. */
const CLOSE_REASON_BYTES = 123;

const NORMAL_CLOSE = 1000;

export class FrameSocket implements AgentLink {
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  send(frame: CollectorFrame | LauncherReply): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  sendBytes(bytes: Uint8Array, sent: () => void): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes, { binary: true }, sent);
  }

  bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  refuse(refused: Refusal): void {
    this.send(refused.frame);
    this.close(refused.close, refused.frame.code);
  }

  finish(): void {
    this.close(NORMAL_CLOSE, '');
  }

  /** The collector stops: peers may come back. */
  goAway(): void {
    const away = refusal('COLLECTOR_STOPPING', {});
    this.close(away.close, away.frame.code);
  }

  private close(code: number, reason: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.close(code, reason.slice(0, CLOSE_REASON_BYTES));
    setTimeout(() => this.socket.terminate(), CLOSE_WAIT_MS).unref();
  }
}
