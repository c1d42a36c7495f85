/**
 * HOT. The native objects of HTTP/2. A leader's session reads and writes its socket by itself and calls back;
 * a follower's never gets a socket, and its streams are empty objects of the same class: what they answer
 * and call back is the leader's. So all of `http2` runs for real above them, with nothing decided by how
 * frames were cut.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import { originals } from '../../core/originals.ts';
import type { AnyFunction } from '../../core/patch.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import { HandleEvent, type HandleState, type HandleTable } from '../net/handle-table.ts';
import { watchRead } from '../net/reading.ts';

const SESSION = apiId('http2.session');
const STREAM = apiId('http2.stream');

/** Callbacks that are set on a session itself; those of the module come after them. */
export const SessionEvent: Readonly<Record<'done' | 'closedGracefully' | 'firstOfModule', number>> =
  {
    done: HandleEvent.firstCallback,
    closedGracefully: HandleEvent.firstCallback + 1,
    firstOfModule: HandleEvent.firstCallback + 16,
  };

/** All sessions and streams of this thread, and the callbacks that Node's own code set for them. */
export class Http2Handles {
  readonly table: HandleTable;
  readonly streamPrototype: object;
  /** What Node's own code handed to the native side, by position. */
  callbacks: readonly AnyFunction[] = [];
  /** Follower: how what the log brings becomes arguments. */
  restore: (handle: object, position: number, payload: readonly unknown[]) => readonly unknown[] = (
    _handle,
    _position,
    payload,
  ) => payload;
  private readonly streams: WeakMap<object, Map<number, object>> = new WeakMap();
  private readonly sessions: WeakMap<object, [session: object, id: number]> = new WeakMap();

  constructor(table: HandleTable, streamPrototype: object) {
    this.table = table;
    this.streamPrototype = streamPrototype;
  }

  /** A session gets its socket, and its name with it. */
  addSession(handle: object, target: string, inbound: boolean): HandleState {
    const state = this.table.name(handle as NativeHandle, SESSION, target, inbound);
    this.expect(handle, state);
    return state;
  }

  /** Leader: the native side made a stream. */
  addStream(handle: object, target: string, inbound: boolean): HandleState {
    const { table } = this;
    const state = table.name(handle as NativeHandle, STREAM, target, inbound);
    state.turn = table.door.turn;
    watchRead(table, handle as NativeHandle, state);
    return state;
  }

  /** Follower: an object in the place of the leader's stream. */
  makeStream(session: object, id: number, target: string, inbound: boolean): object {
    const handle = Object.create(this.streamPrototype) as NativeHandle;
    Object.defineProperty(handle, 'onread', { value: undefined, writable: true });
    const asyncId = new originals.AsyncResource('LOCKSTEP').asyncId();
    Object.defineProperty(handle, 'getAsyncId', { value: () => asyncId });
    const state = this.table.name(handle, STREAM, target, inbound);
    state.turn = this.table.door.turn;
    this.expect(handle, state);
    const own = this.streams.get(session) ?? new Map<number, object>();
    this.streams.set(session, own);
    own.set(id, handle);
    this.sessions.set(handle, [session, id]);
    return handle;
  }

  /** Follower: the object that stands for the leader's stream. */
  streamOf(session: object, id: number): object | undefined {
    return this.streams.get(session)?.get(id);
  }

  /** Follower: nothing more can come for it. */
  forget(handle: object): void {
    const state = this.table.get(handle);
    if (state === undefined || this.table.door.leads) return;
    this.table.natives.forget(state);
    const [session, id] = this.sessions.get(handle) ?? [];
    if (session !== undefined && id !== undefined) this.streams.get(session)?.delete(id);
  }

  private expect(handle: object, state: HandleState): void {
    const { table } = this;
    if (table.door.leads) return;
    table.natives.expect(state as CallRef, (event, payload) => {
      if (event >= SessionEvent.firstOfModule) {
        const position = event - SessionEvent.firstOfModule;
        const args = this.restore(handle, position, payload as readonly unknown[]);
        const set = this.callbacks[position];
        if (set !== undefined) Reflect.apply(set, handle, args);
        return;
      }
      table.onDelivery(handle as NativeHandle, state, event, payload);
      if (event === SessionEvent.done) this.forget(handle);
    });
  }
}
