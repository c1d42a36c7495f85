/**
 * A call whose target changed is missing under one identifier and extra under another. Both in one turn,
 * of one API and one suspect, the first missing with the first extra: a person is shown one pair.
 */
import type { Attributed } from './attribution.ts';

/** For each finding the one it is paired with, or null; in the order given. */
export function pairTargets(findings: readonly Attributed[]): readonly (Attributed | null)[] {
  const waiting = new Map<string, number[]>();
  const partners: (Attributed | null)[] = findings.map(() => null);
  for (const [index, finding] of findings.entries()) {
    if (finding.verdict === 'mismatch') continue;
    const opposite = waiting.get(keyOf(finding, finding.verdict === 'extra' ? 'missing' : 'extra'));
    const partner = opposite?.shift();
    if (partner === undefined) {
      const key = keyOf(finding, finding.verdict);
      waiting.set(key, [...(waiting.get(key) ?? []), index]);
    } else {
      partners[index] = findings[partner] ?? null;
      partners[partner] = finding;
    }
  }
  return partners;
}

function keyOf({ divergence, suspect }: Attributed, verdict: string): string {
  return `${divergence.turn} ${divergence.api} ${suspect ?? ''} ${verdict}`;
}
