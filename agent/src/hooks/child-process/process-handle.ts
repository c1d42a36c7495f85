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
interface StdioEntry {
  readonly type: string;
  /** The channel for messages. */
  readonly ipc?: boolean;
  handle?: unknown;
}

/** What the leader's start gave. */
export interface SpawnOutcome {
  /** 0, or a negative system error. */
  readonly code: number;
  readonly pid: number | undefined;
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

/** Position of `stdio` where values are given one by one. */
const STDIO_AT = 4;

/** The handle of the channel for messages among what is handed to `spawn`, if there is one. */
export function channelOf(given: readonly unknown[]): NativeHandle | null {
  const entry = stdioOf(given).find(({ ipc }) => ipc === true);
  return (entry?.handle as NativeHandle | undefined) ?? null;
}

function stdioOf(given: readonly unknown[]): readonly StdioEntry[] {
  const [options] = given;
  const stdio = typeof options === 'object' ? (options as SpawnOptions).stdio : given[STDIO_AT];
  return Array.isArray(stdio) ? (stdio as StdioEntry[]) : [];
}
