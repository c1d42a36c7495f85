import { describe, expect, test, vi } from 'vitest';
import { disguise } from '../../src/core/patch.ts';

describe('a disguised function', () => {
  test('has name, length and own properties of the original', () => {
    const original = Object.assign(function named(_a: unknown, _b: unknown): void {}, { extra: 1 });
    const replacement = disguise((): void => {}, original);
    expect([replacement.name, replacement.length]).toEqual(['named', 2]);
    expect(Object.getOwnPropertyDescriptors(replacement)).toMatchObject({
      name: { value: 'named', writable: false, enumerable: false, configurable: true },
      extra: { value: 1, writable: true, enumerable: true, configurable: true },
    });
  });

  test('is left alone where it is like the original already: setting a name makes binding slow', () => {
    const [original, replacement] = [(): void => {}, (): void => {}].map((made) => made);
    const set = vi.spyOn(Reflect, 'defineProperty');
    disguise(replacement as () => void, original as () => void);
    const touched = set.mock.calls.map(([, key]) => key);
    set.mockRestore();
    expect(touched).toEqual([]);
  });
});
