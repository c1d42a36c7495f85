import { ByteSource, EntryKind } from '@lockstep/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueEntry } from '../../src/follower/log-reader.ts';
import { TurnValues } from '../../src/follower/turn-values.ts';

function entry(lo: number): ValueEntry {
  const payload = new ByteSource(new Uint8Array(0));
  return { kind: EntryKind.value, threw: false, api: 1, lo, hi: 7, payload };
}

describe('values of a turn', () => {
  it('answers null for a call that the leader did not make', () => {
    const values = new TurnValues();
    values.push(entry(1));
    expect(values.take(2, 7)).toBeNull();
    expect(values.take(1, 7)?.lo).toBe(1);
  });

  it('gives each value out once, in whatever order it is asked for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(500)), fc.infiniteStream(fc.nat(500)), (present, asked) => {
        const values = new TurnValues();
        for (const lo of present) values.push(entry(lo));
        const left = new Set(present);
        for (const lo of [...asked.take(200)]) {
          expect(values.take(lo, 7)?.lo ?? null).toBe(left.delete(lo) ? lo : null);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds values that arrive after the first look', () => {
    const values = new TurnValues();
    expect(values.take(3, 7)).toBeNull();
    values.push(entry(4));
    values.push(entry(3));
    expect(values.take(3, 7)?.lo).toBe(3);
    expect(values.take(4, 7)?.lo).toBe(4);
  });
});
