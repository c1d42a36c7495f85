/**
 * Marks every so many bytes of a spool file: which number stands where. A look-up finds the mark before
 * it and reads on from there, so the index of a gigabyte has four thousand entries.
 */
import { INDEX_STEP_BYTES } from '../limits.ts';

export class SparseIndex {
  private readonly numbers: number[] = [];
  private readonly offsets: number[] = [];

  /** Notes that the frame at `offset` begins with `number`; numbers and offsets never fall. */
  note(number: number, offset: number): void {
    const last = this.offsets.at(-1);
    if (last !== undefined && offset - last < INDEX_STEP_BYTES) return;
    this.numbers.push(number);
    this.offsets.push(offset);
  }

  /** Offset of the last mark whose number is below `number` (or the first mark): a place to read from. */
  before(number: number): number {
    let low = 0;
    let high = this.numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return this.offsets[low - 1] ?? this.offsets[0] ?? 0;
  }
}
