/**
 * The follower's door: lets in what the leader's log says, in its order, and nothing else. Synchronous
 * calls get the leader's values; asynchronous ones wait for their delivery, however long, and what only
 * this follower attempts stays here.
 */
import { apiName, ByteSource, decodeValue, mapKey, Role } from '@lockstep/protocol';
import {
  type CallRef,
  type DeliveryHandler,
  Door,
  type DoorParts,
  type Gate,
  Missing,
} from '../core/door.ts';
import { originals } from '../core/originals.ts';
import type { NodePlatform } from '../core/platform.ts';
import type { TurnScript, ValueEntry } from './log-reader.ts';
import { refusal } from './refusal.ts';

/** A call or source that the log may deliver for. */
interface Pending {
  readonly ref: CallRef;
  readonly handler: DeliveryHandler;
  readonly lasting: boolean;
  /** Keeps the program's asynchronous context, as the native request does in the leader. */
  readonly scope: InstanceType<typeof originals.AsyncResource>;
  /** Own work that must end before its turn can run; null when there is none. */
  readonly work: OwnWork | null;
}

/** An end of own work, and its number where a source has several kinds. */
interface OwnEnd {
  readonly event: number;
  readonly run: () => void;
}

/** Ends of own work that wait for their turns, and whether another is on its way. */
interface OwnWork {
  readonly ended: OwnEnd[];
  readonly isComing: () => boolean;
}

/** What `peek` says of a delivery. */
export type Readiness = 'ready' | 'working' | 'unknown';

/** Lets in what the log says. */
export class FollowerDoor extends Door {
  override readonly role: Role = Role.follower;
  override readonly leads: boolean = false;
  /** Deliveries that were run, those for calls not made here, and calls whose value the log does not have. */
  readonly counters: { followed: number; skipped: number; valueMissing: number } = {
    followed: 0,
    skipped: 0,
    valueMissing: 0,
  };
  /** Called when own work completed, so that a waiting pump looks again. */
  onWorkDone: () => void = () => {};
  private readonly pending: Map<number, Pending> = new Map();
  private readonly platform: NodePlatform;
  private script: TurnScript | null = null;

  constructor(parts: DoorParts, platform: NodePlatform) {
    super(parts);
    this.platform = platform;
  }

  override value<T>(
    api: number,
    target: string,
    args: readonly unknown[],
    make: () => T,
    missing: Missing,
  ): T {
    this.record(api, target, args);
    const entry = this.take(this.lo, this.hi);
    if (entry !== null) return this.open<T>(entry);
    this.counters.valueMissing++;
    if (missing === Missing.refuse) throw refusal(apiName(api), target);
    return this.cover(make);
  }

  override local<T>(api: number, make: () => T): T {
    this.identify(api, '');
    const entry = this.take(this.lo, this.hi);
    if (entry !== null) return this.open<T>(entry);
    this.counters.valueMissing++;
    return this.cover(make);
  }

  override clock(api: number, read: () => number): number {
    this.identify(api, '');
    const entry = this.take(this.lo, this.hi);
    if (entry !== null) return this.open<number>(entry);
    this.counters.valueMissing++;
    return read();
  }

  override fact<T>(ref: CallRef, _make: () => T, otherwise: T): T {
    const entry = this.take(ref.lo, ref.hi);
    return entry === null ? otherwise : this.open<T>(entry);
  }

  override isTold({ lo, hi }: CallRef): boolean {
    return this.script?.values.has(lo, hi) === true;
  }

  override attempt<T>(ref: CallRef): T | undefined {
    const entry = this.take(ref.lo, ref.hi);
    if (entry !== null) this.open(entry);
    return undefined;
  }

  override deliver<T>(_ref: CallRef, _event: number, _payload: unknown, run: () => T): T {
    return run();
  }

  override expect(ref: CallRef, handler: DeliveryHandler, lasting = false): void {
    const scope = new originals.AsyncResource('LOCKSTEP');
    this.pending.set(ref.key, { ref, handler, lasting, scope, work: null });
  }

  override forget(ref: CallRef): void {
    this.pending.delete(ref.key);
  }

  override compute(ref: CallRef): Gate {
    return this.work(ref, false, () => true);
  }

  override computeMany(ref: CallRef, isComing: () => boolean): Gate {
    return this.work(ref, true, isComing);
  }

  private work(ref: CallRef, lasting: boolean, isComing: () => boolean): Gate {
    const work: OwnWork = { ended: [], isComing };
    const scope = new originals.AsyncResource('LOCKSTEP');
    // Ends of other kinds before the one that the log names never came to the leader's program.
    const handler = (event: number): void => {
      let end = work.ended.shift();
      while (end !== undefined && end.event !== event) end = work.ended.shift();
      end?.run();
    };
    this.pending.set(ref.key, { ref, handler, lasting, scope, work });
    return (run, event = 0) => {
      work.ended.push({ event, run });
      this.onWorkDone();
    };
  }

  override notFollowed(): void {
    // The leader's log says it; a follower alone that gets here has diverged, which the join sees.
  }

  /** Whether the delivery's call was made here, and whether its own work is done. */
  peek(script: TurnScript): Readiness {
    const { delivery } = script;
    if (delivery === null) return 'unknown';
    const pending = this.pending.get(mapKey(delivery.lo, delivery.hi));
    if (pending === undefined) return 'unknown';
    const { work } = pending;
    if (work === null || work.ended.some(({ event }) => event === delivery.event)) return 'ready';
    return work.isComing() ? 'working' : 'unknown';
  }

  /** Puts the entry turn's values in place; its code is the program's main script. */
  enter(script: TurnScript): void {
    this.script = script;
  }

  /** Runs one turn. What the program throws passes through. */
  run(script: TurnScript): void {
    const { delivery } = script;
    if (delivery === null) return;
    const key = mapKey(delivery.lo, delivery.hi);
    const pending = this.pending.get(key);
    this.script = script;
    if (pending === undefined) {
      this.counters.skipped++;
      this.turn = script.turn;
      return;
    }
    this.counters.followed++;
    if (!pending.lasting) this.pending.delete(key);
    this.beginTurn(script.turn, pending.ref, delivery.parentTurn);
    const payload = this.decode(delivery.payload);
    this.covered = 0;
    pending.scope.runInAsyncScope(pending.handler, undefined, delivery.event, payload);
  }

  private take(lo: number, hi: number): ValueEntry | null {
    return this.script === null ? null : this.script.values.take(lo, hi);
  }

  /** Building an error formats its stack, which must not count as the program's doing. */
  private decode(payload: ByteSource): unknown {
    this.covered++;
    try {
      return decodeValue(payload, this.platform);
    } finally {
      this.covered--;
    }
  }

  private open<T>(entry: ValueEntry): T {
    const { payload } = entry;
    const value = this.decode(new ByteSource(payload.bytes.subarray(payload.at)));
    if (entry.threw) throw value;
    return value as T;
  }
}
