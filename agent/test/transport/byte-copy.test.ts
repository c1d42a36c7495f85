import { describe, expect, test } from 'vitest';
import { ByteCopy } from '../../src/transport/byte-copy.ts';

const AT = 8;

/** What lies at `AT` of an untouched target after a copy, and all that lies behind it. */
function copied(copy: ByteCopy, source: Uint8Array, length: number): [Uint8Array, Uint8Array] {
  const memory = new SharedArrayBuffer(4096);
  const bytes = new Uint8Array(memory);
  copy.copy(bytes, new Int32Array(memory), AT, source, length);
  return [bytes.slice(AT, AT + length), bytes.slice(AT + ((length + 3) & ~3))];
}

function noise(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => ((at + seed) * 167 + 13) & 0xff);
}

describe('the copy of a record into a segment', () => {
  test('is exact for every length, and touches no word behind its last', () => {
    const copy = new ByteCopy();
    for (let length = 0; length <= 1100; length++) {
      const source = noise(1200, length);
      const [got, behind] = copied(copy, source, length);
      expect(got).toEqual(source.slice(0, length));
      expect(behind.every((byte) => byte === 0)).toBe(true);
    }
  });

  test('is exact where a source is no longer than what is copied, or begins within a word', () => {
    const copy = new ByteCopy();
    for (let length = 0; length <= 600; length++) {
      const whole = noise(length, 1);
      expect(copied(copy, whole, length)[0]).toEqual(whole);
      const askew = noise(length + 1, 2).subarray(1);
      expect(copied(copy, askew, length)[0]).toEqual(Uint8Array.from(askew));
    }
  });

  test('follows a source that is written anew, and one that takes its place', () => {
    const copy = new ByteCopy();
    const source = noise(64, 3);
    expect(copied(copy, source, 64)[0]).toEqual(noise(64, 3));
    source.set(noise(64, 4));
    expect(copied(copy, source, 64)[0]).toEqual(noise(64, 4));
    expect(copied(copy, noise(64, 5), 64)[0]).toEqual(noise(64, 5));
  });
});
