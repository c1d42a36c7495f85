/**
 * HOT. The in-turn values of one turn. Programs ask in the leader's order nearly always, so a cursor answers
 * first; what is asked out of order, or was never logged, costs one look into an index that is made only
 * then. A turn may have a hundred thousand values (a compiler's only turn).
 */
import { mapKey } from '@lockstep/protocol';
import type { ValueEntry } from './log-reader.ts';

/** Values by call identifier, each given out once. */
export class TurnValues {
  private readonly entries: (ValueEntry | null)[] = [];
  private readonly positions: Map<number, number> = new Map();
  private indexed = 0;
  private cursor = 0;

  get count(): number {
    return this.entries.length;
  }

  push(entry: ValueEntry): void {
    this.entries.push(entry);
  }

  /** The value of this call, or null when the leader has none. */
  take(lo: number, hi: number): ValueEntry | null {
    const next = this.next();
    if (next !== null && next.lo === lo && next.hi === hi) {
      this.entries[this.cursor++] = null;
      return next;
    }
    return this.search(lo, hi);
  }

  /** Whether the leader has a value for this call that was not given out yet. */
  has(lo: number, hi: number): boolean {
    const at = this.position(lo, hi);
    return at !== undefined && this.entries[at] !== null;
  }

  private next(): ValueEntry | null {
    const { entries } = this;
    while (this.cursor < entries.length) {
      const entry = entries[this.cursor];
      if (entry) return entry;
      this.cursor++;
    }
    return null;
  }

  private search(lo: number, hi: number): ValueEntry | null {
    const at = this.position(lo, hi);
    const entry = at === undefined ? null : (this.entries[at] ?? null);
    if (at !== undefined) this.entries[at] = null;
    return entry;
  }

  private position(lo: number, hi: number): number | undefined {
    for (; this.indexed < this.entries.length; this.indexed++) {
      const entry = this.entries[this.indexed];
      if (entry) this.positions.set(mapKey(entry.lo, entry.hi), this.indexed);
    }
    return this.positions.get(mapKey(lo, hi));
  }
}
