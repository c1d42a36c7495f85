/**
 * Message ports. Both ends of a channel that stay in this thread are real in every replica: each posts and
 * receives for itself, whatever may be posted, and only the turn of an arrival is agreed. A port whose
 * other end is elsewhere brings the leader's messages.
 */
import type { MessagePort } from 'node:worker_threads';
import { apiId } from '@lockstep/protocol';
import { type Door, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, define, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { Message, messageCodec } from './message-codec.ts';
import { noPorts, PortEvent, type PortEventName, type PortState, PortTable } from './port-table.ts';
import { isTransferredStream, portsIn, transferList } from './transfers.ts';

const POST = apiId('MessagePort.postMessage');
const RECEIVE = apiId('worker_threads.receiveMessageOnPort');
const STREAM = apiId('stream.web');

/** Native code hands what arrives to the method of this name. */
const dispatch: symbol = Symbol.for('nodejs.internal.kHybridDispatch');

const eventNames = Object.keys(PortEvent) as PortEventName[];

/** Ports that came with the message being handed over; Node's own code takes them from there. */
const receiving: symbol = Symbol.for('nodejs.internal.kCurrentlyReceivingPorts');

/** The ports of one thread. */
export class Ports {
  readonly table: PortTable;
  private readonly door: Door;
  /** Node's own way to hand an arrival to the program. */
  private dispatch: AnyFunction = () => undefined;
  private post: AnyFunction = () => undefined;

  constructor(context: HookContext) {
    const { door, report, platform } = context;
    this.door = door;
    this.table = new PortTable(door, (state, event, payload) =>
      this.arrive(state, event, payload as Message | undefined),
    );
    const codec = messageCodec(this.table);
    platform.messages = {
      dismantle: (value) => (value instanceof Message ? codec.dismantle(value) : null),
      assemble: (fields) => this.table.read(codec.assemble(fields)),
    };
    const { prototype } = builtin('worker_threads').MessagePort as unknown as {
      prototype: object;
    };
    patch(report, prototype, dispatch, 'worker_threads.MessagePort', (original) =>
      this.dispatched(original),
    );
    patch(report, prototype, 'postMessage', 'MessagePort.postMessage', (original) =>
      this.posted(original),
    );
    patch(report, prototype, 'close', 'MessagePort.close', (original) => this.closed(original));
    const threads = builtin('worker_threads');
    const label = 'worker_threads.receiveMessageOnPort';
    patch(report, threads, 'receiveMessageOnPort', label, (original) => this.received(original));
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
        if (this.door.covered === 0) this.table.nameChannel(channel.port1, channel.port2);
        return channel;
      },
    });
    define(threads, 'MessageChannel', made);
    define(globalThis, 'MessageChannel', made);
    report.hook('worker_threads.MessageChannel');
  }

  /** These values leave the thread, by the second argument of a `postMessage` or a list. */
  left(transferred: unknown): void {
    const list = transferList(transferred);
    this.checkStreams(list);
    this.table.left(list);
  }

  /** Web streams go on through ports of Node's own, which no door sees. */
  private checkStreams(list: unknown): void {
    if (!isTransferredStream(list)) return;
    this.door.notFollowed(STREAM, 'a web stream that is transferred is not followed');
  }

  /** Follower: what would be posted to another thread is copied, and dropped. */
  drop(args: readonly unknown[]): void {
    this.table.drop(args, (port, given) => Reflect.apply(this.post, port, given));
  }

  /** A copy made in this thread, with the ports that its arguments hand over. */
  cloned(args: readonly unknown[], clone: () => unknown): unknown {
    const travelling = this.travelling(args);
    const copy = clone();
    this.table.depart(travelling);
    this.land(travelling, copy, []);
    return copy;
  }

  /** Follower: a message of another thread of the leader. */
  private arrive(state: PortState, event: number, message: Message | undefined): void {
    if (event === PortEvent.close) this.door.forget(state.ref);
    const name = eventNames.find((key) => PortEvent[key] === event);
    const ends = event === PortEvent.close;
    if (!ends) Reflect.set(state.port, receiving, message?.ports);
    const given = ends ? [new Event('close'), name, new Event('close')] : [message?.data, name];
    Reflect.apply(this.dispatch, state.port, given);
  }

  private dispatched(original: AnyFunction): AnyFunction {
    this.dispatch = original;
    const { door, table } = this;
    const arrived = this.arrived.bind(this);
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = table.of(this);
      const event = PortEvent[args[1] as PortEventName] as number | undefined;
      // A program that dispatches an event of its own gives one; native code gives the data.
      const isNative = args[2] === undefined || event === PortEvent.close;
      if (state === null || event === undefined || !isNative || door.covered > 0) {
        return Reflect.apply(original, this, args);
      }
      return arrived(state, event, args);
    };
  }

  private arrived(state: PortState, event: number, args: unknown[]): unknown {
    const { door } = this;
    const run = (): unknown => Reflect.apply(this.dispatch, state.port, args);
    if (!state.isRemote) return this.hold(state, event, args[0], run);
    if (!door.leads) return undefined;
    const ports = Reflect.get(state.port, receiving) as readonly unknown[] | undefined;
    const payload = event === PortEvent.close ? undefined : new Message(args[0], ports ?? []);
    return door.deliver(state.ref, event, payload, run);
  }

  /** What both ends of this thread did between them is at hand in every replica; its turn is not. */
  private hold(state: PortState, event: number, data: unknown, run: () => unknown): void {
    const ports = Reflect.get(state.port, receiving) as readonly unknown[] | undefined;
    this.take(state, data, ports ?? []);
    state.gate(() => {
      if (event === PortEvent.close) this.door.forget(state.ref);
      else Reflect.set(state.port, receiving, ports);
      run();
    }, event);
  }

  /** One message or end that was on its way is here, with the ports that travelled in it. */
  private take(state: PortState, data: unknown, ports: readonly unknown[]): void {
    this.land(state.coming.shift() ?? noPorts, data, ports);
  }

  private land(travelled: readonly PortState[], data: unknown, ports: readonly unknown[]): void {
    if (travelled.length === 0) return;
    for (const [index, port] of portsIn(data, ports).entries()) {
      const moved = travelled[index];
      if (moved !== undefined) this.table.land(moved, port);
    }
  }

  private posted(original: AnyFunction): AnyFunction {
    this.post = original;
    const ports = this;
    const { door, table } = this;
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = table.of(this);
      if (state === null || door.covered > 0) return Reflect.apply(original, this, args);
      door.record(POST, '', [args[0]]);
      if (state.isRemote) return ports.send(state, original, args);
      const travelling = args.length > 1 ? ports.travelling(args) : noPorts;
      const result = Reflect.apply(original, this, args) as unknown;
      table.depart(travelling);
      state.other?.coming.push(travelling);
      return result;
    };
  }

  /** Ports of a message within this thread, in the order in which its other end will find them. */
  private travelling(args: readonly unknown[]): readonly PortState[] {
    const list = transferList(args[1]);
    this.checkStreams(list);
    if (this.table.among(list).length === 0) return noPorts;
    return this.table.among(portsIn(args[0], list as unknown[]));
  }

  /** To another thread: in the leader only. */
  private send(state: PortState, post: AnyFunction, args: unknown[]): unknown {
    if (this.door.leads) {
      const result = Reflect.apply(post, state.port, args) as unknown;
      this.left(args[1]);
      return result;
    }
    this.drop(args);
    this.left(args[1]);
    return true;
  }

  private closed(original: AnyFunction): AnyFunction {
    const { table } = this;
    return function (this: unknown, ...args: unknown[]): unknown {
      const state = table.of(this);
      // Both ends of a channel say that it is closed.
      state?.coming.push(noPorts);
      state?.other?.coming.push(noPorts);
      return Reflect.apply(original, this, args);
    };
  }

  private received(original: AnyFunction): AnyFunction {
    const ports = this;
    const { door, table } = this;
    return function (this: unknown, port: unknown): unknown {
      const state = table.of(port) ?? table.of(handleOf(port));
      const receive = (): { message: unknown } | undefined =>
        Reflect.apply(original, this, [port]) as { message: unknown } | undefined;
      if (state === null || door.covered > 0) return receive();
      if (state.isRemote) {
        const make = (): Message => new Message(receive());
        return (door.value(RECEIVE, '', [], make, Missing.local) as Message).data;
      }
      door.record(RECEIVE, '', []);
      const taken = receive();
      if (taken !== undefined) ports.take(state, taken.message, []);
      return taken;
    };
  }
}

/** The port inside of a broadcast channel. */
export function handleOf(channel: unknown): unknown {
  if (typeof channel !== 'object' || channel === null) return null;
  const symbol = Object.getOwnPropertySymbols(channel).find(
    ({ description }) => description === 'kHandle',
  );
  return symbol === undefined ? null : Reflect.get(channel, symbol);
}
