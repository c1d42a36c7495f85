/**
 * The launcher's own connection to the collector: registers the run (again after each reconnect, for a
 * restarted collector knows nothing of it), tells how its processes ended, hears how the run does.
 * Never in the service's way: whatever fails here is retried or said, not thrown.
 */
import {
  AGENT_SUBPROTOCOL,
  type LauncherFrame,
  type LauncherReply,
  parseLauncherReply,
  type RefuseFrame,
  type RegisterFrame,
  type ReplicaExitFrame,
  type RunStateFrame,
} from '@lockstep/protocol';
import { WebSocket } from 'ws';
import { COLLECTOR_PING_MS, RECONNECT_FIRST_MS, RECONNECT_LIMIT_MS } from '../limits.ts';

/** `refused` and `closed` are final. */
export const ClientState = {
  connecting: 'connecting',
  registering: 'registering',
  registered: 'registered',
  waiting: 'waiting',
  refused: 'refused',
  closed: 'closed',
} as const;
export type ClientState = (typeof ClientState)[keyof typeof ClientState];

/** `url`: the launcher endpoint. `register` is asked at each connection and may throw (no token yet). */
export interface CollectorClientOptions {
  readonly url: string;
  readonly register: () => RegisterFrame;
  readonly onRegistered: () => void;
  readonly onRunState: (frame: RunStateFrame) => void;
  readonly onAway: (cause: unknown) => void;
  readonly onRefused: (frame: RefuseFrame) => void;
}

export class CollectorClient {
  readonly #options: CollectorClientOptions;
  /** Ends so far, told again after each registration: telling twice changes nothing. */
  readonly #exits: ReplicaExitFrame[] = [];
  #state: ClientState = ClientState.connecting;
  #isAway: boolean = false;
  #socket: WebSocket | null = null;
  #retryMs: number = RECONNECT_FIRST_MS;
  #retryTimer: NodeJS.Timeout | undefined;
  #pingTimer: NodeJS.Timeout | undefined;

  constructor(options: CollectorClientOptions) {
    this.#options = options;
    this.#connect();
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Whether the last try failed; a first one that is still under way is no failure. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Tells, now or after the next registration, how a process ended. */
  replicaExit(frame: ReplicaExitFrame): void {
    this.#exits.push(frame);
    if (this.#state === ClientState.registered) this.#send(frame);
  }

  /** Says that nothing more will come, and closes; gives up after `limitMs`. */
  async close(limitMs: number): Promise<void> {
    const socket = this.#socket;
    const wasRegistered = this.#state === ClientState.registered;
    if (wasRegistered) this.#send({ type: 'run-end' });
    this.#state = ClientState.closed;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#pingTimer);
    if (socket === null) return;
    if (!wasRegistered) return socket.terminate();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
    socket.terminate();
  }

  #connect(): void {
    this.#state = ClientState.connecting;
    const socket = new WebSocket(this.#options.url, AGENT_SUBPROTOCOL, {
      perMessageDeflate: false,
      handshakeTimeout: COLLECTOR_PING_MS,
    });
    this.#socket = socket;
    let cause: unknown;
    socket.on('error', (error) => {
      cause = error;
    });
    socket.once('open', () => this.#opened(socket));
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#received(data.toString());
    });
    socket.once('close', () => this.#closed(cause));
  }

  #opened(socket: WebSocket): void {
    this.#keepAlive(socket);
    try {
      const frame = this.#options.register();
      this.#state = ClientState.registering;
      this.#send(frame);
    } catch (error) {
      this.#options.onAway(error);
      socket.terminate();
    }
  }

  #received(text: string): void {
    const parsed = parseLauncherReply(text);
    // A newer collector may say more than this launcher knows; nothing of it can concern us.
    if (!parsed.ok) return;
    const frame: LauncherReply = parsed.frame;
    switch (frame.type) {
      case 'registered':
        this.#state = ClientState.registered;
        this.#isAway = false;
        this.#retryMs = RECONNECT_FIRST_MS;
        for (const exit of this.#exits) this.#send(exit);
        this.#options.onRegistered();
        break;
      case 'run-state':
        this.#options.onRunState(frame);
        break;
      case 'refuse':
        if (!frame.retryable) this.#state = ClientState.refused;
        this.#options.onRefused(frame);
        break;
    }
  }

  #closed(cause: unknown): void {
    clearInterval(this.#pingTimer);
    this.#socket = null;
    this.#isAway = true;
    if (this.#state === ClientState.closed || this.#state === ClientState.refused) return;
    this.#state = ClientState.waiting;
    this.#options.onAway(cause);
    this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RECONNECT_LIMIT_MS);
  }

  /** A collector that stopped answering without closing is away too. */
  #keepAlive(socket: WebSocket): void {
    let answered = true;
    socket.on('pong', () => {
      answered = true;
    });
    this.#pingTimer = setInterval(() => {
      if (!answered) return socket.terminate();
      answered = false;
      socket.ping();
    }, COLLECTOR_PING_MS);
  }

  #send(frame: LauncherFrame): void {
    // A socket that closes at this moment reports it by `close`, and the frame is told again.
    this.#socket?.send(JSON.stringify(frame), () => undefined);
  }
}
