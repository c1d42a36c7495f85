/**
 * How a follower ends: by itself in the turn in which the leader did, or because its log ended, or
 * because it was told to. Its exit code is the program's own, for the collector to compare.
 */
import { apiId, apiName, Reason } from '@lockstep/protocol';
import { originals } from '../core/originals.ts';
import { onProcessEnd } from '../core/process-end.ts';
import type { Outbox } from '../transport/index.ts';
import type { FollowerDoor } from './follower-door.ts';
import type { LogEnd, LogReader } from './log-reader.ts';

const EXIT = apiId('process.exit');

/** Longest wait for the last bytes, milliseconds; nobody waits for a follower. */
const DRAIN_MS = 2000;

/** What ending needs to know of the follower. */
export interface FollowerExit {
  readonly outbox: Outbox;
  /** Why the follower was ended from outside, once it was. */
  end: LogEnd | null;
}

/** Records the exit whenever the process ends. */
export function watchFollowerExit(
  door: FollowerDoor,
  outbox: Outbox,
  log: LogReader,
  drain: (ms: number) => boolean,
): FollowerExit {
  const exit: FollowerExit = { outbox, end: null };
  onProcessEnd((exitCode) => {
    log.absorb();
    const complete = log.queue.length === 0 && (exit.end === null || exit.end.type === 'exit');
    if (exit.end === null || exit.end.type === 'exit') door.recordExit(EXIT, exitCode);
    outbox.counters({ ...door.counters });
    outbox.flush(door.turn + 1);
    outbox.end(exitCode, complete);
    drain(DRAIN_MS);
  });
  return exit;
}

/** Ends the process as the end of the log demands. */
export function endFollower(exit: FollowerExit, end: LogEnd): void {
  exit.end = end;
  if (end.type === 'not-followed') {
    exit.outbox.stopped(Reason.notFollowed, apiName(end.api), end.detail);
  } else if (end.type === 'told') {
    exit.outbox.stopped(end.item.code, null, end.item.detail);
  }
  originals.exit.call(process);
}
