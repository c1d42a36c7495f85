/**
 * What the transport uses of the application thread's world, captured when this module is loaded, which
 * is before anything is patched. Bundled imports are looked up at each use, so a copy must be taken.
 */
import { MessageChannel, MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

export const OriginalWorker: typeof Worker = Worker;
export const OriginalMessageChannel: typeof MessageChannel = MessageChannel;
export const receive: typeof receiveMessageOnPort = receiveMessageOnPort;
export const atomicStore: typeof Atomics.store = Atomics.store;
export const atomicLoad: typeof Atomics.load = Atomics.load;
export const atomicAdd: typeof Atomics.add = Atomics.add;
export const atomicNotify: typeof Atomics.notify = Atomics.notify;
export const atomicWait: typeof Atomics.wait = Atomics.wait;
export const toJson: typeof JSON.stringify = JSON.stringify;
export const soon: typeof setImmediate = setImmediate;
export const SharedMemory: typeof SharedArrayBuffer = SharedArrayBuffer;

const { apply } = Reflect;
// Methods sit on prototypes that the agent or the service may patch: these are today's.
const { postMessage, on, ref, unref } = MessagePort.prototype;

/** `port.postMessage(message)` as it was. */
export function post(port: MessagePort, message: unknown): void {
  apply(postMessage, port, [message]);
}

/** `port.on('message', listener)` as it was. */
export function listen(port: MessagePort, listener: (message: unknown) => void): void {
  apply(on, port, ['message', listener]);
}

/** `port.ref()` as it was. */
export function refPort(port: MessagePort): void {
  apply(ref, port, []);
}

/** `port.unref()` as it was. */
export function unrefPort(port: MessagePort): void {
  apply(unref, port, []);
}
