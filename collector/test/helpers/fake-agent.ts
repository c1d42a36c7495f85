/**
 * A replica that speaks the protocol with records of the test's choosing: what it was told to do in each
 * turn, it says it did. It keeps everything, so it can resume from anywhere.
 */
import {
  AGENT_SUBPROTOCOL,
  apiId,
  type ByeFrame,
  type CallPosition,
  type CallRecord,
  type CollectorFrame,
  type EvidenceItem,
  encodeBatch,
  FrameKind,
  frameHeaderBytes,
  type HelloFrame,
  PROTOCOL_VERSION,
  parseCollectorFrame,
  RecordKind,
  type Role,
  type StoppedFrame,
  type StreamPosition,
} from '@lockstep/protocol';
import { WebSocket } from 'ws';

/** A call in short: what it is about decides its target hash, its data its digest. */
export interface FakeCall {
  readonly api: string;
  readonly target?: string;
  readonly data?: string;
  readonly kind?: RecordKind;
}

export interface FakeAgentOptions {
  url: string;
  readonly runId: string;
  readonly replica: string;
  readonly role: Role;
  readonly token: string;
  readonly service?: string;
  readonly hello?: Partial<HelloFrame>;
  /** False: never answers evidence requests. */
  readonly answers?: boolean;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

export class FakeAgent {
  readonly options: FakeAgentOptions;
  readonly frames: CollectorFrame[] = [];
  readonly log: Uint8Array[] = [];
  readonly batches: {
    readonly first: number;
    readonly count: number;
    readonly bytes: Uint8Array;
  }[] = [];
  /** Log frames that came from the collector. */
  readonly received: Uint8Array[] = [];
  readonly made: Map<string, FakeCall> = new Map();
  closeCode: number | null = null;
  finished = 0;
  sequence = 0;
  private socket: WebSocket | null = null;
  private connection = 0;
  private readonly pending: CallRecord[] = [];

  constructor(options: FakeAgentOptions) {
    this.options = options;
  }

  /** Connects and says hello; resolves with the welcome or the refusal. */
  async connect(more: Partial<HelloFrame> = {}): Promise<CollectorFrame> {
    const { url, hello, ...rest } = this.options;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/agent`, AGENT_SUBPROTOCOL);
    this.socket = socket;
    this.closeCode = null;
    socket.binaryType = 'nodebuffer';
    const seen = this.frames.length;
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('message', (data: Buffer, isBinary) => this.take(data, isBinary));
    this.connection++;
    this.send({
      type: 'hello',
      version: PROTOCOL_VERSION,
      runId: rest.runId,
      service: rest.service ?? 'shop',
      replica: rest.replica,
      role: rest.role,
      variant: 'default',
      token: rest.token,
      connection: this.connection,
      pid: 100 + this.connection,
      host: 'host',
      nodeVersion: 'v20.19.0',
      agentVersion: '0.1.0',
      isolation: 'none',
      drill: false,
      setting: { argv: 'server.js', node: 'v20.19.0' },
      coverage: { hooked: 10, unhooked: [], notFollowed: [] },
      streams: [{ stream: 0, log: 'main' }],
      positions: [{ stream: 0, records: 0, logFrames: this.received.length }],
      ...hello,
      ...more,
    });
    return await until(() => this.frames[seen], `${rest.replica}: an answer to hello`);
  }

  /** Reconnects and sends again what the collector does not hold. */
  async resume(): Promise<void> {
    const welcome = await this.connect();
    if (welcome.type !== 'welcome') throw new Error(`resume was answered by ${welcome.type}`);
    const held = welcome.positions[0];
    for (const batch of this.batches) {
      if (batch.first >= (held?.records ?? 0)) this.socket?.send(batch.bytes);
    }
    if (this.options.role !== 'leader') return;
    for (const frame of this.log.slice(held?.logFrames ?? 0)) this.socket?.send(frame);
  }

  /** Makes the calls of one turn; `flush` sends them. */
  turn(turn: number, calls: readonly FakeCall[], parentTurn = turn > 0 ? 0 : -1): this {
    let ordinal = 0;
    const add = (call: FakeCall, kind: RecordKind): void => {
      this.made.set(`${turn} ${ordinal}`, call);
      this.pending.push({
        targetLo: hash(call.target ?? ''),
        targetHi: 1,
        digestLo: hash(call.data ?? ''),
        digestHi: hash(call.api),
        digestLo2: 0,
        digestHi2: 0,
        turn,
        parentTurn,
        ordinal: ordinal++,
        api: apiId(call.api),
        kind,
        flags: 0,
      });
    };
    if (turn > 0) add({ api: 'http.server.request', target: `delivery ${turn}` }, RecordKind.turn);
    for (const call of calls) add(call, call.kind ?? RecordKind.call);
    this.finished = turn + 1;
    return this;
  }

  /** Notes that so many records were lost in a turn. */
  gap(turn: number, records: number): this {
    const gap = { api: 1, kind: RecordKind.gap, turn, parentTurn: 0, ordinal: 0, flags: 0 };
    const digest = { digestLo: 0, digestHi: 0, digestLo2: 0, digestHi2: 0 };
    this.pending.push({ ...gap, ...digest, targetLo: records, targetHi: 0 });
    return this;
  }

  /** Sends what is pending, with the watermark; a leader sends a log frame as well. */
  flush(finished: number = this.finished): this {
    const records = this.pending.splice(0);
    const header = {
      flags: 0,
      stream: 0,
      first: this.sequence,
      finishedTurns: finished,
      total: this.sequence + records.length,
      turnBase: records[0]?.turn ?? 0,
    };
    const bytes = encodeBatch(header, records);
    this.batches.push({ first: this.sequence, count: records.length, bytes });
    this.sequence += records.length;
    if (this.options.role === 'leader') this.logFrame(finished);
    this.socket?.send(bytes);
    return this;
  }

  /** Sends one log frame whose body says which it is. */
  logFrame(finished: number = this.finished, size = 40): void {
    const header = frameHeaderBytes({
      kind: FrameKind.log,
      flags: 0,
      stream: 0,
      first: this.log.length,
      count: 1,
      finishedTurns: finished,
      total: this.log.length + 1,
      turnBase: Math.max(0, finished - 1),
    });
    const frame = Buffer.concat([header, Buffer.alloc(size, this.log.length)]);
    this.log.push(frame);
    this.socket?.send(frame);
  }

  /** Ends in order: exit record, watermark, bye. */
  bye(exitCode = 0, complete = true): this {
    const turn = Math.max(0, this.finished - 1);
    const ordinal = [...this.made.keys()].filter((key) => key.startsWith(`${turn} `)).length;
    this.pending.push({
      targetLo: 0,
      targetHi: 0,
      digestLo: exitCode,
      digestHi: 0,
      digestLo2: 0,
      digestHi2: 0,
      turn,
      parentTurn: -1,
      ordinal,
      api: apiId('process.exit'),
      kind: RecordKind.exit,
      flags: 0,
    });
    return this.flush().sayBye(exitCode, complete);
  }

  sayBye(exitCode = 0, complete = true): this {
    const bye: ByeFrame = { type: 'bye', exitCode, complete, positions: [] };
    this.send(bye);
    return this;
  }

  stopped(code: StoppedFrame['code'], api: string | null): void {
    this.send({ type: 'stopped', code, api, detail: `${api} is not followed` });
  }

  send(frame: object): void {
    this.socket?.send(JSON.stringify(frame));
  }

  sendRaw(data: string | Uint8Array): void {
    this.socket?.send(data);
  }

  /** The connection is lost, as when the process is killed. */
  cut(): void {
    this.socket?.terminate();
  }

  /** Stops reading, as a stopped process does. */
  pause(): void {
    this.socket?.pause();
  }

  unpause(): void {
    this.socket?.resume();
  }

  /** Records that were acknowledged. */
  get acked(): number {
    return this.lastAck?.records ?? 0;
  }

  /** Log frames that were acknowledged. */
  get ackedFrames(): number {
    return this.lastAck?.logFrames ?? 0;
  }

  private get lastAck(): StreamPosition | undefined {
    return this.frames.filter((frame) => frame.type === 'ack').at(-1)?.positions[0];
  }

  /** The first frame of a type. */
  frame<T extends CollectorFrame['type']>(
    type: T,
  ): Extract<CollectorFrame, { type: T }> | undefined {
    return this.frames.find((frame): frame is Extract<CollectorFrame, { type: T }> => {
      return frame.type === type;
    });
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.received.push(data);
      return;
    }
    const parsed = parseCollectorFrame(data.toString('utf8'));
    if (!parsed.ok) throw new Error(parsed.why);
    const { frame } = parsed;
    this.frames.push(frame);
    if (frame.type !== 'evidence-request' || this.options.answers === false) return;
    const items = frame.calls.map((call) => this.evidence(call));
    this.send({ type: 'evidence', requestId: frame.requestId, stream: 0, items });
  }

  private evidence({ turn, ordinal }: CallPosition): EvidenceItem {
    const call = this.made.get(`${turn} ${ordinal}`);
    const base = { turn, ordinal, stack: ['at handler (server.js:1:1)'] };
    if (call === undefined) {
      return { ...base, status: 'expired', api: 'entry', target: null, arguments: null };
    }
    const target = call.target ?? null;
    const text = call.data ?? '';
    return { ...base, status: 'found', api: call.api, target, arguments: { type: 'string', text } };
  }
}

/** Waits for a condition with a deadline; answers what it gave. */
export async function until<T>(
  condition: () => T | undefined | null | false,
  what: string,
  deadlineMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
