/**
 * HOT. Call-identifier arithmetic: 64 bits as two 32-bit halves, integer operations only, nothing
 * allocated. Both ends compute it (the agent to key the log, the collector to join), so its output is
 * part of the wire format: golden values hold it.
 * Not a cryptographic hash: it must be quick and spread well; forging it gains nothing, because a
 * forged identifier is a call that the other replicas did not make.
 */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function finish(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function nextLo(lo: number, hi: number, value: number): number {
  const k = Math.imul(value, C1);
  const a = lo ^ Math.imul((k << 15) | (k >>> 17), C2);
  return (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64 + hi) | 0;
}

/** `lo` is the new low half. */
function nextHi(hi: number, lo: number, value: number): number {
  const k = Math.imul(value, C1);
  const b = hi ^ Math.imul((k << 16) | (k >>> 16), C1);
  return (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b + lo) | 0;
}

/** A 64-bit hash under construction. Reuse one object a thread; `lo` and `hi` are unsigned. */
export class Mixer {
  lo = 0;
  hi = 0;

  reset(seedLo: number, seedHi: number): void {
    this.lo = seedLo | 0;
    this.hi = seedHi | 0;
  }

  word(value: number): void {
    const k = Math.imul(value, C1);
    const a = this.lo ^ Math.imul((k << 15) | (k >>> 17), C2);
    this.lo = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64 + this.hi) | 0;
    const b = this.hi ^ Math.imul((k << 16) | (k >>> 16), C1);
    this.hi = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b + this.lo) | 0;
  }

  /** Both halves stay in variables: stored in fields between words, each would be a number on the heap. */
  text(value: string): void {
    const { length } = value;
    let lo = this.lo | 0;
    let hi = this.hi | 0;
    for (let i = 0; i + 1 < length; i += 2) {
      const pair = value.charCodeAt(i) | (value.charCodeAt(i + 1) << 16);
      lo = nextLo(lo, hi, pair);
      hi = nextHi(hi, lo, pair);
    }
    this.lo = lo;
    this.hi = hi;
    if (length & 1) this.word(value.charCodeAt(length - 1));
    this.word(length);
  }

  end(): void {
    const lo = finish(this.lo ^ this.hi);
    this.hi = finish(this.hi + lo);
    this.lo = lo;
  }
}

/**
 * Hash of a call's target. Keyed with the run's target key (§6 of the design: two 32-bit words from
 * HKDF), so that equal targets have equal hashes in all replicas of a run and nowhere else.
 */
export function targetHash(mixer: Mixer, keyLo: number, keyHi: number, target: string): void {
  mixer.reset(keyLo, keyHi);
  mixer.text(target);
  mixer.end();
}

/**
 * Call identifier = mix(log, turn, API, target hash, n-th call of that API and target in the turn).
 * The result stands in `mixer.lo` and `mixer.hi`.
 */
export function callId(
  mixer: Mixer,
  log: LogSeed,
  turn: number,
  api: number,
  targetLo: number,
  targetHi: number,
  nth: number,
): void {
  mixer.reset(log.lo, log.hi);
  mixer.word(turn | 0);
  mixer.word((turn / 0x1_0000_0000) | 0);
  mixer.word(api);
  mixer.word(targetLo | 0);
  mixer.word(targetHi | 0);
  mixer.word(nth);
  mixer.end();
}

/** Where the identifiers of one log start from. */
export interface LogSeed {
  readonly lo: number;
  readonly hi: number;
}

/** The seed of a log's identifiers, from its name (`main`, or the call that started it). */
export function logSeed(logName: string): LogSeed {
  const mixer = new Mixer();
  mixer.reset(0x4c6f636b, 0x73746570);
  mixer.text(logName);
  mixer.end();
  return { lo: mixer.lo, hi: mixer.hi };
}

/** 16 lower-case hexadecimal digits, the high half first. */
export function hex64(lo: number, hi: number): string {
  return (hi >>> 0).toString(16).padStart(8, '0') + (lo >>> 0).toString(16).padStart(8, '0');
}

/** The inverse of `hex64`, or null when the text is not 16 hexadecimal digits. */
export function parseHex64(text: string): LogSeed | null {
  if (!/^[0-9a-f]{16}$/.test(text)) return null;
  return {
    hi: Number.parseInt(text.slice(0, 8), 16) >>> 0,
    lo: Number.parseInt(text.slice(8), 16) >>> 0,
  };
}

/**
 * An identifier as a Map key: 53 bits of it as one number. For tables of pending things inside one
 * process only; the wire always carries all 64 bits.
 */
export function mapKey(lo: number, hi: number): number {
  return (hi & 0x1fffff) * 0x1_0000_0000 + (lo >>> 0);
}
