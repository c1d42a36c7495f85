/**
 * A run of three replicas without processes: a launcher's registration, then three connections that speak
 * the agents' protocol. They say equal things until one of them is told to say something else.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  apiId,
  encodeBatch,
  FrameKind,
  frameHeaderBytes,
  LAUNCHER_PATH,
  PROTOCOL_VERSION,
  RecordKind,
} from '@lockstep/protocol';
import { WebSocket } from 'ws';

const REPLICAS = ['a', 'b', 'c'];
/** Calls of a turn: what a hello-world's request makes. */
export const CALLS_PER_TURN = 5;
/** Log bytes of a call; cipher text to the collector, so any bytes will do. */
const LOG_BYTES_PER_CALL = 60;
const READ = apiId('fs.readFile');
const DELIVERY = apiId('http.server.request');

/** Registers a run and connects its replicas. */
export async function startRun(collector, service) {
  const runId = randomBytes(16).toString('hex');
  const tokens = REPLICAS.map(() => randomBytes(32).toString('hex'));
  const launcher = await open(`${collector.socketUrl}${LAUNCHER_PATH}`);
  const registered = firstMessage(launcher);
  send(launcher, {
    type: 'register',
    version: PROTOCOL_VERSION,
    token: collector.token,
    runId,
    service,
    startedAt: new Date().toISOString(),
    command: ['node', 'server.js'],
    drill: false,
    allowDrills: false,
    replicas: REPLICAS.map((id, index) => ({
      id,
      role: index === 0 ? 'leader' : 'follower',
      variant: 'default',
      tokenHash: createHash('sha256').update(tokens[index]).digest('hex'),
    })),
  });
  expectFrame(await registered, 'registered');
  const agents = [];
  for (const [index, id] of REPLICAS.entries()) {
    agents.push(await FakeAgent.connect(collector, { runId, service, id, token: tokens[index] }));
  }
  return new FakeRun(runId, launcher, agents);
}

class FakeRun {
  #launcher;
  #agents;
  #turn = 0;
  calls = 0;

  constructor(runId, launcher, agents) {
    this.runId = runId;
    this.#launcher = launcher;
    this.#agents = agents;
  }

  /**
   * All replicas make the calls of so many turns. `divergent`: in the last of them the second replica
   * says another digest for its last call. Its batch leaves last; answers when, and in which turn.
   */
  step(turns, divergent = false) {
    const from = this.#turn + 1;
    this.#turn += turns;
    this.calls += turns * CALLS_PER_TURN;
    const records = recordsOf(from, turns);
    const [leader, second, third] = this.#agents;
    leader.sendLog(this.#turn, records.length);
    leader.sendBatch(records, this.#turn);
    third.sendBatch(records, this.#turn);
    if (divergent) records.push({ ...records.pop(), digestLo: 0xbad });
    const frame = second.frame(records, this.#turn);
    const sentAt = performance.now();
    second.send(frame);
    return { sentAt, turn: this.#turn };
  }

  /** One WebSocket round trip to the collector over the second replica's connection, milliseconds. */
  roundTrip() {
    return this.#agents[1].roundTrip();
  }

  /** Ends the run: the launcher says so. */
  end() {
    for (const agent of this.#agents) agent.close();
    for (const replica of REPLICAS) {
      send(this.#launcher, { type: 'replica-exit', replica, exitCode: 0, signal: null });
    }
    send(this.#launcher, { type: 'run-end' });
    this.#launcher.close();
  }
}

/** The records of turns `from` and the following, watermark one turn later. */
function recordsOf(from, turns) {
  const records = [];
  for (let turn = from; turn < from + turns; turn++) {
    records.push(record(turn, 0, RecordKind.turn, DELIVERY));
    for (let call = 1; call <= CALLS_PER_TURN; call++) {
      records.push(record(turn, call, RecordKind.call, READ));
    }
  }
  return records;
}

function record(turn, ordinal, kind, api) {
  const targetLo = Math.imul(turn + ordinal, 0x9e3779b1) >>> 0;
  const digestLo = Math.imul(turn * 8 + ordinal, 0x85ebca6b) >>> 0;
  return {
    ...{ targetLo, targetHi: 1, digestLo, digestHi: 2, digestLo2: 0, digestHi2: 0 },
    ...{ turn, parentTurn: turn - 1, ordinal, api, kind, flags: 0 },
  };
}

class FakeAgent {
  #socket;
  #id;
  #sequence = 0;
  #logFrames = 0;

  static async connect(collector, { runId, service, id, token }) {
    const socket = await open(`${collector.socketUrl}${AGENT_PATH}`, AGENT_SUBPROTOCOL);
    const welcome = firstMessage(socket);
    send(socket, {
      type: 'hello',
      version: PROTOCOL_VERSION,
      ...{ runId, service, replica: id, role: id === 'a' ? 'leader' : 'follower' },
      ...{ variant: 'default', token, connection: 1, pid: process.pid, host: 'bench' },
      ...{ nodeVersion: process.version, agentVersion: '0.1.0', isolation: 'none', drill: false },
      setting: { argv: 'server.js' },
      coverage: { hooked: 1, unhooked: [], notFollowed: [] },
      streams: [{ stream: 0, log: 'main' }],
      positions: [{ stream: 0, records: 0, logFrames: 0 }],
    });
    expectFrame(await welcome, 'welcome');
    return new FakeAgent(socket, id);
  }

  constructor(socket, id) {
    this.#socket = socket;
    this.#id = id;
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#answer(JSON.parse(data.toString()));
    });
  }

  sendBatch(records, lastTurn) {
    this.send(this.frame(records, lastTurn));
  }

  send(frame) {
    this.#socket.send(frame);
  }

  /** A batch whose watermark says that `lastTurn` is finished. */
  frame(records, lastTurn) {
    const first = this.#sequence;
    this.#sequence += records.length;
    return encodeBatch(
      {
        ...{ flags: 0, stream: 0, first, total: this.#sequence },
        ...{ finishedTurns: lastTurn + 1, turnBase: records[0].turn },
      },
      records,
    );
  }

  sendLog(lastTurn, records) {
    const header = frameHeaderBytes({
      ...{ kind: FrameKind.log, flags: 0, stream: 0, first: this.#logFrames++, count: records },
      ...{ finishedTurns: lastTurn + 1, total: this.#sequence, turnBase: lastTurn },
    });
    this.#socket.send(Buffer.concat([header, Buffer.alloc(records * LOG_BYTES_PER_CALL, 7)]));
  }

  roundTrip() {
    const sentAt = performance.now();
    this.#socket.ping();
    return new Promise((resolve) => {
      this.#socket.once('pong', () => resolve(performance.now() - sentAt));
    });
  }

  close() {
    this.#socket.terminate();
  }

  /** As a real agent would: each call with its arguments. */
  #answer(frame) {
    if (frame.type !== 'evidence-request') return;
    const text = this.#id === 'b' ? 'other' : 'same';
    const items = frame.calls.map(({ turn, ordinal }) => ({
      ...{ turn, ordinal, status: 'found', api: 'fs.readFile', target: '/etc/app.json' },
      ...{ arguments: { type: 'string', text }, stack: ['at handler (server.js:1:1)'] },
    }));
    send(this.#socket, { type: 'evidence', requestId: frame.requestId, stream: 0, items });
  }
}

function open(url, subprotocol) {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function send(socket, frame) {
  socket.send(JSON.stringify(frame));
}

function firstMessage(socket) {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(data.toString())));
  });
}

function expectFrame(frame, type) {
  if (frame.type !== type) throw new Error(`${type} was expected: ${JSON.stringify(frame)}`);
}
