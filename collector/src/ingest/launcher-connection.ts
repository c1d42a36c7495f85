/**
 * One connection of a launcher: `awaitingRegister` -> `live` -> `closing`. It says which replicas there
 * will be and how their processes ended, and hears how the run does.
 */
import { type LauncherFrame, parseLauncherFrame, type RunStateFrame } from '@lockstep/protocol';
import type { WebSocket } from 'ws';
import { type Refusal, refusal } from '../errors.ts';
import { takeExit } from '../runs/endings.ts';
import type { Run } from '../runs/run.ts';
import { admitLauncher } from './admission.ts';
import type { ConnectionOptions } from './agent-connection.ts';
import { FrameSocket } from './frame-socket.ts';

type State =
  | { readonly name: 'awaitingRegister' }
  | { readonly name: 'live'; readonly run: Run }
  | { readonly name: 'closing' };

export class LauncherConnection {
  private readonly options: ConnectionOptions;
  private readonly socket: FrameSocket;
  private state: State = { name: 'awaitingRegister' };
  private readonly tell: (frame: RunStateFrame) => void = (frame) => this.socket.send(frame);

  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.options = options;
    this.socket = new FrameSocket(socket);
    socket.on('message', (data, isBinary) => this.take(data as Buffer, isBinary));
    socket.on('close', () => this.leave());
    // what went wrong is followed by a close, which is handled
    socket.on('error', () => undefined);
  }

  /** The collector stops. */
  goAway(): void {
    this.socket.goAway();
  }

  private take(data: Buffer, isBinary: boolean): void {
    try {
      const refused = isBinary
        ? refusal('MALFORMED_FRAME', { why: 'a launcher sends no binary frames' })
        : this.takeText(data.toString('utf8'));
      if (refused === null) return;
      this.leave();
      this.socket.refuse(refused);
    } catch (cause) {
      this.options.report('a frame of a launcher could not be taken', cause);
      this.socket.goAway();
    }
  }

  private takeText(text: string): Refusal | null {
    const parsed = parseLauncherFrame(text);
    if (!parsed.ok) return refusal('MALFORMED_FRAME', { why: parsed.why });
    const { frame } = parsed;
    switch (this.state.name) {
      case 'awaitingRegister':
        return this.takeRegister(frame);
      case 'live':
        return this.takeReport(frame, this.state.run);
      case 'closing':
        return null;
    }
  }

  private takeRegister(frame: LauncherFrame): Refusal | null {
    if (frame.type !== 'register') {
      return refusal('UNEXPECTED_FRAME', { type: frame.type, state: this.state.name });
    }
    const { runs, tokens } = this.options;
    const admission = admitLauncher(frame, runs, tokens);
    if ('refusal' in admission) return admission.refusal;
    const { run } = admission;
    this.state = { name: 'live', run };
    this.socket.send({ type: 'registered' });
    run.launchers.add(this.tell);
    this.socket.send(run.stateFrame());
    return null;
  }

  private takeReport(frame: LauncherFrame, run: Run): Refusal | null {
    switch (frame.type) {
      case 'register':
        return refusal('UNEXPECTED_FRAME', { type: frame.type, state: 'live' });
      case 'replica-exit': {
        const replica = run.replicas.get(frame.replica);
        if (replica === undefined || replica.exit !== null) return null;
        run.main.write(replica, frame);
        takeExit(run.main, replica, frame);
        return null;
      }
      case 'run-end':
        run.dismissedAt ??= this.options.clock.now();
        return null;
    }
  }

  private leave(): void {
    if (this.state.name === 'live') this.state.run.launchers.delete(this.tell);
    this.state = { name: 'closing' };
  }
}
