/** How fast a count grows, over about the last second; two samples, nothing more. */

/** Shortest span that a rate is taken over, milliseconds. */
const SPAN_MS = 1000;

export class Rate {
  private sampledCount = 0;
  private sampledAt = 0;
  private last = 0;

  /** The rate per second; the count only ever grows. */
  perSecond(count: number, now: number): number {
    if (this.sampledAt === 0) this.sampledAt = now;
    const span = now - this.sampledAt;
    if (span < SPAN_MS) return this.last;
    this.last = Math.round(((count - this.sampledCount) * 1000) / span);
    this.sampledAt = now;
    this.sampledCount = count;
    return this.last;
  }
}
