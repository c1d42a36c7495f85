import { describe, expect, it } from 'vitest';
import { CALL_BYTES, CallWord, ItemType } from '../../src/transport/items.ts';
import { CallItem } from '../../src/transport/thread/call-item.ts';
import { EvidenceRing, type KeptCall } from '../../src/transport/thread/evidence-ring.ts';
import { randomNumbers } from './support/replica.ts';

const NAME = Buffer.from('fs.read\0');

/** A call item whose canonical bytes are `fill`, `length` times. */
function callItem(turn: number, length: number, fill: number): CallItem {
  const target = Buffer.from(`/t${turn}`);
  const bytes = new Uint8Array((CALL_BYTES + length + target.length + 3) & ~3);
  const words = new Int32Array(bytes.buffer);
  words[CallWord.head] = ItemType.call;
  words[CallWord.api] = 5 | (target.length << 16);
  words[CallWord.turnLo] = turn | 0;
  words[CallWord.turnHi] = Math.floor(turn / 2 ** 32);
  words[CallWord.canonicalBytes] = length;
  bytes.fill(fill, CALL_BYTES, CALL_BYTES + length);
  bytes.set(target, CALL_BYTES + length);
  const item = new CallItem();
  item.select(words, bytes, 0);
  return item;
}

function contents(ring: EvidenceRing): KeptCall[] {
  const kept: KeptCall[] = [];
  ring.walk((_turn, _ordinal, at) => kept.push(ring.read(at)));
  return kept;
}

describe('EvidenceRing', () => {
  it('is empty at first', () => {
    expect(contents(new EvidenceRing(0))).toEqual([]);
  });

  it('keeps turns above 2^32 and gives back the bytes to hash', () => {
    const ring = new EvidenceRing(0);
    const digested = ring.append(callItem(2 ** 33 + 7, 3, 9), NAME);
    expect(Buffer.from(digested)).toEqual(Buffer.concat([NAME, Buffer.from([9, 9, 9])]));
    expect(contents(ring)[0]).toMatchObject({ turn: 2 ** 33 + 7, canonicalBytes: 3, api: 5 });
  });

  it('gives back all bytes to hash of a call that is too large to keep', () => {
    const ring = new EvidenceRing(0);
    const digested = ring.append(callItem(1, 5_000_000, 7), NAME);
    expect(digested.length).toBe(NAME.length + 5_000_000);
    expect(digested.at(-1)).toBe(7);
    expect(contents(ring)).toMatchObject([{ canonical: null, canonicalBytes: 5_000_000 }]);
  });

  it('always holds an unbroken tail of what was appended', () => {
    const seed = (Date.now() & 0xffff) + 1;
    const random = randomNumbers(seed);
    const ring = new EvidenceRing(0);
    const stacks = new Map<number, number>();
    const sizes = new Map<number, number>();
    for (let turn = 0; turn < 4000; turn++) {
      const length = random(10) === 0 ? random(60_000) : random(500);
      sizes.set(turn, length);
      ring.append(callItem(turn, length, turn & 0xff), NAME);
      if (random(3) > 0) continue;
      const stack = Buffer.alloc(random(20) === 0 ? random(32_000) : random(100), turn);
      ring.stack(stack, false);
      stacks.set(turn, stack.length);
      if (turn % 50 > 0) continue;
      const kept = contents(ring);
      expect(kept.at(-1)?.turn, `seed ${seed}`).toBe(turn);
      for (const [i, call] of kept.entries()) {
        expect(call.turn, `seed ${seed}`).toBe(turn - kept.length + 1 + i);
        expect(call.stack.length, `seed ${seed}`).toBe(stacks.get(call.turn) ?? 0);
        expect(call.stack.every((byte) => byte === (call.turn & 0xff))).toBe(true);
        expect(Buffer.from(call.target).toString()).toBe(`/t${call.turn}`);
        if (call.canonical === null) continue;
        expect(call.canonical.length, `seed ${seed}`).toBe(sizes.get(call.turn));
        expect(call.canonical.every((byte) => byte === (call.turn & 0xff))).toBe(true);
      }
    }
    expect(contents(ring).length).toBeLessThan(1000);
  });
});
