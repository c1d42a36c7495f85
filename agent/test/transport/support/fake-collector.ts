/**
 * A collector of a few lines: greets, keeps what comes, acknowledges when told to, relays log frames. It
 * listens on a Unix socket or a port, can be killed in the middle, and started again with what it holds.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AgentFrame,
  type CallRecord,
  type CollectorFrame,
  FrameKind,
  type HelloFrame,
  parseAgentFrame,
  RecordBatch,
  readFrameHeader,
} from '@lockstep/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

/** What it keeps across restarts. */
export class FakeCollector {
  readonly hellos: HelloFrame[] = [];
  readonly frames: AgentFrame[] = [];
  /** Records in order, duplicates left out. */
  readonly records: CallRecord[] = [];
  /** Log frames in order, duplicates left out. */
  readonly log: Buffer[] = [];
  duplicates = 0;
  holes = 0;
  finishedTurns = 0;
  /** Called with each new connection after hello; the default greets. */
  greet: (socket: WebSocket, hello: HelloFrame) => void = (socket) => this.welcome(socket);
  acknowledges: boolean = true;
  onBinary: (frame: Buffer) => void = () => undefined;
  socket: WebSocket | null = null;
  private http: Server | null = null;
  private server: WebSocketServer | null = null;
  private listensAt: string | number = 0;

  /** Starts listening; `at` is a socket's path, or 0 for any port. Returns the URL. */
  async start(at: string | number = this.listensAt): Promise<string> {
    const http = createServer();
    const server = new WebSocketServer({ server: http, path: '/agent', perMessageDeflate: false });
    server.on('connection', (socket) => this.accept(socket));
    http.listen(at);
    await once(http, 'listening');
    this.http = http;
    this.server = server;
    if (typeof at === 'string') {
      this.listensAt = at;
      return `ws+unix://${at}:/agent`;
    }
    this.listensAt = (http.address() as AddressInfo).port;
    return `ws://127.0.0.1:${this.listensAt}/agent`;
  }

  /** Ends as a killed process does: connections break, nothing is said. */
  async kill(): Promise<void> {
    const { server, http } = this;
    if (server === null || http === null) return;
    for (const client of server.clients) client.terminate();
    server.close();
    http.close();
    await once(http, 'close');
    this.http = null;
    this.server = null;
    this.socket = null;
  }

  /** Whether nobody is connected, or nobody can be. */
  get deserted(): boolean {
    return (this.server?.clients.size ?? 0) === 0;
  }

  say(frame: CollectorFrame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  welcome(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: 'welcome', version: 1, positions: [this.position] }));
  }

  get position(): { stream: number; records: number; logFrames: number } {
    return { stream: 0, records: this.records.length, logFrames: this.log.length };
  }

  /** Frames of one type. */
  said<T extends AgentFrame['type']>(type: T): Extract<AgentFrame, { type: T }>[] {
    return this.frames.filter((frame) => frame.type === type) as Extract<AgentFrame, { type: T }>[];
  }

  private accept(socket: WebSocket): void {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.binary(data as Buffer);
      else this.control(socket, (data as Buffer).toString());
    });
  }

  private control(socket: WebSocket, text: string): void {
    const parsed = parseAgentFrame(text);
    if (!parsed.ok) throw new Error(parsed.why);
    if (parsed.frame.type === 'hello') {
      this.hellos.push(parsed.frame);
      this.greet(socket, parsed.frame);
    } else this.frames.push(parsed.frame);
  }

  private binary(frame: Buffer): void {
    this.onBinary(frame);
    const header = readFrameHeader(frame);
    const held = header.kind === FrameKind.log ? this.log.length : this.records.length;
    if (header.first > held) this.holes++;
    else if (header.kind === FrameKind.log) this.keepLog(header.first, frame);
    else this.keepRecords(header.first, frame);
    // A log frame may overtake the records of its turns: only batches carry the watermark.
    if (header.kind === FrameKind.records) {
      this.finishedTurns = Math.max(this.finishedTurns, header.finishedTurns);
    }
    if (this.acknowledges) this.say({ type: 'ack', positions: [this.position] });
  }

  private keepLog(first: number, frame: Buffer): void {
    if (first < this.log.length) this.duplicates++;
    else this.log.push(Buffer.from(frame));
  }

  private keepRecords(first: number, frame: Buffer): void {
    const batch = RecordBatch.decode(frame);
    for (let i = 0; i < batch.count; i++) {
      if (first + i < this.records.length) this.duplicates++;
      else this.records.push(batch.select(i).record());
    }
  }
}
