import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnCounter } from '../../src/core/turn-counter.ts';

describe('turn counter', () => {
  it('counts each API and target by itself, from zero', () => {
    const counter = new TurnCounter();
    expect([counter.next(1, 5, 6), counter.next(1, 5, 6), counter.next(1, 5, 7)]).toEqual([
      0, 1, 0,
    ]);
    expect(counter.next(2, 5, 6)).toBe(0);
  });

  it('starts from zero in a new turn', () => {
    const counter = new TurnCounter();
    counter.next(1, 5, 6);
    counter.begin();
    expect(counter.next(1, 5, 6)).toBe(0);
  });

  it('agrees with a plain map, however many targets a turn has', () => {
    const key = fc.record({
      api: fc.integer({ min: 0, max: 3 }),
      lo: fc.integer({ min: 0, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(key, { maxLength: 3000 }), { maxLength: 4 }), (turns) => {
        const counter = new TurnCounter();
        for (const turn of turns) {
          counter.begin();
          const plain = new Map<string, number>();
          for (const { api, lo } of turn) {
            const name = `${api}.${lo}`;
            const count = plain.get(name) ?? 0;
            plain.set(name, count + 1);
            expect(counter.next(api, lo * 0x9e37, lo ^ 77)).toBe(count);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
