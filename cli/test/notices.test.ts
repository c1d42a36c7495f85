import { Reason, RunState, type RunStateFrame } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices, reasonText } from '../src/client/notices.ts';
import { CliError, detailOf, errorTable, sentenceOf } from '../src/errors.ts';
import { renderTable } from '../src/report/table.ts';

const lines: string[] = [];
let notices: Notices;
const GRACE_MS = 1000;
beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
  notices = new Notices({
    ...{ service: 'shop', runId: '0123456789abcdef', followers: 2, collectorUrl: 'ws://c' },
    say: (line) => lines.push(line),
    graceMs: GRACE_MS,
  });
});

afterEach(() => vi.useRealTimers());

function state(to: RunState, code: Reason | null = null, api: string | null = null): RunStateFrame {
  return { type: 'run-state', state: to, code, api, detail: '' };
}

describe('what the person at the terminal hears', () => {
  it('is told once when the run is protected', () => {
    notices.registered();
    notices.runState(state(RunState.starting));
    notices.runState(state(RunState.protected));
    notices.runState(state(RunState.protected));
    expect(lines).toEqual(['shop is protected: 2 followers compare every call (run 01234567)']);
  });

  it('is told loudly, once, that children are left out while the run is protected', () => {
    notices.runState(state(RunState.protected));
    notices.runState(state(RunState.protected, Reason.tooManyLogs));
    notices.runState(state(RunState.protected, Reason.tooManyLogs));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('shop is followed in part: further children are not followed');
  });

  it('is told loudly, once, what ended the protection', () => {
    notices.runState(state(RunState.unprotected, Reason.notFollowed, 'tls.connect'));
    notices.runState(state(RunState.unprotected, Reason.notFollowed, 'tls.connect'));
    vi.advanceTimersByTime(GRACE_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('shop is UNPROTECTED: followers cannot follow tls.connect yet');
  });

  it('is told when the collector is away, and when it is back', () => {
    notices.away('ECONNREFUSED');
    notices.away('ECONNREFUSED');
    notices.registered();
    notices.away('ECONNRESET');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('no collector answers at ws://c (ECONNREFUSED)');
    expect(lines[1]).toContain('answers');
    expect(lines[2]).toContain('went away (ECONNRESET)');
  });

  it('sees the last words of a follower that died', () => {
    notices.followerDied('b', 'SIGKILL', 'first\nlast\n');
    vi.advanceTimersByTime(GRACE_MS);
    expect(lines).toEqual(['follower b ended early (SIGKILL)', '  b: first', '  b: last']);
  });

  it('hears nothing of followers that ended a moment before the leader', () => {
    notices.followerDied('b', 'exit code 0', '');
    notices.runState(state(RunState.unprotected, Reason.noFollowers));
    vi.advanceTimersByTime(GRACE_MS - 1);
    notices.over();
    vi.advanceTimersByTime(GRACE_MS);
    expect(lines).toEqual([]);
  });

  it('has words of its own for every reason', () => {
    const texts = Object.values(Reason).map((reason) => reasonText(reason, null));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('the error table', () => {
  it('gives every error a sentence and a remedy that end', () => {
    for (const { message, remedy } of Object.values(errorTable)) {
      expect(message).toMatch(/[.}]$/);
      expect(remedy).not.toBe('');
    }
  });

  it('fills placeholders in message and remedy, and keeps the cause', () => {
    const cause = new Error('why');
    const error = new CliError('CLI_PORT_TAKEN', { port: 4600, host: '127.0.0.1', cause });
    expect(error.message).toBe('Port 4600 on 127.0.0.1 is taken by another program.');
    expect([error.cause, error.retryable]).toEqual([cause, true]);
  });

  it('names what is in the middle of a sentence by its code, else its message', () => {
    expect(detailOf(Object.assign(new Error('long'), { code: 'EACCES' }))).toBe('EACCES');
    expect(detailOf(new Error('plain'))).toBe('plain');
    expect(detailOf(new CliError('CLI_FILE_NOT_FOUND', { file: 'x' }))).toContain('no file "x"');
  });

  it('shows a table error as its sentence, and the stack of what is in no table', () => {
    const foreign = Object.assign(new Error('The store is away.'), { code: 'S', retryable: true });
    expect(sentenceOf(foreign)).toBe('The store is away.');
    expect(sentenceOf(new CliError('CLI_PORT_FORBIDDEN', { port: 80 }))).toBe(
      'This user may not listen on port 80. Choose a port above 1023 with --port.',
    );
    expect(sentenceOf(new TypeError('bug'))).toContain('    at ');
  });
});

describe('a table', () => {
  it('is as wide as its cells and no wider', () => {
    expect(renderTable(['id', 'state'], [['a', 'running'], ['longer']])).toBe(
      'id      state\na       running\nlonger',
    );
  });
});
