/** Takes the upgrades of agents and launchers from an HTTP server; all other paths are left to others. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LAUNCHER_PATH,
  MAX_MESSAGE_BYTES,
} from '@lockstep/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { AgentConnection, type ConnectionOptions } from './agent-connection.ts';
import { LauncherConnection } from './launcher-connection.ts';

export interface Ingest {
  /** Tells all peers to come back later and takes no more of them. */
  close(): void;
}

interface Connection {
  goAway(): void;
}

/** Serves `AGENT_PATH` and `LAUNCHER_PATH` on a server. */
export function attachIngest(server: Server, options: ConnectionOptions): Ingest {
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(AGENT_SUBPROTOCOL) ? AGENT_SUBPROTOCOL : false),
  });

  const keep = (socket: WebSocket, connection: Connection): void => {
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    if (path === AGENT_PATH) {
      if (!offersSubprotocol(request)) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (accepted) =>
        keep(accepted, new AgentConnection(accepted, options)),
      );
    } else if (path === LAUNCHER_PATH) {
      sockets.handleUpgrade(request, socket, head, (accepted) =>
        keep(accepted, new LauncherConnection(accepted, options)),
      );
    }
  };

  server.on('upgrade', upgrade);
  return {
    close() {
      server.off('upgrade', upgrade);
      for (const connection of connections) connection.goAway();
      sockets.close();
    },
  };
}

function offersSubprotocol(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === AGENT_SUBPROTOCOL);
}
