/**
 * Asynchronous children. All of `spawn`, `exec`, `execFile` and `fork` end in `ChildProcess#spawn`. Exit,
 * output, its end and its closing are deliveries of the call that started the child.
 */
import type { ChildProcess } from 'node:child_process';
import type net from 'node:net';
import { apiId } from '@lockstep/protocol';
import { type CallRef, type Door, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { applyStreamEvent, STREAM_EVENTS, StreamEvent, watchReads } from '../stdio/stream-reads.ts';
import { followWrites, hide } from '../stdio/stream-writes.ts';
import { VirtualHandle } from '../stdio/virtual-handle.ts';
import { FollowedChildren } from './followed-child.ts';
import { recordMessages } from './messages.ts';
import {
  channelOf,
  type ProcessHandle,
  type SpawnOptions,
  type SpawnOutcome,
  VirtualProcess,
} from './process-handle.ts';

const SPAWN = apiId('child_process.spawn');
const STDIN_WRITE = apiId('child_process.stdin.write');
const KILL = apiId('child_process.kill');
const IPC = apiId('child_process.ipc');

/** Number of the child's exit among its happenings; those of its streams follow. */
const EXIT = 0;
const FIRST_STREAM = 1;

/** Node reports it as an `error` event of the child. */
const REFUSED: SpawnOutcome = { code: -13, pid: undefined };

/** What both roles need of one child. */
interface Child {
  readonly process: ChildProcess & { _handle: ProcessHandle };
  readonly options: SpawnOptions;
  readonly ref: CallRef;
  /** Runs Node's own `spawn`. */
  readonly run: () => unknown;
  /** Null where children are not followed. */
  readonly followed: FollowedChildren | null;
}

/** Replaces `ChildProcess.prototype.spawn`. */
export function hookSpawn(context: HookContext, handles: HandleTable | null): void {
  const { door, report, childLogs } = context;
  if (handles === null) report.exclude('child_process.ipc');
  const followed =
    handles === null || childLogs === null ? null : new FollowedChildren(door, childLogs);
  const { prototype } = builtin('child_process').ChildProcess as unknown as { prototype: object };
  patch(
    report,
    prototype,
    'spawn',
    'child_process.spawn',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const options = args[0] as SpawnOptions | undefined;
        const run = (): unknown => door.cover(() => Reflect.apply(original, this, args) as unknown);
        if (door.covered > 0 || typeof options?.file !== 'string') return run();
        if (isUnfollowed(handles, options)) return spawnWithChannel(door, options, run);
        const ref = door.begin(SPAWN, options.file, recordedOptions(options));
        const child = { process: this as Child['process'], options, ref, run, followed };
        const nameChannel = (given: readonly unknown[]): void => {
          const channel = channelOf(given);
          if (channel !== null) handles?.name(channel, IPC, options.file);
        };
        const result = door.leads
          ? startReally(door, child, nameChannel)
          : startVirtually(door, child, nameChannel);
        recordMessages(door, child.process, options.file);
        return result;
      },
  );
}

/** A channel for messages, where pipes are not hooked. */
function isUnfollowed(handles: HandleTable | null, { stdio }: SpawnOptions): boolean {
  if (handles !== null) return false;
  return stdio === 'ipc' || (Array.isArray(stdio) && stdio.includes('ipc'));
}

/** Where sockets are not hooked, messages are not followed. */
function spawnWithChannel(door: Door, options: SpawnOptions, run: () => unknown): unknown {
  door.notFollowed(IPC, `the IPC channel of ${options.file} is not followed yet`);
  if (!door.leads) throw refusal('spawn', options.file);
  return run();
}

/** What decides what the child does; how its streams are named says where its output goes. */
function recordedOptions(options: SpawnOptions): readonly unknown[] {
  const { args, cwd, envPairs, detached, uid, gid, stdio } = options;
  return [args, { cwd, envPairs, detached, uid, gid, stdio }];
}

/** Gives the channel its name before anything is read from it. */
type NameChannel = (given: readonly unknown[]) => void;

function startReally(door: Door, child: Child, nameChannel: NameChannel): unknown {
  const { process, ref, run, followed } = child;
  const { _handle: handle } = process;
  const { spawn, kill, onexit } = handle;
  let code = -1;
  let logName: string | undefined;
  hide(handle, 'spawn', (...given: unknown[]): number => {
    nameChannel(given);
    const start = (...changed: unknown[]): number => Reflect.apply(spawn, handle, changed);
    const started = followed?.lead(ref, given, start);
    code = started?.code ?? start(...given);
    const folder = started?.folder;
    logName = started?.logName;
    door.fact<SpawnOutcome>(ref, () => ({ code, pid: handle.pid, folder }), REFUSED);
    return code;
  });
  hide(handle, 'kill', (signal: number) =>
    killing(door, child, signal, () => Reflect.apply(kill, handle, [signal])),
  );
  const result = run();
  // When the start failed, Node calls `onexit` by itself on the next tick.
  if (code === 0) {
    handle.onexit = (...exit) => {
      // Node says 0 and a signal, or a code and no signal.
      const [exitCode, signal] = exit;
      if (logName !== undefined) {
        door.announceExit(logName, signal ? null : exitCode, signal || null);
      }
      return door.deliver(ref, EXIT, exit, () => Reflect.apply(onexit, handle, exit) as unknown);
    };
  }
  eachStream(process, (socket, base) => {
    watchReads(door, socket, { ref, base });
    followWrites(door, socket, { api: STDIN_WRITE, target: child.options.file });
  });
  return result;
}

function startVirtually(door: Door, child: Child, nameChannel: NameChannel): unknown {
  const { process, options, ref, run, followed } = child;
  const { _handle: real } = process;
  const handle: VirtualProcess = new VirtualProcess(
    real.onexit,
    (given) => {
      nameChannel(given);
      const outcome = door.fact<SpawnOutcome>(ref, () => REFUSED, REFUSED);
      if (outcome.folder !== undefined) followed?.follow(ref, given, outcome.folder, real);
      return outcome;
    },
    (signal) => killing(door, child, signal, () => 0),
  );
  process._handle = handle;
  options.stdio = withoutVirtual(options.stdio);
  const result = run();
  const streams = new Map<number, (event: number, payload: unknown) => void>();
  eachStream(process, (socket, base) => {
    followWrites(door, socket, { api: STDIN_WRITE, target: options.file });
    const pipe = (socket as unknown as { _handle: unknown })._handle;
    if (!(pipe instanceof VirtualHandle)) return;
    streams.set(base, (event, payload) => applyStreamEvent(socket, pipe, event, payload));
  });
  // The exit, and the closing of each pipe; after them nothing more can come.
  let left = streams.size + 1;
  const happen = (event: number, payload: unknown): void => {
    const inStream = (event - FIRST_STREAM) % STREAM_EVENTS;
    const isLast = event === EXIT || inStream === StreamEvent.closed;
    if (isLast && --left === 0) door.forget(ref);
    if (event === EXIT) handle.onexit(...(payload as [number, string]));
    else streams.get(event - inStream)?.(inStream, payload);
  };
  door.expect(ref, happen, true);
  return result;
}

function killing(door: Door, child: Child, signal: number, kill: () => number): number {
  if (door.covered > 0) return kill();
  return door.value(KILL, child.options.file, [signal], kill, Missing.local);
}

/** The child's pipes, each with the first number of its happenings. */
function eachStream(
  { stdio }: ChildProcess,
  visit: (socket: net.Socket, base: number) => void,
): void {
  for (const [index, stream] of ((stdio as unknown[] | undefined) ?? []).entries()) {
    if (stream instanceof builtin('net').Socket) {
      visit(stream, FIRST_STREAM + index * STREAM_EVENTS);
    }
  }
}

/** A virtual stream has no descriptor to inherit; Node would refuse it where it takes the leader's. */
function withoutVirtual(stdio: unknown): unknown {
  if (!Array.isArray(stdio)) return stdio;
  return stdio.map((entry: unknown) => {
    const stream = entry as { _handle?: unknown; fd?: unknown; pause?: AnyFunction } | null;
    if (!(stream?._handle instanceof VirtualHandle) || typeof stream.fd === 'number') return entry;
    stream.pause?.();
    return 'ignore';
  });
}
