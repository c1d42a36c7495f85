/**
 * What can honestly be said of the two sides of a divergence. Bytes that were never fetched, have
 * expired or belong to a replica that could not be asked are named as such; an empty box would lie.
 */
import type { DivergenceSide, EvidenceView, FirstDivergence } from '@lockstep/protocol';
import { type EvidenceText, evidenceText } from './evidence-text.ts';
import { joinWords } from './format.ts';
import { evidenceWords } from './words.ts';

/** One side, ready to be shown: decoded lines, or the reason why there are none. */
export type SideContent =
  | { readonly state: 'decoded'; readonly text: EvidenceText }
  | { readonly state: 'not-made'; readonly words: string }
  | { readonly state: 'unknown'; readonly words: string };

/** A side with its heading. */
export interface SideView {
  readonly replicas: readonly string[];
  readonly who: string;
  readonly digest: string | null;
  readonly content: SideContent;
}

/** Both sides of a first divergence. */
export function divergenceSides(
  divergence: FirstDivergence,
  evidence: readonly EvidenceView[],
): { readonly expected: SideView; readonly actual: SideView } {
  return {
    expected: sideView(divergence.expected, evidence, divergence),
    actual: sideView(divergence.actual, evidence, divergence),
  };
}

function sideView(
  side: DivergenceSide | null,
  evidence: readonly EvidenceView[],
  divergence: FirstDivergence,
): SideView {
  if (side === null) {
    const words = divergence.callId === null ? 'Not about a single call.' : 'No such call.';
    return { replicas: [], who: '', digest: null, content: { state: 'not-made', words } };
  }
  return {
    replicas: side.replicas,
    who: joinWords(side.replicas),
    digest: side.digest,
    content: sideContent(side, evidence, divergence),
  };
}

function sideContent(
  side: DivergenceSide,
  evidence: readonly EvidenceView[],
  divergence: FirstDivergence,
): SideContent {
  if (side.evidence !== null) return { state: 'decoded', text: evidenceText(side.evidence) };
  const made = side.digest !== null;
  if (!made && divergence.callId !== null) {
    const who = side.replicas.length === 0 ? 'No replica' : `Replica ${joinWords(side.replicas)}`;
    return { state: 'not-made', words: `${who} ${notMadeVerb(side.replicas.length)} this call.` };
  }
  return { state: 'unknown', words: missingEvidenceWords(side, evidence) };
}

function notMadeVerb(replicaCount: number): string {
  return replicaCount === 0 ? 'made' : 'did not make';
}

/** Why there are no bytes: what each replica of the side answered, or that nobody has yet. */
export function missingEvidenceWords(
  side: DivergenceSide,
  evidence: readonly EvidenceView[],
): string {
  const answers = evidence.filter((view) => side.replicas.includes(view.replica));
  if (answers.length === 0) return 'Evidence not fetched yet. Only the digest is known.';
  const words = answers.map((view) =>
    view.status === 'found' && view.arguments === null
      ? `${view.replica}: answered without bytes`
      : `${view.replica}: ${evidenceWords[view.status]}`,
  );
  return `No decoded evidence. ${words.join('; ')}.`;
}

/** What is known of one replica's evidence for one call. */
export function evidenceState(view: EvidenceView | undefined): {
  readonly known: boolean;
  readonly words: string;
} {
  if (view === undefined) return { known: false, words: 'not fetched yet' };
  if (view.status === 'found' && view.arguments === null) {
    return { known: false, words: 'answered without bytes' };
  }
  return { known: view.status === 'found', words: evidenceWords[view.status] };
}
