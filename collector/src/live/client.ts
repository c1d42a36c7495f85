/**
 * One dashboard on the live feed. It is sent to and never waited for: one that does not keep up or
 * does not answer is cut off, and gets a fresh snapshot when it comes back.
 */
import type { WebSocket } from 'ws';
import { MAX_CLIENT_BYTES, MAX_MISSED_PONGS } from './limits.ts';

/** See the head of this file. */
export class LiveClient {
  readonly #socket: WebSocket;
  #missedPongs = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('pong', () => {
      this.#missedPongs = 0;
    });
    // the close that follows an error is what ends the client
    socket.on('error', () => socket.terminate());
  }

  /** Hands over one frame; false when the client was cut off instead. */
  send(frame: string): boolean {
    if (this.#socket.bufferedAmount > MAX_CLIENT_BYTES) return this.cut();
    this.#socket.send(frame);
    return true;
  }

  /** Asks whether the client is still there; false when it was cut off for not answering. */
  probe(): boolean {
    if (this.#missedPongs >= MAX_MISSED_PONGS) return this.cut();
    this.#missedPongs += 1;
    this.#socket.ping();
    return true;
  }

  cut(): false {
    this.#socket.terminate();
    return false;
  }
}
