/**
 * Lets dashboards into the live feed: WebSocket upgrades of `LIVE_PATH` on the collector's server.
 * Upgrades of other paths belong to others. Browsers send no preflight for WebSockets, so host and
 * origin are checked here as for any change.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { LIVE_PATH } from '@lockstep/protocol';
import { WebSocketServer } from 'ws';
import { HttpProblem } from '../http/errors.ts';
import { checkHost, checkOrigin, type HostRules } from '../http/guards.ts';
import type { LiveHub } from './hub.ts';
import { MAX_CLIENT_MESSAGE_BYTES, MAX_LIVE_CLIENTS } from './limits.ts';

/** Serves the hub on `server`. */
export function attachLive(server: Server, hub: LiveHub, rules: HostRules): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (pathOf(request) !== LIVE_PATH) return;
    const problem = refusal(request, hub, rules);
    if (problem !== null) return refuse(socket, problem);
    sockets.handleUpgrade(request, socket, head, (client) => hub.join(client));
  });
}

function refusal(request: IncomingMessage, hub: LiveHub, rules: HostRules): HttpProblem | null {
  try {
    checkHost(rules, request.headers);
    checkOrigin(request.headers);
  } catch (cause) {
    if (cause instanceof HttpProblem) return cause;
    throw cause;
  }
  if (hub.clients < MAX_LIVE_CLIENTS) return null;
  return new HttpProblem('HTTP_LIVE_FULL', { limit: MAX_LIVE_CLIENTS });
}

function refuse(socket: Duplex, problem: HttpProblem): void {
  const body = JSON.stringify(problem.problem);
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} Refused`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '';
}
