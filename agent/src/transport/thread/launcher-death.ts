/**
 * The launcher's death ends its replicas: a follower at once, for it has nothing to finish; the leader by
 * the signal that a service knows, so that it can end its work. A child of the leader gets it only if its
 * parent was there when the launcher went: else the run had ended, and the child lives on as it would.
 */
import { Role } from '@lockstep/protocol';

/** What connecting to the socket of a process that is gone gives. */
const GONE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT']);

/** Whether an error's code means that nobody will listen at the launcher's socket again. */
export function isLauncherGone(code: string): boolean {
  return GONE.has(code);
}

/** Ends this process as the launcher's death asks. */
export function endReplica(role: Role): void {
  process.kill(process.pid, role === Role.leader ? 'SIGTERM' : 'SIGKILL');
}
