/**
 * What stands below a child: the native handle that starts, signals and outlives it. Node's own
 * `ChildProcess` runs unchanged above it in every replica; the leader's handle is watched, a follower's is
 * virtual.
 */
import type { NativeHandle } from '../net/handle-classes.ts';
import { VirtualHandle } from '../stdio/virtual-handle.ts';

/** Handle of a child as Node's own code uses it. */
export interface ProcessHandle {
  pid?: number | undefined;
  onexit: (exitCode: number, signal: string) => void;
  /** Takes the options, on newer versions of Node their values one by one. */
  spawn: (...given: unknown[]) => number;
  kill: (signal: number) => number;
  close: () => void;
  unref: () => void;
}

/** What Node's own code hands to the handle. */
export interface SpawnOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly envPairs?: readonly string[];
  readonly detached?: boolean;
  readonly uid?: number;
  readonly gid?: number;
  stdio?: unknown;
}

/** One entry of `stdio` once Node has made sense of it. */
export interface StdioEntry {
  readonly type: string;
  /** The channel for messages. */
  readonly ipc?: boolean;
  /** Of a descriptor that the child inherits. */
  readonly fd?: number;
  /** Of a stream's handle that it inherits: `tty`, `pipe`, ... */
  readonly wrapType?: string;
  handle?: unknown;
}

/** What the leader's start gave. */
export interface SpawnOutcome {
  /** 0, or a negative system error. */
  readonly code: number;
  readonly pid: number | undefined;
  /** The child leads a log of its own; in which folder it was started. */
  readonly folder?: string | undefined;
}

/** A child that runs elsewhere. */
export class VirtualProcess implements ProcessHandle {
  pid?: number | undefined;
  onexit: (exitCode: number, signal: string) => void;
  readonly kill: (signal: number) => number;
  private readonly start: (given: readonly unknown[]) => SpawnOutcome;

  constructor(
    onexit: (exitCode: number, signal: string) => void,
    start: (given: readonly unknown[]) => SpawnOutcome,
    kill: (signal: number) => number,
  ) {
    this.onexit = onexit;
    this.start = start;
    this.kill = kill;
  }

  /** Takes the leader's outcome, and puts virtual pipes where Node has prepared real ones. */
  spawn(...given: unknown[]): number {
    const { code, pid } = this.start(given);
    this.pid = pid;
    for (const entry of stdioOf(given)) {
      const isPipe = entry.type === 'pipe' || entry.type === 'overlapped';
      if (isPipe && entry.ipc !== true) {
        entry.handle = new VirtualHandle(-1);
      }
    }
    return code;
  }

  close(): void {}

  ref(): void {}

  unref(): void {}

  hasRef(): boolean {
    return true;
  }
}

/** The handle of the channel for messages among what is handed to `spawn`, if there is one. */
export function channelOf(given: readonly unknown[]): NativeHandle | null {
  const entry = stdioOf(given).find(({ ipc }) => ipc === true);
  return (entry?.handle as NativeHandle | undefined) ?? null;
}

function stdioOf(given: readonly unknown[]): readonly StdioEntry[] {
  const stdio = readGiven(given, 'stdio');
  return Array.isArray(stdio) ? (stdio as StdioEntry[]) : [];
}

/** Where the native `spawn` finds what, where it takes values one by one (Node 26). */
const positions = { file: 0, args: 1, cwd: 2, envPairs: 3, stdio: 4 } as const;

/** One of the native `spawn`'s options, in either form. */
export function readGiven(given: readonly unknown[], key: keyof typeof positions): unknown {
  const [options] = given;
  if (typeof options !== 'object') return given[positions[key]];
  return (options as Record<string, unknown>)[key];
}

/** The same with other options; what was given stays as it is. */
export function withGiven(
  given: readonly unknown[],
  changes: Readonly<Partial<Record<keyof typeof positions, unknown>>>,
): unknown[] {
  const [options] = given;
  if (typeof options === 'object') return [{ ...options, ...changes }];
  const changed = [...given];
  for (const [key, value] of Object.entries(changes)) {
    changed[positions[key as keyof typeof positions]] = value;
  }
  return changed;
}
