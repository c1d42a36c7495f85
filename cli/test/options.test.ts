import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Isolation, parseSecrets } from '@lockstep/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCollectorUrl } from '../src/client/collector-url.ts';
import { ensureToken, readToken } from '../src/client/token-file.ts';
import { label, replicaCount, seconds, wholeNumber } from '../src/commands/run-options.ts';
import { withoutPassword } from '../src/commands/up.ts';
import { readEnvironment } from '../src/environment.ts';
import { CliError } from '../src/errors.ts';
import { parseDrill, struckReplicas } from '../src/launch/drill-option.ts';
import { notIsolated, probeIsolation } from '../src/launch/isolation.ts';
import { newRun, planReplicas, registered, secretsOf } from '../src/launch/replica-plan.ts';
import { MAX_REPLICAS } from '../src/limits.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-options-'));
  writeFileSync(join(folder, 'payload@home.cjs'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('option values', () => {
  it('--replicas takes 1 to 9', () => {
    expect([replicaCount('1'), replicaCount(String(MAX_REPLICAS))]).toEqual([1, 9]);
    for (const bad of ['0', '10', '-1', '2.5', 'three', '']) {
      expect(() => replicaCount(bad)).toThrow(CliError);
    }
  });

  it('ports take 0 to 65535', () => {
    const bounds = { least: 0, most: 65_535 };
    expect([wholeNumber('--port', '0', bounds), wholeNumber('--port', '65535', bounds)]).toEqual([
      0, 65_535,
    ]);
    expect(() => wholeNumber('--port', '65536', bounds)).toThrow('--port cannot be "65536"');
  });

  it('seconds take fractions and end at a day', () => {
    expect([
      seconds('--drain', '0'),
      seconds('--drain', '0.5'),
      seconds('--drain', '86400'),
    ]).toEqual([0, 0.5, 86_400]);
    for (const bad of ['86401', '-1', 'x', ' ']) expect(() => seconds('--drain', bad)).toThrow();
  });

  it('names take what can stand in a URL, up to 200 characters', () => {
    expect(label('--service', '@shop/api.v2_1-x')).toBe('@shop/api.v2_1-x');
    expect(label('--service', 'x'.repeat(200))).toHaveLength(200);
    for (const bad of ['', 'a b', 'x'.repeat(201), 'ü']) {
      expect(() => label('--service', bad)).toThrow();
    }
  });
});

describe('--drill', () => {
  const replicas = planReplicas(3, null);
  const struck = (text: string): string[] => [
    ...struckReplicas(parseDrill(join(folder, text), '/'), replicas),
  ];

  it('strikes the last follower, or whom it is told to', () => {
    expect(struck('payload@home.cjs')).toEqual(['c']);
    expect(struck('payload@home.cjs@follower')).toEqual(['c']);
    expect(struck('payload@home.cjs@leader')).toEqual(['a']);
    expect(struck('payload@home.cjs@all')).toEqual(['a', 'b', 'c']);
    expect([...struckReplicas(null, replicas)]).toEqual([]);
  });

  it('is refused when its file cannot be read, and for a follower where there is none', () => {
    expect(() => parseDrill('absent.cjs', folder)).toThrow('cannot be read: ENOENT');
    const drill = parseDrill('payload@home.cjs', folder);
    expect(() => struckReplicas(drill, planReplicas(1, null))).toThrow('there is none');
  });
});

describe('replicas', () => {
  it('are named from a, the first leads, and only followers carry the variant', () => {
    expect(
      planReplicas(3, 'old-lockfile').map(({ id, role, variant }) => [id, role, variant]),
    ).toEqual([
      ['a', 'leader', 'default'],
      ['b', 'follower', 'old-lockfile'],
      ['c', 'follower', 'old-lockfile'],
    ]);
  });

  it('share a seed, have a token each, and the collector gets the hash alone', () => {
    const run = newRun(new Date());
    const [leader, follower] = planReplicas(2, null);
    if (leader === undefined || follower === undefined) throw new Error('two replicas expected');
    const secrets = parseSecrets(JSON.stringify(secretsOf(run, leader)));
    expect(secrets).toEqual(secretsOf(run, leader));
    expect(secretsOf(run, follower).seed).toBe(secrets?.seed);
    expect(follower.token).not.toBe(leader.token);
    expect(JSON.stringify(registered(leader))).not.toContain(leader.token);
    expect(newRun(new Date()).seed).not.toBe(run.seed);
  });
});

describe('isolation', () => {
  it('is the first kind that the kernel allows', async () => {
    const allowed = (flag: string) => (command: readonly string[]) =>
      Promise.resolve(command.includes(flag));
    expect((await probeIsolation(allowed('-n'))).prefix).toEqual(['unshare', '-n', '--']);
    expect((await probeIsolation(allowed('-rn'))).prefix).toEqual(['unshare', '-rn', '--']);
    expect((await probeIsolation(allowed('-n'))).isolation).toBe(Isolation.network);
    expect(await probeIsolation(() => Promise.resolve(false))).toBe(notIsolated);
  });
});

describe('--collector', () => {
  it('may be written in any of four schemes', () => {
    expect(parseCollectorUrl('ws://127.0.0.1:4600')).toEqual({
      socketUrl: 'ws://127.0.0.1:4600',
      httpUrl: 'http://127.0.0.1:4600',
      address: { host: '127.0.0.1', port: 4600, secure: false },
      pathPrefix: '',
    });
    expect(parseCollectorUrl('https://watch.example/lockstep/')).toEqual({
      socketUrl: 'wss://watch.example/lockstep',
      httpUrl: 'https://watch.example/lockstep',
      address: { host: 'watch.example', port: 443, secure: true },
      pathPrefix: '/lockstep',
    });
    expect(parseCollectorUrl('http://[::1]:99').address).toEqual({
      host: '::1',
      port: 99,
      secure: false,
    });
  });

  it.each(['127.0.0.1:4600', 'ftp://x', '', 'ws://'])('is refused as %j', (text) => {
    expect(() => parseCollectorUrl(text)).toThrow('--collector cannot be');
  });
});

describe('the token file', () => {
  it('is written once, for its user only, and read afterwards', () => {
    const file = join(folder, 'state', 'token');
    const token = ensureToken(file);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect([ensureToken(file), readToken(file)]).toEqual([token, token]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
  });

  it('is refused with a sentence when it is absent or empty', () => {
    expect(() => readToken(join(folder, 'none'))).toThrow('ENOENT');
    writeFileSync(join(folder, 'empty'), '\n');
    expect(() => readToken(join(folder, 'empty'))).toThrow('it is empty');
  });

  it('is where the environment says, or in the state folder', () => {
    expect(readEnvironment({ LOCKSTEP_TOKEN_FILE: '/t' }).tokenFile).toBe('/t');
    expect(readEnvironment({ XDG_STATE_HOME: '/s' }).tokenFile).toBe('/s/lockstep/token');
    expect(readEnvironment({ HOME: '/h', XDG_STATE_HOME: '' }).tokenFile).toBe(
      '/h/.local/state/lockstep/token',
    );
  });
});

describe('a store', () => {
  it('is printed without its password', () => {
    expect(withoutPassword('mongodb://me:secret@host/db')).toBe('mongodb://me:***@host/db');
    expect(withoutPassword('./folder')).toBe('./folder');
  });
});
