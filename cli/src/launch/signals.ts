/**
 * The launcher stands between a terminal (or a supervisor) and the leader: each signal that reaches the
 * launcher goes to the leader once, and how the leader ended becomes how the launcher ends. What it trades
 * away: a terminal's interrupt reaches the leader alone, not the leader's own children beside it.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { STOP_OBSERVE_MS } from '../limits.ts';
import type { ProcessEnd } from './replica-process.ts';

/** Signals that are handed on. Not SIGCHLD and SIGPIPE, which are about the launcher itself. */
export const forwardedSignals: readonly NodeJS.Signals[] = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGTERM',
  'SIGABRT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGIO',
  'SIGPWR',
  'SIGWINCH',
  'SIGTSTP',
  'SIGCONT',
];

/** A process that signals go to. */
export interface SignalTarget {
  readonly pid: number | null;
  readonly isGone: boolean;
  kill(signal: NodeJS.Signals): boolean;
}

/** Hands signals on to a leader; what arrives before it exists is kept for it. */
export class SignalForwarder {
  readonly #pending: NodeJS.Signals[] = [];
  readonly #handlers: Map<NodeJS.Signals, () => void> = new Map();
  readonly #onAfterEnd: () => void;
  #target: SignalTarget | null = null;

  /** `onAfterEnd` hears of signals that come when the leader is gone: someone wants us gone too. */
  constructor(onAfterEnd: () => void) {
    this.#onAfterEnd = onAfterEnd;
    for (const signal of forwardedSignals) {
      const handler = (): void => this.#forward(signal);
      if (!listen(signal, handler)) continue;
      this.#handlers.set(signal, handler);
    }
  }

  /** Sends what arrived so far, and all that follows, to `target`. */
  attach(target: SignalTarget): void {
    this.#target = target;
    for (const signal of this.#pending.splice(0)) this.#forward(signal);
  }

  /** Gives the signals their default meaning back. */
  close(): void {
    for (const [signal, handler] of this.#handlers) process.removeListener(signal, handler);
    this.#handlers.clear();
  }

  #forward(signal: NodeJS.Signals): void {
    const target = this.#target;
    if (target === null) {
      this.#pending.push(signal);
    } else if (target.isGone) {
      if (signal !== 'SIGWINCH' && signal !== 'SIGCONT') this.#onAfterEnd();
    } else if (signal === 'SIGTSTP') {
      stopWith(target);
    } else {
      target.kill(signal);
    }
  }
}

/** Some systems lack a signal, and then there is nothing to forward. */
function listen(signal: NodeJS.Signals, handler: () => void): boolean {
  try {
    process.on(signal, handler);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ctrl-Z. The leader has a session of its own, and there the kernel ignores SIGTSTP's default action; so
 * a leader that does not handle it gets SIGSTOP instead. The launcher stops when the leader has stopped.
 */
function stopWith(target: SignalTarget): void {
  target.kill(handlesSignal(target.pid, 'SIGTSTP') ? 'SIGTSTP' : 'SIGSTOP');
  const deadline = Date.now() + STOP_OBSERVE_MS;
  const observe = (): void => {
    if (target.isGone) return;
    if (statusField(target.pid, 'State')?.startsWith('T') === true) {
      process.kill(process.pid, 'SIGSTOP');
    } else if (Date.now() < deadline) {
      setTimeout(observe, 10);
    }
  };
  observe();
}

/** Whether a process has a handler for a signal, as the kernel sees it. */
export function handlesSignal(pid: number | null, signal: NodeJS.Signals): boolean {
  const mask = statusField(pid, 'SigCgt');
  if (mask === null) return false;
  return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

function statusField(pid: number | null, name: string): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? null;
  } catch {
    // No such file system here, or no such process any more.
    return null;
  }
}

/** How the launcher ends when the leader ended like this. Process 1 cannot die of a signal. */
export function endingOf(
  end: Pick<ProcessEnd, 'exitCode' | 'signal'>,
  ownPid: number,
): { readonly exitCode: number } | { readonly signal: NodeJS.Signals } {
  if (end.signal === null) return { exitCode: end.exitCode ?? 1 };
  if (ownPid === 1) return { exitCode: exitCodeOf(end.signal) };
  return { signal: end.signal };
}

/** The shell's number for a death by signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + (constants.signals[signal] ?? 0);
}

/** Ends this process as the leader ended. Nothing of ours may listen to signals any more. */
export function endAs(end: Pick<ProcessEnd, 'exitCode' | 'signal'>): void {
  const ending = endingOf(end, process.pid);
  if ('exitCode' in ending) process.exit(ending.exitCode);
  process.kill(process.pid, ending.signal);
  // Node ignores a few signals, or answers them in its own way; the shell's number says the same.
  setTimeout(() => process.exit(exitCodeOf(ending.signal)), 100);
}
