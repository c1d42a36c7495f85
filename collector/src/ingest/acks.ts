/**
 * Acknowledges what was appended, cumulatively and not too often: after a few milliseconds, or at once
 * when a lot has come or the replica is about to end.
 */
import type { StreamPosition } from '@lockstep/protocol';
import type { Clock, TimerHandle } from '../clock.ts';
import { ACK_BYTES, ACK_DELAY_MS } from '../limits.ts';
import type { AgentLink } from '../runs/agent-link.ts';

export class Acks {
  private readonly clock: Clock;
  private readonly link: AgentLink;
  private readonly positions: () => readonly StreamPosition[];
  private waitingBytes = 0;
  private timer: TimerHandle | null = null;

  constructor(clock: Clock, link: AgentLink, positions: () => readonly StreamPosition[]) {
    this.clock = clock;
    this.link = link;
    this.positions = positions;
  }

  /** A frame of so many bytes was appended. */
  note(bytes: number): void {
    this.waitingBytes += bytes;
    if (this.waitingBytes >= ACK_BYTES) this.flush();
    else this.timer ??= this.clock.startTimer(() => this.flush(), ACK_DELAY_MS);
  }

  flush(): void {
    const isDue = this.waitingBytes > 0;
    this.stop();
    if (isDue) this.link.send({ type: 'ack', positions: this.positions() });
  }

  stop(): void {
    this.waitingBytes = 0;
    if (this.timer !== null) this.clock.stopTimer(this.timer);
    this.timer = null;
  }
}
