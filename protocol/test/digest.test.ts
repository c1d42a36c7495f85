import { createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// biome-ignore lint/correctness/noUnresolvedImports: the linter does not see the default export of its types
import xxhash from 'xxhash-wasm';
import { apiId, digestPrefix, KeyLabel, keyInfo, parseSecrets } from '../src/index.ts';
import { canonicalHex, hex } from './support/bytes.ts';
import { deriveKey, digestedBytes, goldenFolder, keyBytes } from './support/golden.ts';
import { runId, seed } from './support/samples.ts';

interface GoldenDigest {
  readonly api: string;
  readonly args: readonly unknown[];
  readonly digest: string;
  readonly strong: string;
}

const golden = JSON.parse(
  readFileSync(new URL('digests.json', goldenFolder), 'utf8'),
) as readonly GoldenDigest[];

const secrets = { version: 1, runId, seed, token: 'secret' };

describe('digests', () => {
  it('[DG1] the API and a zero byte stand before the canonical bytes', () => {
    const expected = `${Buffer.from('fs.rm\0').toString('hex')}${canonicalHex(['/x', 1])}`;
    expect(hex(digestedBytes('fs.rm', ['/x', 1]))).toBe(expected);
    expect(digestPrefix(apiId('fs.rm'))).toBe(digestPrefix(apiId('fs.rm')));
  });

  it('[DG1] equal arguments of two APIs are digested as different bytes', () => {
    expect(hex(digestedBytes('fs.rm', []))).not.toBe(hex(digestedBytes('fs.rmdir', [])));
    expect(hex(digestPrefix(65_000))).toBe(hex(Buffer.from('api#65000\0')));
  });

  it.each(golden)(
    '[DG2] the digest of $api($args) is the recorded one',
    async ({ api, args, digest }) => {
      const { h64Raw } = await xxhash();
      const key = deriveKey('hash', 'main');
      const hash = h64Raw(digestedBytes(api, args), key.readBigUInt64LE());
      expect(hash.toString(16).padStart(16, '0')).toBe(digest);
      expect(h64Raw(digestedBytes(api, args), 0n)).not.toBe(hash);
    },
  );

  it.each(golden)(
    '[DG3] the strong digest of $api($args) is 16 bytes of the MAC',
    ({ api, args, strong }) => {
      const mac = createHmac('sha256', deriveKey('mac', 'main')).update(digestedBytes(api, args));
      expect(mac.digest('hex').slice(0, 32)).toBe(strong);
    },
  );
});

describe('keys and secrets', () => {
  it('[KD1] a key depends on seed, run, use and log', () => {
    const material = Buffer.from(seed, 'hex');
    const salt = Buffer.from(runId, 'hex');
    const info = 'lockstep log key:main';
    const expected = Buffer.from(hkdfSync('sha256', material, salt, info, 32));
    expect(hex(deriveKey('log', 'main'))).toBe(hex(expected));
    expect(hex(deriveKey('log', 'worker 1'))).not.toBe(hex(expected));
    expect(keyInfo(KeyLabel.log, 'main')).toBe(info);
  });

  it('[KD2] no two uses share a label', () => {
    expect(new Set(Object.values(KeyLabel)).size).toBe(Object.keys(KeyLabel).length);
    expect(KeyLabel).toEqual({
      log: 'lockstep log key',
      hash: 'lockstep hash seed',
      mac: 'lockstep digest mac',
      target: 'lockstep target key',
      random: 'lockstep math random',
      check: 'lockstep seed check',
    });
  });

  it('[KD3] every key has its length, and none is the beginning of another', () => {
    const uses = Object.keys(KeyLabel) as (keyof typeof KeyLabel)[];
    const keys = uses.map((use) => deriveKey(use, 'main'));
    expect(keys.map((key) => key.length)).toEqual(uses.map((use) => keyBytes[use]));
    expect(new Set(keys.map((key) => hex(key.subarray(0, 8)))).size).toBe(uses.length);
  });

  it('[KD4] secrets are read from their text', () => {
    expect(parseSecrets(JSON.stringify(secrets))).toEqual(secrets);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another version', JSON.stringify({ ...secrets, version: 2 })],
    ['a short seed', JSON.stringify({ ...secrets, seed: seed.slice(1) })],
    ['a seed that is not hexadecimal', JSON.stringify({ ...secrets, seed: 'g'.repeat(64) })],
    ['an upper-case run id', JSON.stringify({ ...secrets, runId: runId.toUpperCase() })],
    ['no token', JSON.stringify({ ...secrets, token: '' })],
    ['a further field', JSON.stringify({ ...secrets, more: 1 })],
  ])('[KD4] %s is no secrets', (_, text) => {
    expect(parseSecrets(text)).toBeNull();
  });
});
