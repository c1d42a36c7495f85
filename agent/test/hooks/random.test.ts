import { describe, expect, it } from 'vitest';
import { TurnRandom } from '../../src/hooks/math-random.ts';
import { expectAgreement } from '../support/agree.ts';

describe('randomness', () => {
  it('is the same in leader and followers, however it is drawn', async () => {
    await expectAgreement('random.cjs', 700);
  }, 30_000);
});

describe('Math.random of a turn', () => {
  const seed = Uint32Array.of(1, 2, 3, 4);
  const draw = (from: Uint32Array, turn: number, count: number): number[] => {
    const numbers = new TurnRandom(from);
    return Array.from({ length: count }, () => numbers.next(turn));
  };

  it('depends on the seed and the turn alone', () => {
    const numbers = new TurnRandom(seed);
    for (let turn = 0; turn < 50; turn++) for (let i = 0; i < turn; i++) numbers.next(turn);
    expect([numbers.next(60), numbers.next(60)]).toEqual(draw(seed, 60, 2));
  });

  it('differs between turns, seeds, and draws', () => {
    const firsts = Array.from({ length: 20_000 }, (_, turn) => draw(seed, turn, 1)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
    expect(draw(Uint32Array.of(1, 2, 3, 5), 0, 1)).not.toEqual(draw(seed, 0, 1));
    expect(new Set(draw(seed, 2 ** 40, 1000)).size).toBe(1000);
    expect(draw(seed, 2 ** 40, 1)).not.toEqual(draw(seed, 0, 1));
  });

  it('stays in [0, 1) and fills it evenly, also with a seed of zeros', () => {
    for (const from of [seed, new Uint32Array(4)]) {
      const tenths = new Array<number>(10).fill(0);
      for (let turn = 0; turn < 10_000; turn++) {
        const [value = -1] = draw(from, turn, 1);
        expect(value >= 0 && value < 1).toBe(true);
        const tenth = Math.floor(value * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
    }
  });
});
