/**
 * HOT. `Math.random` is not carried: every replica draws the same numbers from the run's seed and the turn.
 * It begins anew in each turn, so one draw too many in a follower never shifts the turns after it.
 * xoshiro128**: fast in 32-bit arithmetic, good enough for what may be asked of `Math.random`.
 */
import type { HookContext } from '../core/hook-context.ts';
import { patch } from '../core/patch.ts';

const TWO_POW_32 = 4_294_967_296;

/** Weyl constant of splitmix32. */
const STEP = 0x9e37_79b9;

/** One stream of numbers for each turn. */
export class TurnRandom {
  private readonly seed: Uint32Array;
  private turn = -1;
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  /** `seed` has four words. */
  constructor(seed: Uint32Array) {
    this.seed = seed;
  }

  /** A number in [0, 1) with 53 random bits. */
  next(turn: number): number {
    if (turn !== this.turn) this.begin(turn);
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  private begin(turn: number): void {
    const { seed } = this;
    this.turn = turn;
    let state = (turn % TWO_POW_32) ^ Math.imul(Math.floor(turn / TWO_POW_32), STEP);
    for (let i = 0; i < seed.length; i++) state = mix((state ^ (seed[i] ?? 0)) + STEP);
    this.a = mix(state + STEP) ^ (seed[0] ?? 0);
    this.b = mix(state + 2 * STEP) ^ (seed[1] ?? 0);
    this.c = mix(state + 3 * STEP) ^ (seed[2] ?? 0);
    // Never all zero, from which the generator would not come out.
    this.d = mix(state + 4 * STEP) ^ (seed[3] ?? 0) || 1;
  }

  private word(): number {
    const scrambled = Math.imul(this.b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }
}

/** Finaliser of splitmix32: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let at = value | 0;
  at = Math.imul(at ^ (at >>> 16), 0x21f0_aaad);
  at = Math.imul(at ^ (at >>> 15), 0x735a_2d97);
  return at ^ (at >>> 15);
}

/** Replaces `Math.random`; `seed` has four words. */
export function hookMathRandom({ door, report }: HookContext, seed: Uint32Array): void {
  const numbers = new TurnRandom(seed);
  patch(report, Math, 'random', 'Math.random', (original) => () => {
    return door.covered > 0 ? (original() as number) : numbers.next(door.turn);
  });
}
