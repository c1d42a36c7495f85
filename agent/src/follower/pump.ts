/**
 * Runs the log's turns: one fresh delivery a macrotask, joined ones together, microtasks draining
 * between as they did in the leader. A delivery for a call that was not made here is passed over (the
 * join sees it); only this replica's own work (module reads, compression) is waited for.
 */
import { originals } from '../core/originals.ts';
import type { Inbox, Outbox } from '../transport/index.ts';
import type { FollowerDoor } from './follower-door.ts';
import type { LogEnd, LogReader, TurnScript } from './log-reader.ts';

/** Turns that may wait in one go for their macrotasks; keeps one loop iteration short. */
const IMMEDIATES_AHEAD = 64;

/** Deliveries passed over between two reports of how far the follower follows. */
const SKIPPED_STEP = 100;

/** How long one blocking wait for the entry turn lasts before it is begun anew, milliseconds. */
const ENTRY_WAIT_MS = 1000;

/** What a pump is made of. */
export interface PumpParts {
  readonly door: FollowerDoor;
  readonly log: LogReader;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  /** Ends the process as this follower must end. */
  readonly onEnd: (end: LogEnd) => void;
}

/** The follower's engine. `enter` before the program's main script, `start` right with it. */
export class Pump {
  private readonly parts: PumpParts;
  private readonly injected: (() => void)[] = [];
  private scheduled = 0;
  private finished = 0;
  /** Number of deliveries passed over at which the next report is due. */
  private skippedTold = 1;
  private ended: boolean = false;

  constructor(parts: PumpParts) {
    this.parts = parts;
    parts.door.onWorkDone = () => this.schedule();
  }

  /** Blocks until the entry turn is closed in the log, then puts its values in place. */
  enter(): void {
    const { log, inbox, door } = this.parts;
    log.absorb();
    while (!log.ready() && log.end === null) {
      inbox.wait(ENTRY_WAIT_MS);
      log.absorb();
    }
    const entry = log.queue.shift();
    if (entry === undefined) this.finish(log.end ?? { type: 'cut' });
    else door.enter(entry);
  }

  /** Begins to follow once the main script has run. */
  start(): void {
    const { inbox } = this.parts;
    inbox.ref();
    inbox.onArrival(() => this.schedule());
    this.schedule();
  }

  /** Runs `payload` inside the next turn, as injected code would run. */
  inject(payload: () => void): void {
    this.injected.push(payload);
    this.schedule();
  }

  private schedule(): void {
    if (this.ended) return;
    const { log } = this.parts;
    log.absorb();
    const wanted = Math.min(Math.max(1, log.queue.length), IMMEDIATES_AHEAD);
    while (this.scheduled < wanted) {
      this.scheduled++;
      originals.setImmediate(this.step);
    }
  }

  private readonly step = (): void => {
    this.scheduled--;
    if (this.ended) return;
    this.reportFinished();
    const { log } = this.parts;
    if (log.queue.length === 0 || !log.ready()) log.absorb();
    if (log.end?.type === 'told' || (log.end !== null && !log.ready())) {
      this.finish(log.end);
      return;
    }
    if (!log.ready() || this.working()) return;
    try {
      this.runGroup();
    } finally {
      if (this.scheduled === 0) this.schedule();
    }
  };

  /** Whether a turn of the next group waits for this replica's own work. */
  private working(): boolean {
    const { log, door } = this.parts;
    for (let i = 0; i < log.queue.length; i++) {
      const script = log.queue[i] as TurnScript;
      if (i > 0 && script.delivery?.joined !== true) return false;
      if (door.peek(script) === 'working') return true;
    }
    return false;
  }

  private runGroup(): void {
    const { log, door } = this.parts;
    for (;;) {
      const script = log.queue.shift() as TurnScript;
      door.run(script);
      this.injected.shift()?.();
      if (log.queue[0]?.delivery?.joined !== true) return;
    }
  }

  private reportFinished(): void {
    const { door, outbox } = this.parts;
    const finished = door.turn + 1;
    if (finished === this.finished) return;
    this.finished = finished;
    outbox.flush(finished);
    // How far it follows is told while it does, but only where something was passed over.
    if (door.counters.skipped < this.skippedTold) return;
    this.skippedTold = door.counters.skipped + SKIPPED_STEP;
    outbox.counters({ ...door.counters });
  }

  private finish(end: LogEnd): void {
    this.ended = true;
    this.parts.onEnd(end);
  }
}
