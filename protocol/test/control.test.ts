import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgentFrame,
  CloseCode,
  childLogName,
  type EvidenceNode,
  isLogName,
  MAX_CONTROL_BYTES,
  MAX_DEPTH,
  MAX_EVIDENCE_CALLS,
  MAX_NAME_CHARS,
  MAX_STREAMS,
  type Parsed,
  parentLogName,
  parseAgentFrame,
  parseCollectorFrame,
  parseLauncherFrame,
  parseLauncherReply,
  Reason,
} from '../src/index.ts';
import { jsonLike } from './support/arbitraries.ts';
import { evidence } from './support/bytes.ts';
import {
  agentFrames,
  collectorFrames,
  launcherFrames,
  launcherReplies,
} from './support/control-samples.ts';
import { canonicalSamples } from './support/samples.ts';

type Parse = (text: string) => Parsed<unknown>;

const directions: readonly (readonly [string, Parse, readonly { readonly type: string }[]])[] = [
  ['agent', parseAgentFrame, agentFrames],
  ['collector', parseCollectorFrame, collectorFrames],
  ['launcher', parseLauncherFrame, launcherFrames],
  ['reply', parseLauncherReply, launcherReplies],
];

const sample = (type: AgentFrame['type']): Record<string, unknown> => ({
  ...agentFrames.find((frame) => frame.type === type),
});

const accepts = (parse: Parse, frame: unknown): boolean => parse(JSON.stringify(frame)).ok;
const hello = (changed: object): boolean =>
  accepts(parseAgentFrame, { ...sample('hello'), ...changed });
const isEvidence = (node: unknown): boolean => {
  const item = {
    turn: 1,
    ordinal: 0,
    status: 'found',
    api: 'a',
    target: null,
    arguments: node,
    stack: [],
  };
  return accepts(parseAgentFrame, { ...sample('evidence'), items: [item] });
};

function nested(levels: number): EvidenceNode {
  let node: EvidenceNode = { type: 'null', text: 'null' };
  for (let i = 1; i < levels; i++) node = { type: 'list', className: 'Array', items: [node] };
  return node;
}

const many = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);
const names = (count: number, value: unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, value]));

describe('control frames', () => {
  it('[CT1] the longest frame is accepted, one byte more is too large', () => {
    const frame = JSON.stringify(sample('stream'));
    const most = frame + ' '.repeat(MAX_CONTROL_BYTES - frame.length);
    expect(parseAgentFrame(most).ok).toBe(true);
    expect(parseAgentFrame(`${most} `)).toMatchObject({ ok: false, code: CloseCode.tooLarge });
  });

  it('[CT1] length is counted in bytes, not in characters', () => {
    const text = JSON.stringify({ type: 'x', detail: 'ö'.repeat(MAX_CONTROL_BYTES / 2) });
    expect(text.length).toBeLessThan(MAX_CONTROL_BYTES);
    expect(parseAgentFrame(text)).toMatchObject({ ok: false, code: CloseCode.tooLarge });
  });

  it.each(directions)('[CT2] every frame of the %s is accepted as it is', (_, parse, frames) => {
    for (const frame of frames) {
      expect(parse(JSON.stringify(frame))).toEqual({ ok: true, frame });
    }
  });

  it.each(directions)('[CT2] the %s cannot say what others say', (_, parse, frames) => {
    const own = new Set(frames.map((frame) => frame.type));
    const others = directions.flatMap(([, , list]) => list).filter(({ type }) => !own.has(type));
    expect(others.length).toBeGreaterThan(5);
    for (const frame of others) expect(accepts(parse, frame)).toBe(false);
  });

  it.each(directions)(
    '[CT2] a frame of the %s has all its fields and no other',
    (_, parse, frames) => {
      for (const frame of frames) {
        expect(accepts(parse, { ...frame, more: 1 })).toBe(false);
        for (const key of Object.keys(frame)) {
          const { [key as 'type']: dropped, ...rest } = frame;
          expect(accepts(parse, rest)).toBe(dropped === undefined);
        }
      }
    },
  );

  it('[CT3] the longest name and sentence are accepted, one character more is refused', () => {
    expect(hello({ replica: 'x'.repeat(MAX_NAME_CHARS) })).toBe(true);
    expect(hello({ replica: 'x'.repeat(MAX_NAME_CHARS + 1) })).toBe(false);
    expect(hello({ replica: '' })).toBe(false);
    expect(hello({ host: 'x'.repeat(4000) })).toBe(true);
    expect(hello({ host: 'x'.repeat(4001) })).toBe(false);
    expect(hello({ host: '' })).toBe(true);
  });

  it('[CT4] counts are whole and exact, streams below the limit', () => {
    expect([0, 1, 2 ** 53 - 1].map((pid) => hello({ pid }))).toEqual([true, true, true]);
    expect([-1, 0.5, 2 ** 53, '1', null].some((pid) => hello({ pid }))).toBe(false);
    const stream = (number: number): boolean =>
      accepts(parseAgentFrame, { ...sample('stream'), stream: number });
    expect([stream(MAX_STREAMS - 1), stream(MAX_STREAMS)]).toEqual([true, false]);
  });

  it('[CT9] a log is named `main`, or by its parent and the call that started its child', () => {
    const child = childLogName('main', 0x33445566, 0x112233);
    const grandchild = childLogName(child, 0xffffffff, 0);
    expect([child, grandchild]).toEqual([
      'main.0011223333445566',
      'main.0011223333445566.00000000ffffffff',
    ]);
    expect([parentLogName(grandchild), parentLogName(child)]).toEqual([child, 'main']);
    for (const name of ['main', child, grandchild]) expect(isLogName(name)).toBe(true);
    for (const name of ['', 'other', 'main.', 'main.0', `${child}.`, `${child}g`, ` ${child}`]) {
      expect(isLogName(name)).toBe(false);
    }
  });

  it('[CT10] a child is announced and its end told', () => {
    for (const type of ['stream', 'child-exit'] as const) {
      expect(accepts(parseAgentFrame, sample(type))).toBe(true);
      expect(accepts(parseCollectorFrame, sample(type))).toBe(false);
    }
  });

  it('[CT4] counters are finite', () => {
    expect(parseAgentFrame('{"type":"counters","counters":{"a":1.5}}').ok).toBe(true);
    expect(parseAgentFrame('{"type":"counters","counters":{"a":1e999}}').ok).toBe(false);
  });

  const call = { turn: 1, ordinal: 0 };
  const item = { ...call, status: 'expired', api: 'a', target: null, arguments: null, stack: [] };
  const position = { stream: 0, records: 0, logFrames: 0 };
  const lists: readonly (readonly [string, number, (count: number) => boolean])[] = [
    ['streams', MAX_STREAMS, (count) => hello({ streams: many(count, { stream: 0, log: 'l' }) })],
    ['positions', MAX_STREAMS, (count) => hello({ positions: many(count, position) })],
    ['fields', 2000, (count) => hello({ setting: names(count, '') })],
    [
      'APIs',
      2000,
      (count) => hello({ coverage: { hooked: 0, unhooked: [], notFollowed: many(count, 'a') } }),
    ],
    [
      'counters',
      2000,
      (count) => accepts(parseAgentFrame, { type: 'counters', counters: names(count, 1) }),
    ],
    [
      'items of evidence',
      MAX_EVIDENCE_CALLS,
      (count) => accepts(parseAgentFrame, { ...sample('evidence'), items: many(count, item) }),
    ],
    [
      'lines of a stack',
      100,
      (count) =>
        accepts(parseAgentFrame, {
          ...sample('evidence'),
          items: [{ ...item, stack: many(count, 'at') }],
        }),
    ],
    [
      'calls to look up',
      MAX_EVIDENCE_CALLS,
      (count) =>
        accepts(parseCollectorFrame, {
          type: 'evidence-request',
          requestId: 1,
          stream: 0,
          calls: many(count, call),
        }),
    ],
  ];

  it.each(lists)(
    '[CT5] the most %s, %d, are accepted and one more is refused',
    (_, most, accepted) => {
      expect([accepted(most), accepted(most + 1)]).toEqual([true, false]);
    },
  );

  it('[CT6] run ids are 32 lower-case hexadecimal digits', () => {
    const ids = ['0f'.repeat(16), '0F'.repeat(16), '0f'.repeat(16).slice(1), `${'0f'.repeat(16)}0`];
    expect(ids.map((runId) => hello({ runId }))).toEqual([true, false, false, false]);
  });

  it('[CT6] words are those of the list', () => {
    const stopped = (code: string): boolean =>
      accepts(parseAgentFrame, { ...sample('stopped'), code });
    expect(Object.values(Reason).map(stopped).every(Boolean)).toBe(true);
    expect([stopped('tired'), hello({ role: 'boss' }), hello({ isolation: 'all' })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each(Object.keys(canonicalSamples))('[CT7] the tree of %s is evidence', (name) => {
    expect(isEvidence(evidence(canonicalSamples[name]))).toBe(true);
  });

  it('[CT7] the tree of any generated value is evidence', () => {
    fc.assert(
      fc.property(jsonLike, (value) => {
        expect(isEvidence(evidence(value))).toBe(true);
      }),
    );
  });

  it('[CT7] the deepest tree is accepted, one level more is refused', () => {
    expect(isEvidence(nested(MAX_DEPTH + 2))).toBe(true);
    expect(isEvidence(nested(MAX_DEPTH + 3))).toBe(false);
    const hostile = '{"type":"list","className":"A","items":['.repeat(20_000);
    expect(parseAgentFrame(hostile).ok).toBe(false);
    const closed = `${hostile}${']}'.repeat(20_000)}`;
    const text = JSON.stringify({ ...sample('evidence'), items: [{ ...item, arguments: 0 }] });
    expect(parseAgentFrame(text.replace('"arguments":0', `"arguments":${closed}`)).ok).toBe(false);
  });

  it.each([
    ['a number', 1],
    ['a list', []],
    ['an unknown type', { type: 'script', text: 'x' }],
    ['a type that objects inherit', { type: 'constructor', text: 'x' }],
    ['a text that is none', { type: 'string', text: 1 }],
    ['a further field', { type: 'string', text: 'x', html: '<b>' }],
    ['a length below zero', { type: 'bytes', className: 'B', length: -1, base64: '' }],
    ['an item that is none', { type: 'list', className: 'A', items: [null] }],
    ['an entry without value', { type: 'record', className: 'O', entries: [{ key: nested(1) }] }],
    ['an index that is none', { type: 'reference', index: 0.5 }],
  ])('[CT7] %s is no evidence', (_, node) => {
    expect(isEvidence(node)).toBe(false);
  });

  it('[CT8] a refusal is short, whatever was received, and says where', () => {
    const refused = parseAgentFrame(
      JSON.stringify({ ...sample('hello'), role: 'x'.repeat(100_000) }),
    );
    expect(refused).toMatchObject({ ok: false, code: CloseCode.malformed });
    if (refused.ok) return;
    expect(refused.why.length).toBeLessThanOrEqual(400);
    expect(refused.why).toContain('role');
  });

  it.each([
    '',
    '{',
    'null',
    '1',
    '"hello"',
    '[]',
    '{}',
    '{"type":1}',
    '{"__proto__":1,"type":"bye"}',
  ])('[CT8] %s is refused without an exception', (text) => {
    for (const [, parse] of directions) {
      expect(parse(text)).toMatchObject({ ok: false, code: CloseCode.malformed });
    }
  });

  const register = launcherFrames[0];
  const registers = (changed: object): boolean =>
    accepts(parseLauncherFrame, { ...register, ...changed });
  const replica = { id: 'a', role: 'leader', variant: 'v', tokenHash: 'ab'.repeat(32) };

  it('[LF1] a run is registered with hashes of its tokens and a time', () => {
    const hashes = ['ab'.repeat(32), 'AB'.repeat(32), 'ab'.repeat(31), 'secret'];
    const accepted = hashes.map((tokenHash) =>
      registers({ replicas: [{ ...replica, tokenHash }] }),
    );
    expect(accepted).toEqual([true, false, false, false]);
    const times = [new Date(0).toISOString(), '2026-01-02T03:04:05Z', 'today', ''];
    expect(times.map((startedAt) => registers({ startedAt }))).toEqual([true, true, false, false]);
  });

  it('[LF2] the most replicas and arguments are accepted, one more is refused', () => {
    expect(registers({ replicas: many(32, replica) })).toBe(true);
    expect(registers({ replicas: many(33, replica) })).toBe(false);
    expect(registers({ command: many(10_000, '') })).toBe(true);
    expect(registers({ command: many(10_001, '') })).toBe(false);
  });

  it.each([
    [0, null, true],
    [null, 'SIGTERM', true],
    [-1, null, true],
    [0.5, null, false],
    [null, 9, false],
    [undefined, null, false],
  ])('[LF3] an exit with code %s and signal %s: accepted %s', (exitCode, signal, accepted) => {
    const frame = { type: 'replica-exit', replica: 'a', exitCode, signal };
    expect(accepts(parseLauncherFrame, frame)).toBe(accepted);
  });

  it('[LF3] the end of a run has nothing more', () => {
    expect(accepts(parseLauncherFrame, { type: 'run-end' })).toBe(true);
    expect(accepts(parseLauncherFrame, { type: 'run-end', why: '' })).toBe(false);
  });

  it('[LF4] the answers are registered, run-state and refuse', () => {
    expect(launcherReplies.map((frame) => frame.type)).toEqual([
      'registered',
      'run-state',
      'refuse',
    ]);
    const state = { type: 'run-state', state: 'asleep', code: null, api: null, detail: '' };
    expect(accepts(parseLauncherReply, state)).toBe(false);
    expect(accepts(parseLauncherReply, { ...state, state: 'protected' })).toBe(true);
  });
});
