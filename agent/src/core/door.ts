/**
 * HOT. The door: everything that enters JavaScript from outside passes here, and every recorded call gets its
 * identifier here. What both roles share stands in this class; `LeaderDoor` lets the world in and logs
 * it, `FollowerDoor` lets in what the log says. Hooks are written once against this interface.
 *
 * `covered` above zero means that Node's own code is at work inside a recorded call: what it calls is
 * covered by that call and goes to the originals unrecorded.
 */
import {
  apiTable,
  ByteSink,
  CanonicalWriter,
  callId,
  Danger,
  type LogSeed,
  logSeed,
  Mixer,
  mapKey,
  RecordKind,
  type Role,
  targetHash,
} from '@lockstep/protocol';
import type { Outbox } from '../transport/index.ts';
import { TurnCounter } from './turn-counter.ts';

/** A call whose completion comes later: what names it, and the turn it was made in. */
export interface CallRef {
  readonly api: number;
  readonly lo: number;
  readonly hi: number;
  /** The identifier as a Map key. */
  readonly key: number;
  readonly turn: number;
  readonly target: string;
}

/** What a delivery brings. `event` 0 is a call's completion; sources number their own happenings. */
export type DeliveryHandler = (event: number, payload: unknown) => void;

/** Holds an end of own work to its turn; `event` as in a delivery, for sources that end in several ways. */
export type Gate = (run: () => void, event?: number) => void;

/** How a follower answers a synchronous call that the leader did not make in this turn. */
export const Missing = {
  /** Nothing outside is touched by it: answer from here. */
  local: 'local',
  /** It could reach outside: throw `EACCES`. */
  refuse: 'refuse',
} as const;
export type Missing = (typeof Missing)[keyof typeof Missing];

/**
 * Calls that can do damage by themselves are rare enough to keep where they were made. Writes to open
 * sockets and streams are not: their connection's own call tells it.
 */
const shownStacks: readonly boolean[] = stacksShown();

/** By API; a list without holes. */
function stacksShown(): boolean[] {
  const shown: boolean[] = Array.from({ length: 1 + Math.max(...apiTable.map(({ id }) => id)) });
  for (const { id, name, danger } of apiTable) {
    const isGrave = danger === Danger.execute || danger === Danger.send;
    shown[id] = isGrave && !/\.(write|end|send)$|^WebAssembly/.test(name);
  }
  return shown;
}

/** What a door is made of. */
export interface DoorParts {
  readonly outbox: Outbox;
  readonly logName: string;
  readonly targetKey: LogSeed;
}

/** Identity, records and turns; one door a thread. */
export abstract class Door {
  abstract readonly role: Role;
  covered = 0;
  turn = 0;
  parentTurn = -1;
  /** The identifier of the last call. */
  lo = 0;
  hi = 0;
  protected readonly outbox: Outbox;
  protected readonly args: ByteSink = new ByteSink(16 * 1024);
  private readonly writer: CanonicalWriter = new CanonicalWriter(this.args);
  private readonly counter: TurnCounter = new TurnCounter();
  private readonly mixer: Mixer = new Mixer();
  private readonly log: LogSeed;
  private readonly targetKey: LogSeed;
  private readonly emptyTarget: LogSeed;
  /** What a turn's record has for arguments: none. */
  private readonly noArgs: Uint8Array;
  /** The target that was hashed last: a request and its answer have the same. */
  private lastTarget = '';
  private lastLo = 0;
  private lastHi = 0;
  private targetLo = 0;
  private targetHi = 0;
  private ordinal = 0;

  constructor(parts: DoorParts) {
    this.outbox = parts.outbox;
    this.log = logSeed(parts.logName);
    this.targetKey = parts.targetKey;
    targetHash(this.mixer, parts.targetKey.lo, parts.targetKey.hi, '');
    this.emptyTarget = { lo: this.mixer.lo, hi: this.mixer.hi };
    this.writer.writeAll([], 0, 0);
    this.noArgs = this.args.bytes().slice();
  }

  /** Whether this door belongs to the leader. */
  abstract readonly leads: boolean;

  /**
   * A synchronous call to the outside: in the leader `make` runs and what it gave is logged, in a
   * follower it comes from the log. The call is recorded with `args[from..to)`.
   */
  abstract value<T>(
    api: number,
    target: string,
    args: readonly unknown[],
    make: () => T,
    missing: Missing,
  ): T;

  /** As `value`, but not recorded: clocks, counters, host facts. */
  abstract local<T>(api: number, make: () => T): T;

  /** As `local` for numbers that are read often (clocks); `read` is a function made once. */
  abstract clock(api: number, read: () => number): number;

  /** A value of a call that was just recorded (whether its write completed at once, ...). */
  abstract fact<T>(ref: CallRef, make: () => T, otherwise: T): T;

  /** Follower: whether this turn's log has a value for this that was not asked for yet. */
  abstract isTold(ref: CallRef): boolean;

  /**
   * Starts a call that completes later. Leader: runs `start` covered, and logs what it throws at once
   * (a bad argument). Follower: throws what the leader's start threw, else does nothing.
   */
  abstract attempt<T>(ref: CallRef, start: () => T): T | undefined;

  /** Runs Node's own code whose calls are covered by a recorded one. */
  cover<T>(run: () => T): T {
    this.covered++;
    try {
      return run();
    } finally {
      this.covered--;
    }
  }

  /**
   * Leader: something from outside arrives now; `run` is the program's part. Called from native entries
   * only. Inside another delivery it runs within that one.
   */
  abstract deliver<T>(ref: CallRef, event: number, payload: unknown, run: () => T): T;

  /** Follower: what to do when the log delivers for `ref`; `lasting` sources get many deliveries. */
  abstract expect(ref: CallRef, handler: DeliveryHandler, lasting?: boolean): void;

  /** Follower: a lasting source is gone. */
  abstract forget(ref: CallRef): void;

  /**
   * Work that every replica does itself (compression, key derivation, module reads): only the turn of
   * its completion is agreed. The answer is called with what to run once the work is done.
   */
  abstract compute(ref: CallRef): Gate;

  /**
   * As `compute` for a source that ends many times (messages between ports of this thread). `isComing`:
   * whether another end is on its way here; one that is not is passed over, never waited for.
   */
  abstract computeMany(ref: CallRef, isComing: () => boolean): Gate;

  /** The program used a way in that is not followed: followers end here, the leader goes on. */
  abstract notFollowed(api: number, detail: string): void;

  /** Leader: a child that is followed was started. */
  announce(logName: string): void {
    this.outbox.child(logName);
  }

  /** Leader: such a child has ended. */
  announceExit(logName: string, exitCode: number | null, signal: string | null): void {
    this.outbox.childExit(logName, exitCode, signal);
  }

  /** Identifies and records one call. The identifier stands in `lo` and `hi`. */
  record(
    api: number,
    target: string,
    args: readonly unknown[],
    kind: number = RecordKind.call,
  ): void {
    this.identify(api, target);
    this.args.reset();
    this.writer.writeAll(args, 0, args.length);
    this.emit(kind, api, target, this.args.memory, this.args.length);
  }

  /** Records a call that completes later. */
  begin(api: number, target: string, args: readonly unknown[]): CallRef {
    this.record(api, target, args);
    return this.ref(api, target);
  }

  /** The call just identified, to be kept. */
  ref(api: number, target: string): CallRef {
    const { lo, hi, turn } = this;
    return { api, lo, hi, key: mapKey(lo, hi), turn, target };
  }

  /** A source that no call began (signals, standard input): the same name everywhere. */
  source(api: number, target: string): CallRef {
    targetHash(this.mixer, this.targetKey.lo, this.targetKey.hi, target);
    callId(this.mixer, this.log, 0, api, this.mixer.lo, this.mixer.hi, 0xffff_ffff);
    const { lo, hi } = this.mixer;
    return { api, lo, hi, key: mapKey(lo, hi), turn: -1, target };
  }

  /** What the log may say of something in this turn that happens in it once: no call, and not counted. */
  named(api: number, target: string): CallRef {
    const { mixer, turn } = this;
    targetHash(mixer, this.targetKey.lo, this.targetKey.hi, target);
    callId(mixer, this.log, turn, api, mixer.lo, mixer.hi, 0xffff_fffe);
    const { lo, hi } = mixer;
    return { api, lo, hi, key: mapKey(lo, hi), turn, target };
  }

  /** Gives the next call of this API and target in the turn its identifier, without a record. */
  identify(api: number, target: string): void {
    const { mixer } = this;
    if (target === '') {
      this.targetLo = this.emptyTarget.lo;
      this.targetHi = this.emptyTarget.hi;
    } else {
      if (target !== this.lastTarget) this.hashTarget(target);
      this.targetLo = this.lastLo;
      this.targetHi = this.lastHi;
    }
    const nth = this.counter.next(api, this.targetLo, this.targetHi);
    callId(mixer, this.log, this.turn, api, this.targetLo, this.targetHi, nth);
    this.lo = mixer.lo;
    this.hi = mixer.hi;
  }

  private hashTarget(target: string): void {
    const { mixer, targetKey } = this;
    targetHash(mixer, targetKey.lo, targetKey.hi, target);
    this.lastTarget = target;
    this.lastLo = mixer.lo;
    this.lastHi = mixer.hi;
  }

  /** Records how this replica ends: compared like any call, told apart by its kind. */
  recordExit(api: number, exitCode: number): void {
    this.record(api, '', [exitCode], RecordKind.exit);
  }

  protected beginTurn(
    turn: number,
    ref: { api: number; lo: number; hi: number; target: string },
    parent: number,
  ): void {
    this.turn = turn;
    this.parentTurn = parent;
    this.ordinal = 0;
    this.counter.begin();
    this.targetLo = ref.lo;
    this.targetHi = ref.hi;
    this.emit(RecordKind.turn, ref.api, ref.target, this.noArgs, this.noArgs.length);
  }

  private emit(
    kind: number,
    api: number,
    target: string,
    canonical: Uint8Array,
    canonicalBytes: number,
  ): void {
    this.outbox.call(
      kind,
      0,
      api,
      this.turn,
      this.parentTurn,
      this.ordinal++,
      this.targetLo,
      this.targetHi,
      target,
      canonical,
      canonicalBytes,
    );
    if (shownStacks[api] === true && kind !== RecordKind.turn) this.outbox.stack(this.callStack());
  }

  /** Where the program made this call, for people. Formatting it is nobody's call. */
  private callStack(): string {
    const holder: { stack?: unknown } = {};
    this.covered++;
    try {
      Error.captureStackTrace(holder, this.callStack);
      const { stack } = holder;
      return typeof stack === 'string' ? stack.split('\n    at ').slice(1).join('\n') : '';
    } finally {
      this.covered--;
    }
  }
}
