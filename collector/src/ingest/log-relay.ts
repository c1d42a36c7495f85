/**
 * Feeds one follower the leader's log, in order, at the follower's pace. A frame leaves in the tick in
 * which it was appended; when the follower's socket holds too much, the relay stops reading and goes on
 * when the kernel has taken some, so a stopped follower costs a bounded amount of memory.
 */
import type { AgentLink } from '../runs/agent-link.ts';
import type { LogCursor, LogSpool } from '../spool/log-spool.ts';

/** The end of the log, once the leader has ended. */
export interface LogEnd {
  readonly clean: boolean;
}

export class LogRelay {
  private readonly log: LogSpool;
  private readonly link: AgentLink;
  private readonly limitBytes: number;
  private readonly cursor: LogCursor;
  private end: LogEnd | null = null;
  private isWaiting: boolean = false;
  private isStopped: boolean = false;
  private readonly onSent: () => void = () => {
    if (this.isWaiting && this.link.bufferedBytes() < this.limitBytes / 2) this.pump();
  };

  constructor(log: LogSpool, link: AgentLink, from: number, limitBytes: number) {
    this.log = log;
    this.link = link;
    this.limitBytes = limitBytes;
    this.cursor = { frame: from, offset: -1 };
  }

  /** Hands on what there is and the follower's socket will hold. */
  pump(): void {
    if (this.isStopped) return;
    this.isWaiting = false;
    while (this.cursor.frame < this.log.next) {
      if (this.link.bufferedBytes() >= this.limitBytes) {
        this.isWaiting = true;
        return;
      }
      for (const frame of this.log.read(this.cursor)) this.link.sendBytes(frame, this.onSent);
    }
    if (this.end === null) return;
    const { clean } = this.end;
    this.link.send({ type: 'log-closed', stream: 0, frames: this.log.next, clean });
    this.isStopped = true;
  }

  /** The leader has ended: after the last frame the follower is told so. */
  close(end: LogEnd): void {
    this.end = end;
    this.pump();
  }

  stop(): void {
    this.isStopped = true;
  }
}
