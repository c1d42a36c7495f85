/**
 * One connection of an agent, as an explicit machine: `awaitingHello` -> `live` -> `closing`. Everything
 * that comes from outside is validated here, once; behind it frames are typed and in order.
 */
import { type AgentFrame, isLogName, MAX_CONTROL_BYTES, parseAgentFrame } from '@lockstep/protocol';
import type { WebSocket } from 'ws';
import type { Clock, TimerHandle } from '../clock.ts';
import { type Refusal, refusal } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { takeBye, takeChildExit, takeGone, takeStopped } from '../runs/endings.ts';
import { greet, heard } from '../runs/greeting.ts';
import { positionsOf, takeBytes } from '../runs/intake.ts';
import type { Replica } from '../runs/replica.ts';
import type { RunLog } from '../runs/run-log.ts';
import type { Runs } from '../runs/runs.ts';
import { Acks } from './acks.ts';
import { admit } from './admission.ts';
import { FrameSocket } from './frame-socket.ts';
import type { ServiceTokens } from './tokens.ts';

export interface ConnectionOptions {
  readonly runs: Runs;
  readonly tokens: ServiceTokens;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly report: (what: string, cause: unknown) => void;
}

interface Live {
  readonly log: RunLog;
  readonly replica: Replica;
  readonly acks: Acks;
}

type State =
  | { readonly name: 'awaitingHello'; readonly timer: TimerHandle }
  | ({ readonly name: 'live' } & Live)
  | { readonly name: 'closing' };

export class AgentConnection {
  private readonly options: ConnectionOptions;
  private readonly socket: FrameSocket;
  private state: State;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const { clock, limits } = options;
    this.options = options;
    this.socket = new FrameSocket(socket);
    const timer = clock.startTimer(
      () => this.refuse(refusal('HELLO_LATE', { milliseconds: limits.helloMs })),
      limits.helloMs,
    );
    this.state = { name: 'awaitingHello', timer };
    socket.on('message', (data, isBinary) => this.take(data as Buffer, isBinary));
    socket.on('close', () => this.closed());
    // what went wrong is followed by a close, which is handled
    socket.on('error', () => undefined);
  }

  /** The collector stops. */
  goAway(): void {
    this.socket.goAway();
  }

  private take(data: Buffer, isBinary: boolean): void {
    try {
      const refused = isBinary ? this.takeBinary(data) : this.takeText(data);
      if (refused !== null) this.refuse(refused);
    } catch (cause) {
      this.options.report('a frame of an agent could not be taken', cause);
      this.socket.goAway();
    }
  }

  private takeBinary(data: Buffer): Refusal | null {
    const { state } = this;
    if (state.name === 'closing') return null;
    if (state.name === 'awaitingHello') {
      return refusal('UNEXPECTED_FRAME', { type: 'binary', state: state.name });
    }
    const { log, replica, acks } = state;
    if (replica.link !== this.socket) return null;
    heard(log, replica);
    const refused = takeBytes(log, replica, data);
    if (refused === null) acks.note(data.length);
    return refused;
  }

  private takeText(data: Buffer): Refusal | null {
    if (data.length > MAX_CONTROL_BYTES) {
      return refusal('FRAME_TOO_LARGE', { bytes: data.length, limit: MAX_CONTROL_BYTES });
    }
    const parsed = parseAgentFrame(data.toString('utf8'));
    if (!parsed.ok) return refusal('MALFORMED_FRAME', { why: parsed.why });
    const { frame } = parsed;
    switch (this.state.name) {
      case 'awaitingHello':
        return this.takeHello(frame, this.state.timer);
      case 'live':
        return this.takeControl(frame, this.state);
      case 'closing':
        return null;
    }
  }

  private takeHello(frame: AgentFrame, timer: TimerHandle): Refusal | null {
    if (frame.type !== 'hello') {
      return refusal('UNEXPECTED_FRAME', { type: frame.type, state: this.state.name });
    }
    const { runs, tokens, clock } = this.options;
    clock.stopTimer(timer);
    const admission = admit(frame, runs, tokens);
    if ('refusal' in admission) return admission.refusal;
    const { log, replica } = admission;
    const acks = new Acks(clock, this.socket, () => positionsOf(log, replica));
    this.state = { name: 'live', log, replica, acks };
    greet(log, replica, frame, this.socket);
    return null;
  }

  private takeControl(frame: AgentFrame, { log, replica, acks }: Live): Refusal | null {
    if (replica.link !== this.socket) return null;
    heard(log, replica);
    switch (frame.type) {
      case 'hello':
        return refusal('UNEXPECTED_FRAME', { type: frame.type, state: 'live' });
      case 'stream':
        // A child was started: its log is expected from now on.
        if (isLogName(frame.log)) log.run.openLog(frame.log);
        return null;
      case 'child-exit':
        takeChildExit(log, replica, frame);
        return null;
      case 'evidence':
        log.judgement.desk.answer(replica.id, frame);
        return null;
      case 'counters':
        replica.counters = frame.counters;
        log.run.isDirty = true;
        return null;
      case 'stopped':
        log.write(replica, frame);
        takeStopped(log, replica, frame);
        return null;
      case 'bye':
        log.write(replica, frame);
        acks.flush();
        takeBye(log, replica, frame);
        return null;
    }
  }

  private refuse(refused: Refusal): void {
    this.leave();
    this.socket.refuse(refused);
  }

  private closed(): void {
    this.leave();
  }

  /** Whatever the connection was to its run, it is no more. */
  private leave(): void {
    const { state } = this;
    this.state = { name: 'closing' };
    if (state.name === 'awaitingHello') this.options.clock.stopTimer(state.timer);
    if (state.name !== 'live') return;
    const { log, replica, acks } = state;
    acks.stop();
    if (replica.link !== this.socket) return;
    replica.link = null;
    log.relays.get(replica.id)?.stop();
    log.relays.delete(replica.id);
    log.judgement.desk.forget(replica.id);
    if (!replica.hasEnded) replica.heardAt = this.options.clock.now();
    if (replica.exit !== null) takeGone(log, replica);
    log.changed();
  }
}
