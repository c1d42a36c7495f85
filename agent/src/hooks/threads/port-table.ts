/**
 * What is known of the program's ports in one thread. Both ends of a channel that stay here are real in
 * every replica. A port whose other end is in another thread (it was sent there, came from there, or
 * belongs to a broadcast channel) brings the leader's messages; a follower's sends nothing.
 */
import type { MessagePort } from 'node:worker_threads';
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door, Gate } from '../../core/door.ts';
import { builtin } from '../builtin.ts';
import type { Message, PortNumbers } from './message-codec.ts';

const PORT = apiId('worker_threads.MessagePort');

/** What happens on a port, by number. */
export const PortEvent = { message: 0, messageerror: 1, close: 2 } as const;

export type PortEventName = keyof typeof PortEvent;

/** What is known of a port of the program. */
export interface PortState {
  /** Another object once it has travelled. */
  port: object;
  readonly ref: CallRef;
  /** The other end, where both were made here. */
  other: PortState | null;
  /** The other end is not in this thread. */
  isRemote: boolean;
  /** Messages and ends on their way to this end from here, each with the ports that travel in it. */
  readonly coming: (readonly PortState[])[];
  /** Holds an arrival to its turn. */
  readonly gate: Gate;
}

/** Travels with nearly every message. */
export const noPorts: readonly PortState[] = [];

type ChannelClass = typeof import('node:worker_threads').MessageChannel;

/** What a follower does with the message of another thread of the leader. */
export type OnArrival = (state: PortState, event: number, payload: unknown) => void;

export class PortTable implements PortNumbers {
  private readonly door: Door;
  private readonly states: WeakMap<object, PortState> = new WeakMap();
  private readonly numbers: WeakMap<object, number> = new WeakMap();
  private readonly onArrival: OnArrival;
  private readonly Channel: ChannelClass;
  private came = 0;
  /** Follower: the ports of the message being read; one may stand in it twice. */
  private reading: Map<number, object> = new Map();
  private deadEnd: MessagePort | null = null;

  constructor(door: Door, onArrival: OnArrival) {
    this.door = door;
    this.onArrival = onArrival;
    this.Channel = builtin('worker_threads').MessageChannel;
  }

  /** Null for what is no port of the program. */
  of(port: unknown): PortState | null {
    return typeof port === 'object' && port !== null ? (this.states.get(port) ?? null) : null;
  }

  /** Both ends of a channel that the program made. */
  nameChannel(port1: object, port2: object): void {
    const first = this.nameLocal(port1);
    const second = this.nameLocal(port2);
    first.other = second;
    second.other = first;
  }

  /** A port whose other end is elsewhere from the start. */
  nameRemote(port: object, ref: CallRef): PortState {
    const state = this.add(port, ref, () => undefined);
    this.makeRemote(state);
    return state;
  }

  /** Ports begin to travel: the objects that they were say that they are closed. */
  depart(travelling: readonly PortState[]): void {
    for (const { port } of travelling) this.nameLocal(port).coming.push(noPorts);
  }

  /** The port has arrived, in another object. */
  land(state: PortState, port: object): void {
    state.port = port;
    this.states.set(port, state);
  }

  /** The program's ports among what is handed over. */
  among(values: unknown): readonly PortState[] {
    if (!Array.isArray(values) || values.length === 0) return noPorts;
    const found = values.map((value) => this.of(value)).filter((state) => state !== null);
    return found.length === 0 ? noPorts : found;
  }

  /** These leave the thread: what comes back through their other ends is the leader's. */
  left(transferred: unknown): void {
    const leaving = this.among(transferred);
    for (const { other, ref } of leaving) {
      if (other !== null) this.makeRemote(other);
      this.door.forget(ref);
    }
    this.depart(leaving);
  }

  /**
   * Follower: copies and drops what would go to another thread, so that a refusal is thrown and transferred
   * memory is gone here as in the leader.
   */
  drop(args: readonly unknown[], post: (port: object, args: readonly unknown[]) => unknown): void {
    if (this.deadEnd === null) {
      const { port1, port2 } = new this.Channel();
      port1.close();
      port2.close();
      this.deadEnd = port1;
    }
    post(this.deadEnd, args);
  }

  numberOf(value: object): number | null {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const { MessagePort } = builtin('worker_threads');
    if (!(value instanceof MessagePort)) return null;
    const number = ++this.came;
    this.numbers.set(value, number);
    this.nameRemote(value, this.arrivedName(number));
    return number;
  }

  portOf(number: number): object {
    const known = this.reading.get(number);
    if (known !== undefined) return known;
    const { port1, port2 } = new this.Channel();
    // Its other end is the leader's; this one only keeps it open.
    port2.unref();
    Object.defineProperty(port1, keeping, { value: port2 });
    this.nameRemote(port1, this.arrivedName(number));
    this.reading.set(number, port1);
    return port1;
  }

  /** Follower: the message has been read. */
  read(message: Message): Message {
    if (this.reading.size > 0) this.reading = new Map();
    return message;
  }

  private arrivedName(number: number): CallRef {
    return this.door.source(PORT, `came as ${number}`);
  }

  private nameLocal(port: object): PortState {
    const { door } = this;
    door.identify(PORT, '');
    const ref = door.ref(PORT, '');
    const coming: (readonly PortState[])[] = [];
    const state = this.add(
      port,
      ref,
      door.computeMany(ref, () => coming.length > 0),
    );
    return Object.assign(state, { coming });
  }

  private add(port: object, ref: CallRef, gate: Gate): PortState {
    const state: PortState = { port, ref, other: null, isRemote: false, coming: [], gate };
    this.states.set(port, state);
    return state;
  }

  private makeRemote(state: PortState): void {
    if (state.isRemote) return;
    state.isRemote = true;
    if (this.door.leads) return;
    this.door.forget(state.ref);
    const arrive = (event: number, payload: unknown): void => {
      this.onArrival(state, event, payload);
    };
    this.door.expect(state.ref, arrive, true);
  }
}

/** Under which a follower's port keeps its other end. */
const keeping: symbol = Symbol('other end');
