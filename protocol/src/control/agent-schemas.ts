/** Schemas of the frames in `agent-frames.ts`, and the two parsers that the edges use. */
import * as v from 'valibot';
import type { EvidenceNode } from '../api-types.ts';
import { MAX_EVIDENCE_CALLS, MAX_STREAMS } from '../limits.ts';
import { Isolation, Reason, Role } from '../words.ts';
import type {
  AgentFrame,
  CallPosition,
  CollectorFrame,
  Coverage,
  EvidenceItem,
  StreamPosition,
} from './agent-frames.ts';
import { isEvidenceNode } from './evidence-node.ts';
import { count, fields, integer, list, name, runId, sentence, stream } from './fields.ts';
import { type Parsed, parseFrame } from './validate.ts';

/** Fields of an initial setting, unhooked APIs and counters: more than any agent sends. */
const MAX_FIELDS = 2000;
/** Frames of a printed stack. */
const MAX_STACK_LINES = 100;

const position: v.GenericSchema<unknown, StreamPosition> = v.strictObject({
  stream,
  records: count,
  logFrames: count,
});
const positions = list(position, MAX_STREAMS);

const coverage: v.GenericSchema<unknown, Coverage> = v.strictObject({
  hooked: count,
  unhooked: list(v.strictObject({ api: name, why: sentence }), MAX_FIELDS),
  notFollowed: list(name, MAX_FIELDS),
});

const evidenceNode: v.GenericSchema<unknown, EvidenceNode> = v.custom<EvidenceNode>(
  isEvidenceNode,
  'not a tree of evidence',
);

const evidenceItem: v.GenericSchema<unknown, EvidenceItem> = v.strictObject({
  turn: count,
  ordinal: count,
  status: v.picklist(['found', 'expired', 'never-made']),
  api: name,
  target: v.nullable(sentence),
  arguments: v.nullable(evidenceNode),
  stack: list(sentence, MAX_STACK_LINES),
});

const agentFrame: v.GenericSchema<unknown, AgentFrame> = v.variant('type', [
  v.strictObject({
    type: v.literal('hello'),
    version: count,
    runId,
    service: name,
    replica: name,
    role: v.picklist(Object.values(Role)),
    variant: name,
    token: name,
    connection: count,
    pid: count,
    host: sentence,
    nodeVersion: name,
    agentVersion: name,
    isolation: v.picklist(Object.values(Isolation)),
    drill: v.boolean(),
    setting: fields(sentence, MAX_FIELDS),
    coverage,
    streams: list(v.strictObject({ stream, log: name }), MAX_STREAMS),
    positions,
  }),
  v.strictObject({ type: v.literal('stream'), stream, log: name }),
  v.strictObject({
    type: v.literal('child-exit'),
    log: name,
    exitCode: v.nullable(integer),
    signal: v.nullable(name),
  }),
  v.strictObject({
    type: v.literal('evidence'),
    requestId: count,
    stream,
    items: list(evidenceItem, MAX_EVIDENCE_CALLS),
  }),
  v.strictObject({
    type: v.literal('stopped'),
    code: v.picklist(Object.values(Reason)),
    api: v.nullable(name),
    detail: sentence,
  }),
  v.strictObject({
    type: v.literal('counters'),
    counters: fields(v.pipe(v.number(), v.finite()), MAX_FIELDS),
  }),
  v.strictObject({
    type: v.literal('bye'),
    exitCode: integer,
    complete: v.boolean(),
    positions,
  }),
]);

const callPosition: v.GenericSchema<unknown, CallPosition> = v.strictObject({
  turn: count,
  ordinal: count,
});

const collectorFrame: v.GenericSchema<unknown, CollectorFrame> = v.variant('type', [
  v.strictObject({ type: v.literal('welcome'), version: count, positions }),
  v.strictObject({ type: v.literal('ack'), positions }),
  v.strictObject({
    type: v.literal('evidence-request'),
    requestId: count,
    stream,
    calls: list(callPosition, MAX_EVIDENCE_CALLS),
  }),
  v.strictObject({ type: v.literal('log-closed'), stream, frames: count, clean: v.boolean() }),
  v.strictObject({
    type: v.literal('end'),
    code: v.picklist(Object.values(Reason)),
    detail: sentence,
  }),
  v.strictObject({ type: v.literal('drill'), file: sentence }),
  v.strictObject({
    type: v.literal('refuse'),
    code: name,
    message: sentence,
    retryable: v.boolean(),
  }),
]);

/** Parses what an agent said. */
export function parseAgentFrame(text: string): Parsed<AgentFrame> {
  return parseFrame(agentFrame, text);
}

/** Parses what a collector said to an agent. */
export function parseCollectorFrame(text: string): Parsed<CollectorFrame> {
  return parseFrame(collectorFrame, text);
}
