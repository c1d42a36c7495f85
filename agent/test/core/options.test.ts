import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment, isWanted, readOptions } from '../../src/options.ts';

const complete = {
  LOCKSTEP_URL: 'ws://127.0.0.1:4600/agent',
  LOCKSTEP_SERVICE: 'shop',
  LOCKSTEP_ROLE: 'leader',
  LOCKSTEP_RUN: '0123456789abcdef0123456789abcdef',
  LOCKSTEP_REPLICA: 'a',
  LOCKSTEP_SECRETS: '3',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-options-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('agent options', () => {
  it('asks for no agent without an address and secrets', () => {
    expect(isWanted({ LOCKSTEP_URL: 'ws://x' })).toBe(false);
    expect(isWanted({ ...complete, LOCKSTEP_SECRETS: '' })).toBe(false);
    expect(isWanted(complete)).toBe(true);
  });

  it('reads a complete environment with defaults', () => {
    const options = readOptions(complete, folder);
    expect(options).toMatchObject({
      variant: 'default',
      isolation: 'none',
      drill: null,
      strong: false,
      exitWaitMs: 200,
    });
    expect(options.memoryBytes).toBe(64 * 1024 * 1024);
  });

  it.each([
    ['LOCKSTEP_URL', 'http://x', 'LOCKSTEP_URL is "http://x", which is not a ws://'],
    ['LOCKSTEP_ROLE', 'boss', 'LOCKSTEP_ROLE is "boss", which is not one of leader, follower'],
    ['LOCKSTEP_RUN', 'xyz', 'LOCKSTEP_RUN is "xyz", which is not 32 hexadecimal digits'],
    ['LOCKSTEP_ISOLATION', 'moon', 'LOCKSTEP_ISOLATION is "moon"'],
    ['LOCKSTEP_EXIT_WAIT_MS', '-1', 'LOCKSTEP_EXIT_WAIT_MS is "-1", which is not a whole'],
    ['LOCKSTEP_REPLICA', '', 'LOCKSTEP_REPLICA is not set. Set LOCKSTEP_REPLICA'],
  ])('refuses %s=%s with a sentence that names it', (name, value, sentence) => {
    expect(() => readOptions({ ...complete, [name]: value }, folder)).toThrow(sentence);
  });

  it.each([
    ['{"redacted": []}', 'holds the unknown option "redacted"'],
    ['{"strong": "yes"}', 'is ""yes"", which is not true or false'],
    ['{"memoryMiB": 0}', 'is "0", which is not a whole number from 1 to 4096'],
    ['{"memoryMiB": 4097}', 'is "4097", which is not a whole number from 1 to 4096'],
    ['[1]', 'cannot be read: it is no JSON object'],
    ['{', 'cannot be read: SyntaxError'],
  ])('refuses the config file %s', (text, sentence) => {
    writeFileSync(path.join(folder, 'lockstep.config.json'), text);
    expect(() => readOptions(complete, folder)).toThrow(sentence);
  });

  it('takes the largest size that it allows', () => {
    writeFileSync(
      path.join(folder, 'lockstep.config.json'),
      '{"memoryMiB": 4096, "redact": ["iban"]}',
    );
    expect(readOptions(complete, folder)).toMatchObject({
      memoryBytes: 4096 * 1024 * 1024,
      redact: ['iban'],
    });
  });

  it('leaves no variable of its own to the service', () => {
    const own = { HOME: '/h', LOCKSTEP_TOKEN_FILE: '/h/token' };
    const env: NodeJS.ProcessEnv = { ...complete, ...own };
    cleanEnvironment(env);
    expect(env).toEqual(own);
  });
});
