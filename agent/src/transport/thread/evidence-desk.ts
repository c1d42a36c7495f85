/** Answers the collector's questions about calls: finds them in the ring, decodes, redacts, fits. */
import {
  apiName,
  decodeCanonical,
  type EvidenceFrame,
  type EvidenceItem,
  type EvidenceNode,
  type EvidenceRequestFrame,
  MAX_CONTROL_BYTES,
  MAX_EVIDENCE_BYTES,
  MalformedBytes,
  RecordKind,
} from '@lockstep/protocol';
import { MAX_SENTENCE_CHARS } from '../limits.ts';
import type { TransportOptions } from '../transport-types.ts';
import { fitEvidence } from './evidence-fit.ts';
import type { EvidenceRing, KeptCall } from './evidence-ring.ts';
import { readText } from './intake.ts';
import type { Recorder } from './recorder.ts';
import { Redactor } from './redactor.ts';

/** Lines of a stack that one answer carries: what the collector's edge takes. */
const MAX_STACK_LINES = 100;

/** Share of a control frame that evidence may take; the rest is names and positions. */
const EVIDENCE_SHARE = 0.75;

/** What the ring says about a set of calls. */
interface Findings {
  readonly at: Map<string, number>;
  /** Position of the oldest call kept, or null when there is none. */
  readonly oldest: { readonly turn: number; readonly ordinal: number } | null;
}

/** Where evidence is asked for. */
export class EvidenceDesk {
  private readonly ring: EvidenceRing;
  private readonly recorder: Recorder;
  private readonly redactor: Redactor;

  constructor(ring: EvidenceRing, recorder: Recorder, options: TransportOptions) {
    this.ring = ring;
    this.recorder = recorder;
    this.redactor = new Redactor(options, options.redact);
  }

  answer(request: EvidenceRequestFrame): EvidenceFrame {
    const { requestId, stream, calls } = request;
    const findings = this.find(calls);
    const most = (MAX_CONTROL_BYTES * EVIDENCE_SHARE) / Math.max(1, calls.length);
    const budget = Math.min(MAX_EVIDENCE_BYTES, Math.floor(most));
    const items = calls.map(({ turn, ordinal }) => {
      const at = findings.at.get(keyOf(turn, ordinal));
      if (at !== undefined) return this.found(this.ring.read(at), budget);
      return this.absent(turn, ordinal, findings);
    });
    return { type: 'evidence', requestId, stream, items };
  }

  private find(calls: EvidenceRequestFrame['calls']): Findings {
    const wanted = new Set(calls.map(({ turn, ordinal }) => keyOf(turn, ordinal)));
    const turns = new Set(calls.map(({ turn }) => turn));
    const at = new Map<string, number>();
    let oldest: Findings['oldest'] = null;
    this.ring.walk((turn, ordinal, position) => {
      oldest ??= { turn, ordinal };
      if (!turns.has(turn)) return;
      const key = keyOf(turn, ordinal);
      if (wanted.has(key)) this.prefer(at, key, position);
    });
    return { at, oldest };
  }

  /** A call stands before the record of its turn's beginning, if both have one position. */
  private prefer(at: Map<string, number>, key: string, position: number): void {
    const known = at.get(key);
    if (known === undefined || this.ring.read(known).kind === RecordKind.turn)
      at.set(key, position);
  }

  private found(call: KeptCall, budget: number): EvidenceItem {
    const target = this.redactor.text(readText(call.target, call.wideTarget));
    const stack = readText(call.stack, call.wideStack);
    return {
      turn: call.turn,
      ordinal: call.ordinal,
      status: 'found',
      api: apiName(call.api),
      target: target === '' ? null : target,
      arguments: fitEvidence(this.redactor.node(decoded(call)), budget),
      stack: stackLines(stack),
    };
  }

  private absent(turn: number, ordinal: number, { oldest }: Findings): EvidenceItem {
    const older =
      oldest !== null && (turn < oldest.turn || (turn === oldest.turn && ordinal < oldest.ordinal));
    // Where records were lost, nobody can say that a call was never made.
    const status = older || this.recorder.lost > 0 ? 'expired' : 'never-made';
    return { turn, ordinal, status, api: 'unknown', target: null, arguments: null, stack: [] };
  }
}

function stackLines(stack: string): string[] {
  if (stack === '') return [];
  const lines = stack.split('\n').slice(0, MAX_STACK_LINES);
  return lines.map((line) => line.slice(0, MAX_SENTENCE_CHARS));
}

function decoded(call: KeptCall): EvidenceNode {
  if (call.canonical === null) {
    return { type: 'truncated', text: `${call.canonicalBytes} bytes, not kept` };
  }
  try {
    return decodeCanonical(call.canonical);
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
    return { type: 'truncated', text: `not decodable: ${error.message}` };
  }
}

function keyOf(turn: number, ordinal: number): string {
  return `${turn}:${ordinal}`;
}
