/**
 * Asks replicas for the canonical bytes behind a digest and waits for their answers, a bounded time.
 * A replica that is gone, or does not answer in time, is `unreachable`: an incident never waits for one.
 */
import type { CallPosition, EvidenceFrame, EvidenceItem } from '@lockstep/protocol';
import type { Clock, TimerHandle } from '../clock.ts';
import type { Replica } from '../runs/replica.ts';

interface Pending {
  readonly replica: string;
  readonly timer: TimerHandle;
  readonly settle: (items: readonly EvidenceItem[] | null) => void;
}

export class EvidenceDesk {
  private readonly clock: Clock;
  private readonly waitMs: number;
  private readonly pending: Map<number, Pending> = new Map();
  private lastRequest = 0;

  constructor(clock: Clock, waitMs: number) {
    this.clock = clock;
    this.waitMs = waitMs;
  }

  /** The replica's answer, or null when it gives none. Never rejects. */
  ask(replica: Replica, calls: readonly CallPosition[]): Promise<readonly EvidenceItem[] | null> {
    const { link } = replica;
    if (link === null) return Promise.resolve(null);
    if (calls.length === 0) return Promise.resolve([]);
    const requestId = ++this.lastRequest;
    return new Promise((settle) => {
      const timer = this.clock.startTimer(() => this.settle(requestId, null), this.waitMs);
      this.pending.set(requestId, { replica: replica.id, timer, settle });
      link.send({ type: 'evidence-request', requestId, stream: 0, calls });
    });
  }

  answer(replica: string, frame: EvidenceFrame): void {
    if (this.pending.get(frame.requestId)?.replica !== replica) return;
    this.settle(frame.requestId, frame.items);
  }

  /** The replica's connection is gone: it answers nothing any more. */
  forget(replica: string): void {
    for (const [requestId, pending] of this.pending) {
      if (pending.replica === replica) this.settle(requestId, null);
    }
  }

  private settle(requestId: number, items: readonly EvidenceItem[] | null): void {
    const pending = this.pending.get(requestId);
    if (pending === undefined) return;
    this.pending.delete(requestId);
    this.clock.stopTimer(pending.timer);
    pending.settle(items);
  }
}
