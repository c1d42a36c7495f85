/** Which process a log belongs to, in words: its name only says by which calls it was started. */
import { MAIN_LOG } from '@lockstep/protocol';

/** `log`: `main`, or that of a child, a part more for each parent. */
export function processOfLog(log: string): string {
  if (log === MAIN_LOG) return "the service's own process";
  const parents = log.split('.').length - 1;
  return parents === 1 ? 'a child process' : `a child process, ${parents} levels down`;
}
