/**
 * HOT. The leader's door: the world comes in as it always would, and what came in is written to the log on
 * its way. Nothing is delayed, reordered or replaced; a flush a loop iteration closes the turns.
 *
 * A delivery is `joined` when it comes in the same macrotask as the one before (two requests in one
 * packet): microtasks have not drained between the two, and a follower must not let them either.
 */
import {
  apiId,
  apiName,
  ByteSink,
  beginDelivery,
  beginEnd,
  beginValue,
  encodeValue,
  endEntry,
  JOINED,
  NO_PARENT,
  Reason,
  Role,
  THREW,
  UnencodableValue,
  writeFlush,
  writeNotFollowed,
} from '@lockstep/protocol';
import { type CallRef, Door, type DoorParts, type Gate } from '../core/door.ts';
import { originals } from '../core/originals.ts';
import type { NodePlatform } from '../core/platform.ts';

const BEFORE_EXIT = apiId('process.beforeExit');

/** Lets the world in and logs it. */
export class LeaderDoor extends Door {
  override readonly role: Role = Role.leader;
  override readonly leads: boolean = true;
  /** Whether a delivery's own code is running right now. */
  private delivering: boolean = false;
  private drained: boolean = true;
  /** When this macrotask's first delivery came, milliseconds since the epoch. */
  private arrivedAt = 0;
  private flushing: boolean = false;
  /** Followers have ended, or the log could not be kept: nothing more is written. */
  private mute: boolean = false;
  private readonly entry: ByteSink = new ByteSink(64 * 1024);
  private readonly platform: NodePlatform;
  private readonly excluded: Set<number> = new Set();

  constructor(parts: DoorParts, platform: NodePlatform) {
    super(parts);
    this.platform = platform;
    this.scheduleFlush();
  }

  override value<T>(api: number, target: string, args: readonly unknown[], make: () => T): T {
    this.record(api, target, args);
    return this.carry(api, this.lo, this.hi, make);
  }

  override local<T>(api: number, make: () => T): T {
    this.identify(api, '');
    return this.carry(api, this.lo, this.hi, make);
  }

  override fact<T>(ref: CallRef, make: () => T): T {
    return this.carry(ref.api, ref.lo, ref.hi, make);
  }

  override isTold(): boolean {
    return false;
  }

  override clock(api: number, read: () => number): number {
    this.identify(api, '');
    const value = read();
    if (this.mute) return value;
    const at = beginValue(this.entry, 0, api, this.lo, this.hi);
    encodeValue(this.entry, value, this.platform);
    this.finishEntry(at);
    this.scheduleFlush();
    return value;
  }

  override attempt<T>(ref: CallRef, start: () => T): T {
    this.covered++;
    try {
      return start();
    } catch (error) {
      this.writeValue(THREW, ref.api, ref.lo, ref.hi, error);
      throw error;
    } finally {
      this.covered--;
    }
  }

  override deliver<T>(ref: CallRef, event: number, payload: unknown, run: () => T): T {
    if (this.delivering) return run();
    const { covered } = this;
    this.covered = 0;
    this.arrive(ref, event, payload);
    this.delivering = true;
    try {
      return run();
    } finally {
      this.delivering = false;
      this.covered = covered;
    }
  }

  override expect(): void {}

  override forget(): void {}

  override compute(ref: CallRef): Gate {
    return (run, event = 0) => this.deliver(ref, event, undefined, run);
  }

  override computeMany(ref: CallRef): Gate {
    return this.compute(ref);
  }

  override notFollowed(api: number, detail: string): void {
    if (this.excluded.has(api)) return;
    this.excluded.add(api);
    this.outbox.stopped(Reason.notFollowed, apiName(api), detail);
    if (this.mute) return;
    this.entry.reset();
    writeNotFollowed(this.entry, api, detail);
    this.outbox.logEntry(this.entry.memory, this.entry.length);
    this.scheduleFlush();
  }

  /** Writes the end of the log and closes its last turn. */
  end(exitCode: number): void {
    const at = beginEnd(this.entry);
    encodeValue(this.entry, exitCode, this.platform);
    this.finishEntry(at);
    this.outbox.flush(this.turn + 1);
    this.outbox.end(exitCode, true);
  }

  private arrive(ref: CallRef, event: number, payload: unknown): void {
    const turn = this.turn + 1;
    const distance = ref.turn < 0 ? NO_PARENT : turn - ref.turn;
    if (!this.mute) {
      const flags = this.drained ? 0 : JOINED;
      // The clock is read once a macrotask: it tells lag, and the program never sees it.
      if (this.drained) this.arrivedAt = originals.dateNow();
      const { arrivedAt } = this;
      const at = beginDelivery(
        this.entry,
        flags,
        ref.api,
        ref.lo,
        ref.hi,
        event,
        distance,
        arrivedAt,
      );
      this.writePayload(ref.api, payload);
      this.finishEntry(at);
    }
    if (this.drained) {
      this.drained = false;
      originals.afterMicrotasks(this.onDrained);
    }
    this.beginTurn(turn, ref, ref.turn);
    this.scheduleFlush(ref.api !== BEFORE_EXIT);
  }

  private readonly onDrained = (): void => {
    this.drained = true;
  };

  private carry<T>(api: number, lo: number, hi: number, make: () => T): T {
    let value: T;
    this.covered++;
    try {
      value = make();
    } catch (error) {
      this.writeValue(THREW, api, lo, hi, error);
      throw error;
    } finally {
      this.covered--;
    }
    this.writeValue(0, api, lo, hi, value);
    return value;
  }

  private writeValue(flags: number, api: number, lo: number, hi: number, value: unknown): void {
    if (this.mute) return;
    const at = beginValue(this.entry, flags, api, lo, hi);
    this.writePayload(api, value);
    this.finishEntry(at);
    this.scheduleFlush();
  }

  /** A value that cannot be carried ends following; it never reaches the program as an error. */
  private writePayload(api: number, payload: unknown): void {
    const { length } = this.entry;
    this.covered++;
    try {
      encodeValue(this.entry, payload, this.platform);
    } catch (error) {
      this.entry.length = length;
      encodeValue(this.entry, undefined, this.platform);
      const why = error instanceof UnencodableValue ? error.message : String(error);
      originals.queueMicrotask(() => this.notFollowed(api, why));
    } finally {
      this.covered--;
    }
  }

  private finishEntry(at: number): void {
    endEntry(this.entry, at);
    if (!this.outbox.logEntry(this.entry.memory, this.entry.length)) this.mute = true;
    this.entry.reset();
  }

  /** Not kept alive: what comes when the loop is empty must leave it empty. */
  private scheduleFlush(keepAlive = true): void {
    if (this.flushing) return;
    this.flushing = true;
    const immediate = originals.setImmediate(this.flush);
    if (!keepAlive) immediate.unref();
  }

  private readonly flush = (): void => {
    this.flushing = false;
    if (!this.mute) {
      writeFlush(this.entry);
      this.outbox.logEntry(this.entry.memory, this.entry.length);
      this.entry.reset();
    }
    this.outbox.flush(this.turn + 1);
  };
}
