/** Evidence: bytes, text, diff, and what is said where there is none. */
import { Buffer } from 'node:buffer';
import type { EvidenceNode, EvidenceView } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { DECODE_BYTES, DIFF_LINES } from '../src/limits.ts';
import { diffRows, foldRows } from '../src/model/divergence-diff.ts';
import { divergenceSides, evidenceState } from '../src/model/divergence-sides.ts';
import { bytesFromBase64, decodeBytes } from '../src/model/evidence-bytes.ts';
import { evidenceText } from '../src/model/evidence-text.ts';
import { aDivergence } from './support/builders.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function evidence(fields: Partial<EvidenceView>): EvidenceView {
  return {
    replica: 'c',
    log: 'main',
    callId: 'c0',
    api: 'fs.writeFile',
    turn: 7,
    status: 'found',
    target: null,
    arguments: null,
    stack: [],
    receivedAt: '',
    ...fields,
  };
}

describe('bytes', () => {
  it('are text where all of them are valid and printable', () => {
    expect(decodeBytes(utf8('{"ä":1}\n\t'), 10).text).toBe('{"ä":1}\n\t');
    expect(decodeBytes(Uint8Array.of(0x61, 0xff), 2).text).toBeNull();
    expect(decodeBytes(Uint8Array.of(0x61, 0x00), 2).text).toBeNull();
  });

  it('are shown in rows of sixteen, with a printable column', () => {
    const { rows } = decodeBytes(utf8('0123456789abcdefX\n'), 18);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ offset: '0010', text: 'X·' });
    expect(rows[1]?.hex.trim()).toBe('58 0a');
  });

  it('say how many are left out, and forgive a character cut in two by that alone', () => {
    const whole = utf8('a'.repeat(DECODE_BYTES));
    expect(decodeBytes(whole, DECODE_BYTES).omitted).toBe(0);
    const cut = utf8(`${'a'.repeat(DECODE_BYTES - 1)}ä`);
    expect(decodeBytes(cut, cut.length)).toMatchObject({ omitted: 1, text: expect.any(String) });
    expect(decodeBytes(utf8('ä').subarray(0, 1), 1).text).toBeNull();
  });

  it('that are no base64 are not invented', () => {
    expect(bytesFromBase64('%%%')).toBeNull();
  });
});

describe('evidence as text', () => {
  it('writes a fact a line', () => {
    const node: EvidenceNode = {
      type: 'list',
      className: 'Arguments',
      items: [
        { type: 'string', text: '/a' },
        {
          type: 'record',
          className: 'Object',
          entries: [
            { key: { type: 'string', text: 'mode' }, value: { type: 'number', text: '384' } },
            { key: { type: 'string', text: 'a-b' }, value: { type: 'boolean', value: true } },
          ],
        },
        {
          type: 'bytes',
          className: 'Buffer',
          length: 4,
          base64: Buffer.from('x\ny\n').toString('base64'),
        },
        { type: 'bigint', text: '5' },
        { type: 'reference', index: 1 },
        { type: 'list', className: 'Array', items: [] },
      ],
    };
    expect(evidenceText(node).lines).toEqual([
      'Arguments [',
      '  "/a",',
      '  {',
      '    mode: 384,',
      '    "a-b": true,',
      '  },',
      '  Buffer of 4 bytes,',
      '    │ x',
      '    │ y',
      '    │ ',
      '  5n,',
      '  <same object as #1>,',
      '  [],',
      ']',
    ]);
  });

  it('stops at its limit of lines and says so', () => {
    const items = (count: number): EvidenceNode => ({
      type: 'list',
      className: 'Array',
      items: Array.from({ length: count }, () => ({ type: 'boolean', value: true })),
    });
    expect(evidenceText(items(DIFF_LINES - 2)).omitted).toBe(false);
    const cut = evidenceText(items(DIFF_LINES - 1));
    expect(cut.omitted).toBe(true);
    expect(cut.lines).toHaveLength(DIFF_LINES);
  });
});

describe('the diff', () => {
  it('marks the words that changed in a changed line', () => {
    const [first, second] = diffRows(['same', 'total: 12 EUR'], ['same', 'total: 13 EUR']);
    expect(first?.kind).toBe('same');
    expect(second?.kind).toBe('changed');
    const changed = (side: 'left' | 'right'): string[] =>
      second?.[side]?.spans.flatMap((span) => (span.changed ? span.text : [])) ?? [];
    expect(changed('left')).toEqual(['12']);
    expect(changed('right')).toEqual(['13']);
  });

  it('numbers the lines of both sides through additions and removals', () => {
    const rows = diffRows(['a', 'b', 'c'], ['a', 'c', 'd']);
    expect(rows.map(({ kind, left, right }) => [kind, left?.number, right?.number])).toEqual([
      ['same', 1, 1],
      ['removed', 2, undefined],
      ['same', 3, 2],
      ['added', undefined, 3],
    ]);
  });

  it('folds what is far from any change, and loses no line', () => {
    const left = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const right = left.with(20, 'changed');
    const rows = diffRows(left, right);
    const blocks = foldRows(rows);
    expect(blocks.map(({ folded, rows: inside }) => [folded, inside.length])).toEqual([
      [true, 17],
      [false, 7],
      [true, 16],
    ]);
    expect(blocks.flatMap((block) => block.rows)).toEqual(rows);
  });

  it('does not fold a stretch that is as short as the fold', () => {
    const left = ['x', 'x', 'c1', 'c2', 'c3', 'old'];
    const blocks = foldRows(diffRows(left, left.with(5, 'new')));
    expect(blocks.every(({ folded }) => !folded)).toBe(true);
  });
});

describe('the sides of a divergence', () => {
  it('say that evidence was not fetched yet while nobody answered', () => {
    const { actual } = divergenceSides(aDivergence(), []);
    expect(actual.content).toMatchObject({ state: 'unknown', words: /not fetched yet/ });
  });

  it.each([
    ['expired', /c: expired/],
    ['unreachable', /c: unreachable/],
    ['never-made', /never made/],
    ['found', /answered without bytes/],
  ] as const)('say so when the evidence is %s', (status, words) => {
    const { actual } = divergenceSides(aDivergence(), [evidence({ status })]);
    expect(actual.content).toMatchObject({ state: 'unknown', words: expect.stringMatching(words) });
  });

  it('say that a call was not made, rather than showing nothing', () => {
    const missing = aDivergence({
      kind: 'missing-call',
      actual: { replicas: ['c'], digest: null, evidence: null },
    });
    expect(divergenceSides(missing, []).actual.content).toEqual({
      state: 'not-made',
      words: 'Replica c did not make this call.',
    });
  });

  it('say so when it is not about a call at all', () => {
    const silent = aDivergence({ callId: null, api: null, expected: null, actual: null });
    expect(divergenceSides(silent, []).expected.content).toMatchObject({ state: 'not-made' });
    expect(divergenceSides(silent, []).expected.content).toMatchObject({
      words: 'Not about a single call.',
    });
  });

  it('show decoded bytes as lines', () => {
    const decoded = aDivergence({
      actual: { replicas: ['c'], digest: 'd', evidence: { type: 'string', text: 'x' } },
    });
    expect(divergenceSides(decoded, []).actual.content).toEqual({
      state: 'decoded',
      text: { lines: ['"x"'], omitted: false },
    });
  });

  it('know evidence only when bytes came', () => {
    expect(evidenceState(undefined)).toEqual({ known: false, words: 'not fetched yet' });
    expect(evidenceState(evidence({})).known).toBe(false);
    const found = evidence({ arguments: { type: 'null', text: 'null' } });
    expect(evidenceState(found).known).toBe(true);
  });
});
