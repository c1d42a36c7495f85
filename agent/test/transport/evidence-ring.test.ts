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

/** What the ring must still know of a turn. */
interface Made {
  readonly bytes: number;
  stackBytes: number;
}

/** Holds a kept call against what was appended for its turn. */
function check(call: KeptCall, made: Made | undefined, hint: string): void {
  const fill = call.turn & 0xff;
  expect(call.stack.length, hint).toBe(made?.stackBytes);
  expect(call.stack.every((byte) => byte === fill)).toBe(true);
  expect(Buffer.from(call.target).toString(), hint).toBe(`/t${call.turn}`);
  expect(call.canonicalBytes, hint).toBe(made?.bytes);
  expect(call.canonical?.every((byte) => byte === fill) ?? true).toBe(true);
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
    const made: Made[] = [];
    for (let turn = 0; turn < 2000; turn++) {
      const bytes = random(10) === 0 ? random(60_000) : random(500);
      ring.append(callItem(turn, bytes, turn & 0xff), NAME);
      const stackBytes = [1, random(100), random(32_000)][random(30)] ?? 2;
      ring.stack(Buffer.alloc(stackBytes, turn & 0xff), false);
      made.push({ bytes, stackBytes });
      if (turn % 50 > 0) continue;
      const kept = contents(ring);
      const first = turn - kept.length + 1;
      expect(
        kept.map((call) => call.turn - first),
        `seed ${seed}`,
      ).toEqual([...kept.keys()]);
      for (const call of kept) check(call, made[call.turn], `seed ${seed}, turn ${call.turn}`);
    }
    expect(contents(ring).length).toBeLessThan(1000);
  });
});
