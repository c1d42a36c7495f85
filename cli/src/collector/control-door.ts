/**
 * How `lockstep drill` reaches the collector that `lockstep up` runs: a Unix socket that only this user can
 * open, under a name that follows from service token and port, so that both ends find it and nobody else
 * guesses it. Not a route of the HTTP API, for browsers must not be able to strike; what that trades away
 * is striking from another machine.
 */
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DrillAnswer } from '@lockstep/collector';
import { CONTROL_TIMEOUT_MS } from '../limits.ts';

/** Which replica of which service is to load which file; null for the last follower. */
export interface DrillRequest {
  readonly service: string;
  readonly replica: string | null;
  readonly file: string;
}

/** The socket of the collector on `port` that knows `token`. */
export function controlPath(token: string, port: number): string {
  const name = createHash('sha256').update(`lockstep control ${port} ${token}`).digest('hex');
  return join(tmpdir(), `lockstep-${name.slice(0, 32)}.sock`);
}

/** Takes requests at `path` until it is closed. */
export class ControlDoor {
  readonly #server: Server;
  readonly #path: string;

  private constructor(path: string, strike: (request: DrillRequest) => DrillAnswer) {
    this.#path = path;
    this.#server = createServer((message, response) => {
      void answer(message, strike).then(
        (body) => response.end(JSON.stringify(body)),
        // Only a broken request ends here: whoever sent it is no version of this command.
        () => response.writeHead(400).end(),
      );
    });
  }

  /** Opens the door. The caller owns the port, so a socket that is there already is a leftover. */
  static async open(
    path: string,
    strike: (request: DrillRequest) => DrillAnswer,
  ): Promise<ControlDoor> {
    const door = new ControlDoor(path, strike);
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
    return door;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#path, { force: true });
  }
}

async function answer(
  message: IncomingMessage,
  strike: (request: DrillRequest) => DrillAnswer,
): Promise<DrillAnswer> {
  const { service, replica, file } = JSON.parse(await text(message)) as Record<string, unknown>;
  if (typeof service !== 'string' || typeof file !== 'string') throw new TypeError('no request');
  return strike({ service, file, replica: typeof replica === 'string' ? replica : null });
}

/** Asks the collector behind `path`. Rejects with `ENOENT` or `ECONNREFUSED` when there is none. */
export function askForDrill(path: string, drill: DrillRequest): Promise<DrillAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ socketPath: path, method: 'POST', timeout: CONTROL_TIMEOUT_MS },
      // One request, one connection: a kept one could be that of a collector that is gone.
      agent: false,
    });
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.on('error', reject);
    asked.on('response', (response) => {
      text(response)
        .then((body) => resolve(JSON.parse(body) as DrillAnswer))
        .catch(reject);
    });
    asked.end(JSON.stringify(drill));
  });
}
