/**
 * CPU time as the kernel counts it, from outside (Linux). `schedstat` counts nanoseconds; the `stat` file
 * next to it counts hundredths of a second, which is too coarse for a round of a second.
 */
import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS = 1e-3;

/** CPU time of one thread, microseconds; a process's main thread has its id. */
function threadMicros(pid, thread) {
  const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
  return Number(text.split(' ')[0]) * NANOSECONDS;
}

/** CPU time of a process's main thread and of all its threads, microseconds. */
export function cpuOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => [
    thread,
    threadMicros(pid, thread),
  ]);
  const all = threads.reduce((sum, [, micros]) => sum + micros, 0);
  return { main: threadMicros(pid, pid), all };
}

/**
 * Milliseconds of CPU that ended children of this process took, with those that they waited for. In
 * hundredths of a second, so only sums over many children are exact.
 */
export function endedChildrenMillis() {
  const text = readFileSync('/proc/self/stat', 'utf8');
  // The name in parentheses may hold anything; what follows the last one is fixed.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** CPU time of this process's main thread while it runs `work`, nanoseconds; exact to some milliseconds. */
export function timeOwnThread(work) {
  const { pid } = process;
  const before = threadMicros(pid, pid);
  work();
  return (threadMicros(pid, pid) - before) * 1000;
}
