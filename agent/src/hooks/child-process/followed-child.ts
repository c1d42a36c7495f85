/**
 * Children with logs of their own. The leader's child gets the agent in front of its program and its
 * secrets through one more descriptor, behind those that the program passes. When the log says that it did,
 * a follower starts a follower of that log from the same arguments: cut off like itself, its output
 * dropped, what its parent sees of it taken from the parent's own log.
 */
import { isatty } from 'node:tty';
import { type NodeStart, quietStart } from '@lockstep/protocol';
import type { ChildLog, ChildLogs } from '../../core/child-logs.ts';
import type { CallRef, Door } from '../../core/door.ts';
import { originals } from '../../core/originals.ts';
import { nativePrototype } from '../native/binding.ts';
import { type NodeChild, nodeChild } from './node-child.ts';
import { type ProcessHandle, readGiven, type StdioEntry, withGiven } from './process-handle.ts';

/** What `new Pipe(type)` takes for a plain one. */
const PLAIN_PIPE = 0;

interface PipeHandle {
  readonly fd: number;
  close(): void;
  unref(): void;
}

/** Node's own `spawn`, one step above the system's. */
export type NativeSpawn = (...given: unknown[]) => number;

/** How it went; folder and log are undefined for a child that is not followed. */
export interface Started {
  readonly code: number;
  readonly folder?: string;
  readonly logName?: string;
}

export class FollowedChildren {
  private readonly door: Door;
  private readonly logs: ChildLogs;
  private readonly newPipe: () => PipeHandle;
  /** Follower: ends of the children's channels; they must live as long as this process. */
  private readonly kept: Set<unknown> = new Set();
  /** Options that this process was started with, and that its children inherit. */
  private readonly inherited: string = process.env[OPTIONS] ?? '';

  constructor(door: Door, logs: ChildLogs) {
    this.door = door;
    this.logs = logs;
    const { constructor: PipeClass } = nativePrototype('pipe_wrap', 'Pipe') as {
      constructor: new (type: number) => PipeHandle;
    };
    this.newPipe = () => new PipeClass(PLAIN_PIPE);
  }

  /** Leader: starts the child, with an agent if it can have one. */
  lead(ref: CallRef, given: readonly unknown[], spawn: NativeSpawn): Started {
    const log = this.logs.of(ref);
    const folder = folderOf(given);
    const stdio = (readGiven(given, 'stdio') ?? []) as readonly StdioEntry[];
    const changed =
      log === null || isPrompt(given, stdio[0])
        ? null
        : this.withAgent(given, log, folder, stdio.length, asItIs);
    if (log === null || changed === null) return { code: spawn(...given) };
    const secrets = this.newPipe();
    const entries = [...stdio, { type: 'pipe', handle: secrets }];
    const code = spawn(...withGiven(changed, { stdio: entries }));
    if (code === 0) {
      tell(secrets, log.secretsText);
      this.door.announce(log.name);
    }
    secrets.close();
    return code === 0 ? { code, folder, logName: log.name } : { code };
  }

  /** Follower: starts the follower of the leader's child. Whether it can shows in the collector. */
  follow(ref: CallRef, given: readonly unknown[], folder: string, handle: ProcessHandle): void {
    const log = this.logs.of(ref);
    const stdio = (readGiven(given, 'stdio') ?? []) as readonly StdioEntry[];
    const changed =
      log === null ? null : this.withAgent(given, log, folder, stdio.length, quietStart);
    if (log === null || changed === null) return;
    const secrets = this.newPipe();
    const entries = stdio.map(({ ipc }) => (ipc === true ? this.channel() : { type: 'ignore' }));
    entries.push({ type: 'pipe', handle: secrets });
    handle.onexit = () => {
      this.kept.delete(handle);
      handle.close();
    };
    const code = handle.spawn(...withGiven(changed, { stdio: entries, cwd: folder }));
    if (code === 0) tell(secrets, log.secretsText);
    secrets.close();
    if (code !== 0) return;
    this.kept.add(handle);
    handle.unref();
  }

  /** The same call with the agent in front of the program; null for what is no Node program. */
  private withAgent(
    given: readonly unknown[],
    log: ChildLog,
    folder: string,
    descriptor: number,
    startOf: (start: NodeStart) => NodeStart,
  ): unknown[] | null {
    const child = childOf(given, folder, log.agentFile);
    if (child === null) return null;
    const pairs = (readGiven(given, 'envPairs') ?? []) as readonly string[];
    const env = environmentOf(pairs);
    if (loadsBefore(env[OPTIONS], this.inherited)) return null;
    const whole = { options: child.options, env };
    const start = startOf(whole);
    const quiet = [child.name, ...child.preload, ...start.options, ...child.rest];
    const kept = start === whole ? pairs : pairsOf(start.env);
    return withGiven(given, {
      args: quiet,
      envPairs: [...kept, ...pairsOf(log.environment(descriptor))],
    });
  }

  /** Its other end says nothing and hears nothing: messages come from the child's own log. */
  private channel(): { type: string; handle?: unknown } {
    const handle = this.newPipe();
    this.kept.add(handle);
    return { type: 'pipe', handle };
  }
}

const OPTIONS = 'NODE_OPTIONS';

/**
 * Whether the program itself named code in `NODE_OPTIONS` (as coverage tools do): Node loads it before the agent,
 * so that it would act unseen. Such a child runs as it would, and followers get what comes back.
 */
function loadsBefore(options: string | undefined, inherited: string): boolean {
  if (options === undefined || options === inherited) return false;
  return /(^|\s)(-r|--require|--import|--(experimental-)?loader)\b/.test(options);
}

const asItIs = (start: NodeStart): NodeStart => start;

function childOf(given: readonly unknown[], folder: string, agentFile: string): NodeChild | null {
  const file = String(readGiven(given, 'file'));
  const args = (readGiven(given, 'args') ?? []) as readonly string[];
  return nodeChild(file, args, folder, agentFile);
}

/** Whether Node would ask for the program at a terminal. A follower's child has none, and cannot tell. */
function isPrompt(given: readonly unknown[], input: StdioEntry | undefined): boolean {
  const isTerminal = input?.wrapType === 'tty' || (input?.fd !== undefined && isatty(input.fd));
  return isTerminal && childOf(given, folderOf(given), '')?.readsProgram === true;
}

function pairsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const given = Object.entries(env).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => `${key}=${value}`);
}

function environmentOf(pairs: readonly string[]): Record<string, string> {
  const split = pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair] as const);
  return Object.fromEntries(split.map(([key, pair]) => [key, pair.slice(key.length + 1)]));
}

function folderOf(given: readonly unknown[]): string {
  const cwd = readGiven(given, 'cwd');
  return typeof cwd === 'string' ? cwd : process.cwd();
}

/** They fit into the socket's buffer, so this never waits. */
function tell(pipe: PipeHandle, secrets: string): void {
  try {
    originals.writeSync(pipe.fd, secrets);
  } catch {
    // The child died at once: its exit is on its way.
  }
}
