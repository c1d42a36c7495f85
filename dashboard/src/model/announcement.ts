/**
 * Which alerts a screen reader is told of, and in what words. Only alerts that came while the page
 * was open are news; a burst becomes one sentence, because nobody can listen to ten thousand.
 */
import type { AlertView } from '@lockstep/protocol';
import { ANNOUNCED_ALERTS } from '../limits.ts';
import { formatPlural } from './format.ts';
import { kindWords, severityRank } from './words.ts';

/** Remembers, within a bound, which alerts were announced. */
export class AnnouncedAlerts {
  readonly #ids = new Set<string>();

  /** Those of `alerts` that are news: unseen, unresolved, and no noise. */
  takeNew(alerts: readonly AlertView[]): readonly AlertView[] {
    const fresh = alerts.filter((alert) => !this.#ids.has(alert.id));
    for (const { id } of fresh) this.#remember(id);
    return fresh.filter((alert) => alert.resolvedAt === null && !alert.noise);
  }

  #remember(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= ANNOUNCED_ALERTS) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** The sentence for a burst of new alerts, the most severe one named; null for none. */
export function announcementOf(alerts: readonly AlertView[]): string | null {
  const [worst] = alerts.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity]);
  if (worst === undefined) return null;
  const who = worst.suspect === null ? 'unattributed' : `replica ${worst.suspect}`;
  const named = `${worst.severity}, ${kindWords[worst.kind]}, ${who}, service ${worst.service}`;
  return alerts.length === 1
    ? `New alert: ${named}.`
    : `${formatPlural(alerts.length, 'new alert')}, the most severe: ${named}.`;
}
