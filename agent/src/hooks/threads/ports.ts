/**
 * Message ports. Both ends of a channel that stay in this thread are real in every replica: each posts and
 * receives for itself, whatever may be posted, and only the turn of an arrival is agreed. A port whose
 * other end went to another thread brings the leader's messages.
 */
import type { MessagePort } from 'node:worker_threads';
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../../core/door.ts';
import { Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, define, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

const PORT = apiId('worker_threads.MessagePort');
const POST = apiId('MessagePort.postMessage');
const RECEIVE = apiId('worker_threads.receiveMessageOnPort');

/** Native code hands what arrives to the method of this name. */
const dispatch: symbol = Symbol.for('nodejs.internal.kHybridDispatch');

/** What happens on a port whose other end is elsewhere. */
const PortEvent = { message: 0, messageerror: 1, close: 2 } as const;

type EventName = keyof typeof PortEvent;

const eventNames = Object.keys(PortEvent) as EventName[];

/** Ports that came with the message being handed over; Node's own code takes them from there. */
const receiving: symbol = Symbol.for('nodejs.internal.kCurrentlyReceivingPorts');

/** What is known of a port of the program. */
interface PortState {
  readonly port: object;
  readonly ref: CallRef;
  /** The other end. */
  other: PortState | null;
  /** The other end left this thread. */
  isRemote: boolean;
  /** Follower: messages and ends on their way to this end. */
  coming: number;
  /** Holds an arrival to its turn. */
  readonly gate: (run: () => void) => void;
}

/** The ports of one thread. */
export class Ports {
  private readonly door: Door;
  private readonly states: WeakMap<object, PortState> = new WeakMap();
  /** Node's own way to hand an arrival to the program. */
  private dispatch: AnyFunction = () => undefined;

  constructor({ door, report }: HookContext) {
    this.door = door;
    const { MessagePort } = builtin('worker_threads');
    const { prototype } = MessagePort as unknown as { prototype: object };
    patch(report, prototype, dispatch, 'worker_threads.MessagePort', (original) =>
      this.dispatched(original),
    );
    patch(report, prototype, 'postMessage', 'MessagePort.postMessage', (original) =>
      this.posted(original),
    );
    patch(report, prototype, 'close', 'MessagePort.close', (original) => this.closed(original));
    const threads = builtin('worker_threads');
    patch(
      report,
      threads,
      'receiveMessageOnPort',
      'worker_threads.receiveMessageOnPort',
      (original) => this.received(original),
    );
  }

  /** Replaces `MessageChannel`, whose ports get their names here. */
  hookChannels({ report }: HookContext): void {
    const threads = builtin('worker_threads');
    const real = threads.MessageChannel;
    const made: typeof real = new Proxy(real, {
      construct: (target, args: unknown[], newTarget): object => {
        const channel = Reflect.construct(
          target,
          args,
          newTarget === made ? target : newTarget,
        ) as { port1: MessagePort; port2: MessagePort };
        if (this.door.covered === 0) this.name(channel.port1, channel.port2);
        return channel;
      },
    });
    define(threads, 'MessageChannel', made);
    define(globalThis, 'MessageChannel', made);
    report.hook('worker_threads.MessageChannel');
  }

  /** These values leave the thread: what comes back through the other ends of their ports is the leader's. */
  left(transferred: unknown): void {
    if (!Array.isArray(transferred)) return;
    for (const value of transferred as unknown[]) {
      const state =
        typeof value === 'object' && value !== null ? this.states.get(value) : undefined;
      if (state?.other) this.makeRemote(state.other);
    }
  }

  private name(port1: object, port2: object): void {
    const first = this.add(port1);
    const second = this.add(port2);
    first.other = second;
    second.other = first;
  }

  private add(port: object): PortState {
    const { door } = this;
    door.identify(PORT, '');
    const ref = door.ref(PORT, '');
    const gate = door.computeMany(ref, () => state.coming > 0);
    const state: PortState = { port, ref, other: null, isRemote: false, coming: 0, gate };
    this.states.set(port, state);
    return state;
  }

  private makeRemote(state: PortState): void {
    if (state.isRemote) return;
    state.isRemote = true;
    if (this.door.leads) return;
    this.door.forget(state.ref);
    this.door.expect(state.ref, (event, payload) => this.arrive(state, event, payload), true);
  }

  /** Follower: a message of another thread of the leader. */
  private arrive(state: PortState, event: number, payload: unknown): void {
    if (event === PortEvent.close) this.door.forget(state.ref);
    const name = eventNames.find((key) => PortEvent[key] === event);
    const given =
      event === PortEvent.close ? [new Event('close'), name, new Event('close')] : [payload, name];
    Reflect.apply(this.dispatch, state.port, given);
  }

  private dispatched(original: AnyFunction): AnyFunction {
    this.dispatch = original;
    const { door, states } = this;
    const arrived = this.arrived.bind(this);
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = states.get(this as object);
      const event = PortEvent[args[1] as EventName] as number | undefined;
      // A program that dispatches an event of its own gives one; native code gives the data.
      const isNative = args[2] === undefined || event === PortEvent.close;
      if (state === undefined || event === undefined || !isNative || door.covered > 0) {
        return Reflect.apply(original, this, args);
      }
      return arrived(state, event, args);
    };
  }

  private arrived(state: PortState, event: number, args: unknown[]): unknown {
    const { door } = this;
    const run = (): unknown => Reflect.apply(this.dispatch, state.port, args);
    if (!state.isRemote) return this.hold(state, event, run);
    if (!door.leads) return undefined;
    const payload = event === PortEvent.close ? undefined : args[0];
    return door.deliver(state.ref, event, payload, run);
  }

  /** What both ends of this thread did between them is at hand in every replica; its turn is not. */
  private hold(state: PortState, event: number, run: () => unknown): void {
    if (state.coming > 0) state.coming--;
    const ports: unknown = Reflect.get(state.port, receiving);
    state.gate(() => {
      if (event === PortEvent.close) this.door.forget(state.ref);
      else Reflect.set(state.port, receiving, ports);
      run();
    });
  }

  private posted(original: AnyFunction): AnyFunction {
    const ports = this;
    const { door, states } = this;
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = states.get(this as object);
      if (state === undefined || door.covered > 0) return Reflect.apply(original, this, args);
      door.record(POST, '', [args[0]]);
      const result = Reflect.apply(original, this, args) as unknown;
      if (!state.isRemote && state.other !== null) state.other.coming++;
      if (state.isRemote) ports.left(transferList(args[1]));
      return result;
    };
  }

  private closed(original: AnyFunction): AnyFunction {
    const { states } = this;
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = states.get(this as object);
      // Both ends of a channel say that it is closed.
      if (state !== undefined) {
        state.coming++;
        if (state.other !== null) state.other.coming++;
      }
      return Reflect.apply(original, this, args);
    };
  }

  private received(original: AnyFunction): AnyFunction {
    const { door, states } = this;
    return function (this: unknown, port: unknown): unknown {
      const state = typeof port === 'object' && port !== null ? states.get(port) : undefined;
      const take = (): unknown => Reflect.apply(original, this, [port]);
      if (state === undefined || door.covered > 0) return take();
      if (state.isRemote) return door.value(RECEIVE, '', [], take, Missing.local);
      door.record(RECEIVE, '', []);
      const taken = take();
      if (taken !== undefined && state.coming > 0) state.coming--;
      return taken;
    };
  }
}

/** The second argument of `postMessage`, in both of its forms. */
function transferList(given: unknown): unknown {
  return Array.isArray(given) ? given : (given as { transfer?: unknown } | undefined)?.transfer;
}
