/**
 * HOT. Counts, within one turn, how many calls of the same API and target were made: the n in a call
 * identifier. An open-addressing table whose slots carry the turn that wrote them, so that a new turn
 * starts from zero without a byte being cleared. It grows within a turn and is given back after it.
 */

/** Slots that a common turn needs; a power of two. */
const INITIAL_SLOTS = 1024;

/** Counters of one thread; `next` answers 0 for the first call. */
export class TurnCounter {
  private slots = INITIAL_SLOTS;
  /** Four words a slot: stamp, API, target hash low, target hash high. */
  private keys: Int32Array = new Int32Array(INITIAL_SLOTS * 4);
  private counts: Uint32Array = new Uint32Array(INITIAL_SLOTS);
  private used = 0;
  private stamp = 1;

  /** Forgets all counts. */
  begin(): void {
    this.used = 0;
    this.stamp++;
    if (this.slots > INITIAL_SLOTS || this.stamp === 0x7fff_ffff) this.resize(INITIAL_SLOTS);
  }

  next(api: number, lo: number, hi: number): number {
    const { keys, slots } = this;
    let slot = (lo ^ Math.imul(api, 0x9e3779b1)) & (slots - 1);
    for (;;) {
      const at = slot * 4;
      if (keys[at] !== this.stamp) return this.claim(slot, api, lo, hi);
      if (keys[at + 1] === api && keys[at + 2] === (lo | 0) && keys[at + 3] === (hi | 0)) {
        return this.bump(slot);
      }
      slot = (slot + 1) & (slots - 1);
    }
  }

  private bump(slot: number): number {
    const count = this.counts[slot] ?? 0;
    this.counts[slot] = count + 1;
    return count;
  }

  private claim(slot: number, api: number, lo: number, hi: number): number {
    const at = slot * 4;
    this.keys[at] = this.stamp;
    this.keys[at + 1] = api;
    this.keys[at + 2] = lo;
    this.keys[at + 3] = hi;
    this.counts[slot] = 1;
    this.used++;
    if (this.used * 2 > this.slots) this.grow();
    return 0;
  }

  private grow(): void {
    const { keys, counts, slots, stamp } = this;
    this.resize(slots * 2);
    this.used = 0;
    for (let slot = 0; slot < slots; slot++) {
      const at = slot * 4;
      if (keys[at] !== stamp) continue;
      this.restore(keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0, counts[slot] ?? 0);
    }
  }

  private restore(api: number, lo: number, hi: number, count: number): void {
    let slot = (lo ^ Math.imul(api, 0x9e3779b1)) & (this.slots - 1);
    while (this.keys[slot * 4] === this.stamp) slot = (slot + 1) & (this.slots - 1);
    this.claim(slot, api, lo, hi);
    this.counts[slot] = count;
  }

  private resize(slots: number): void {
    this.slots = slots;
    this.keys = new Int32Array(slots * 4);
    this.counts = new Uint32Array(slots);
    this.stamp = 1;
  }
}
