/**
 * How a leader ends: the exit is recorded, the log gets its end, and the last bytes get at most
 * `waitMs` to leave: a service must not wait for us, a checked command may. The program's own `exit` handlers run first, in the turn that ends it.
 */
import { apiId } from '@lockstep/protocol';
import { onProcessEnd } from '../core/process-end.ts';
import type { LeaderDoor } from './leader-door.ts';

const EXIT = apiId('process.exit');

/** Ends the log when the process ends. */
export function watchLeaderExit(
  door: LeaderDoor,
  drain: (ms: number) => boolean,
  waitMs: number,
): void {
  onProcessEnd((exitCode) => {
    door.recordExit(EXIT, exitCode);
    door.end(exitCode);
    drain(waitMs);
  });
}
