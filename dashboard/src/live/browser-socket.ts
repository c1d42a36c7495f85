/** Opens the live feed's WebSocket at the origin that served the page. */
import { LIVE_PATH } from '@lockstep/protocol';
import type { FeedSocket, FeedSocketEvents } from './live-feed.ts';

/** A new socket to the collector's live feed. */
export function openBrowserSocket(events: FeedSocketEvents): FeedSocket {
  const url = new URL(LIVE_PATH, globalThis.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.onmessage = (event: MessageEvent<unknown>) => events.onMessage(event.data);
  socket.onclose = () => events.onClose();
  return {
    close: () => {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    },
  };
}
