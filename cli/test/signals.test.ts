import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endingOf, exitCodeOf, forwardedSignals, handlesSignal } from '../src/launch/signals.ts';

const OWN_PID = 4711;

describe('how the launcher ends', () => {
  it.each([0, 1, 7, 255])('is code %i when the leader ended with it', (exitCode) => {
    expect(endingOf({ exitCode, signal: null }, OWN_PID)).toEqual({ exitCode });
  });

  it.each(['SIGTERM', 'SIGKILL', 'SIGSEGV'] as const)(
    'is %s when the leader died of it',
    (signal) => {
      expect(endingOf({ exitCode: null, signal }, OWN_PID)).toEqual({ signal });
    },
  );

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGKILL', 137],
    ['SIGTERM', 143],
  ] as const)('is a code for %s as process 1, which cannot die of it: %i', (signal, exitCode) => {
    expect(endingOf({ exitCode: null, signal }, 1)).toEqual({ exitCode });
    expect(exitCodeOf(signal)).toBe(exitCode);
  });

  it('is code 1 when nobody knows how the leader ended', () => {
    expect(endingOf({ exitCode: null, signal: null }, OWN_PID)).toEqual({ exitCode: 1 });
  });
});

describe('the signals that are handed on', () => {
  it('are each listed once, and none that is about the launcher itself or cannot be caught', () => {
    expect(new Set(forwardedSignals).size).toBe(forwardedSignals.length);
    for (const own of ['SIGKILL', 'SIGSTOP', 'SIGCHLD', 'SIGPIPE']) {
      expect(forwardedSignals).not.toContain(own);
    }
    for (const needed of ['SIGWINCH', 'SIGTSTP', 'SIGCONT', 'SIGHUP', 'SIGINT', 'SIGTERM']) {
      expect(forwardedSignals).toContain(needed);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('looking at a process from outside', () => {
  it('tells whether it handles a signal', async () => {
    const code = "process.on('SIGTSTP', () => 0); console.log('ready'); setInterval(() => 0, 1000)";
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    expect(handlesSignal(child.pid ?? null, 'SIGTSTP')).toBe(true);
    expect(handlesSignal(child.pid ?? null, 'SIGHUP')).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(handlesSignal(child.pid ?? null, 'SIGTSTP')).toBe(false);
  });
});
