/**
 * The door that replicas go through: a Unix socket in a folder that only this user may enter, its bytes
 * handed on to the collector unread. Followers have no network but can open it; and when the launcher
 * dies, it is gone, which tells every replica. Costs one copy of each byte in the launcher.
 */
import { createServer, connect as netConnect, type Server, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';

/** Where the collector listens. */
export interface CollectorAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

export class Relay {
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();

  private constructor(address: CollectorAddress) {
    // Half-open: a close frame's answer still has to get through after the other side's end.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#join(client, address));
  }

  /** Listens at `socketPath` and relays each connection to the collector. */
  static async open(socketPath: string, address: CollectorAddress): Promise<Relay> {
    const relay = new Relay(address);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once('error', reject);
      relay.#server.listen(socketPath, resolve);
    });
    return relay;
  }

  /** Cuts all connections and closes the door. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, { host, port, secure }: CollectorAddress): void {
    const upstream: Socket = secure
      ? tlsConnect({ host, port, servername: host })
      : netConnect({ host, port, allowHalfOpen: true });
    upstream.setNoDelay(true);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
