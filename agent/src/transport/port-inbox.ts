/**
 * The inbox: items come through a message port, which can be read without the event loop (the entry turn
 * blocks for its values) and has its own event, independent of the timers that the agent patches.
 */
import type { MessagePort } from 'node:worker_threads';
import { Reason } from '@lockstep/protocol';
import { ring } from './doorbell.ts';
import {
  atomicAdd,
  atomicLoad,
  atomicNotify,
  atomicWait,
  listen,
  receive,
  refPort,
  soon,
  unrefPort,
} from './originals.ts';
import { Slot } from './slots.ts';
import type { Inbox, InboxItem } from './transport-types.ts';

/** The inbox of the application thread. */
export class PortInbox implements Inbox {
  private readonly port: MessagePort;
  private readonly slots: Int32Array;
  /** Items that the port's event brought; always older than those still in the port. */
  private readonly brought: InboxItem[] = [];
  private taken = 0;
  private lastGiven: boolean = false;
  private readonly follows: boolean;
  private callback: () => void = doNothing;

  /** `follows`: whether a log comes through it, without which the replica must end. */
  constructor(port: MessagePort, slots: Int32Array, follows: boolean) {
    this.follows = follows;
    this.port = port;
    this.slots = slots;
    // At the start, when nothing Node's own listening relies on can have been patched.
    listen(port, (message) => {
      this.brought.push(message as InboxItem);
      this.callback();
    });
    unrefPort(port);
  }

  take(): InboxItem | null {
    const item = this.brought.shift() ?? this.receive();
    if (item === null) return this.lastItem();
    this.taken = (this.taken + 1) | 0;
    if (item.type === 'entries') {
      atomicAdd(this.slots, Slot.takenBytes, item.bytes.length);
      if (atomicLoad(this.slots, Slot.paused) === 1) ring(this.slots);
    }
    return item;
  }

  wait(ms: number): void {
    if (this.brought.length > 0 || atomicLoad(this.slots, Slot.dead) === 1) return;
    atomicWait(this.slots, Slot.arrived, this.taken, ms);
  }

  onArrival(callback: () => void): void {
    this.callback = callback;
    // What came while nobody wanted to be called; never within this call, as with later arrivals.
    if (this.brought.length > 0) soon(() => this.callback());
  }

  ref(): void {
    refPort(this.port);
  }

  unref(): void {
    unrefPort(this.port);
  }

  /** The transport thread has died: whoever waits for items is called, and will find the end. */
  died(): void {
    atomicNotify(this.slots, Slot.arrived);
    this.callback();
  }

  /** A follower whose thread has died gets nothing any more, and is told so once. */
  private lastItem(): InboxItem | null {
    if (!this.follows || this.lastGiven || atomicLoad(this.slots, Slot.dead) === 0) return null;
    this.lastGiven = true;
    return { type: 'end', code: Reason.replicaEnded, detail: 'its transport thread has died' };
  }

  private receive(): InboxItem | null {
    const received = receive(this.port);
    return received === undefined ? null : (received.message as InboxItem);
  }
}

function doNothing(): void {
  // Until somebody asks to be called.
}
