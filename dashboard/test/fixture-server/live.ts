/** The fixture's live feed: snapshot, patches, heartbeats, and the ways in which a feed goes wrong. */
import type { Server } from 'node:http';
import { LIVE_PATH, type LiveFrame, type LivePatch } from '@lockstep/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { viewOf, type World } from './world.ts';

/** A frame as its author writes it; sequence and time are the feed's. */
export type PatchContent = Omit<LivePatch, 'type' | 'sequence' | 'at'>;

/** The feed. */
export class LiveFixture {
  readonly #world: World;
  readonly #server: WebSocketServer;
  #sequence = 0;
  #muted: boolean = false;

  constructor(http: Server, world: World) {
    this.#world = world;
    this.#server = new WebSocketServer({ server: http, path: LIVE_PATH });
    this.#server.on('connection', (socket) => this.#greet(socket));
  }

  /** Sends nothing any more, not even heartbeats, and does not close. */
  mute(muted: boolean): void {
    this.#muted = muted;
  }

  /** Loses one frame. */
  skip(): void {
    this.#sequence += 1;
  }

  /** Closes every connection. */
  drop(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  patch(content: PatchContent): void {
    this.#sequence += 1;
    this.#broadcast({ type: 'patch', sequence: this.#sequence, at: now(), ...content });
  }

  heartbeat(): void {
    this.#broadcast({ type: 'heartbeat', sequence: this.#sequence, at: now() });
  }

  #greet(socket: WebSocket): void {
    const { collector, services, incidents } = this.#world;
    if (this.#muted) return;
    this.#send(socket, {
      type: 'snapshot',
      sequence: this.#sequence,
      at: now(),
      collector,
      services,
      incidents: [...incidents.values()].slice(0, 50).map(viewOf),
    });
  }

  #broadcast(frame: LiveFrame): void {
    if (this.#muted) return;
    for (const socket of this.#server.clients) this.#send(socket, frame);
  }

  #send(socket: WebSocket, frame: LiveFrame): void {
    socket.send(JSON.stringify(frame));
  }
}

function now(): string {
  return new Date().toISOString();
}
