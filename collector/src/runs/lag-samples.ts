/**
 * When the leader finished which turn, sparsely: how far behind a follower is in time. Bounded; when it is
 * full every other sample goes, so old ones stay at half the density.
 */

const MAX_SAMPLES = 512;

export class LagSamples {
  private turns: number[] = [];
  private times: number[] = [];

  /** The leader has finished turns below `finished` at `now`. */
  note(finished: number, now: number): void {
    this.turns.push(finished);
    this.times.push(now);
    if (this.turns.length < MAX_SAMPLES) return;
    this.turns = this.turns.filter((_, index) => index % 2 === 1);
    this.times = this.times.filter((_, index) => index % 2 === 1);
  }

  /** Milliseconds from the leader's finishing what a follower has just finished; null if unknown. */
  lag(finished: number, now: number): number | null {
    let low = 0;
    let high = this.turns.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.turns[middle] ?? 0) <= finished) low = middle + 1;
      else high = middle;
    }
    const time = this.times[low - 1];
    return time === undefined ? null : Math.max(0, now - time);
  }
}
