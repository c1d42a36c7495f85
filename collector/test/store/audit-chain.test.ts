import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/ports.ts';
import { type AuditContent, chainEntry, verifyAudit } from '../../src/store/audit-chain.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';

function chain(contents: readonly AuditContent[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const content of contents) entries.push(chainEntry(content, entries.at(-1) ?? null));
  return entries;
}

const trail = chain(
  ['one', 'two', 'three', 'four'].map((detail) => ({
    at: '2026-01-01T12:00:00.000Z',
    actor: 'ada',
    action: 'incident.patch',
    subject: 'incident-1',
    detail,
  })),
);

describe('the audit trail', () => {
  it('is intact as written, as a whole and in any consecutive piece', () => {
    expect(verifyAudit(trail)).toEqual({ intact: true, entries: 4, headHash: trail[3]?.hash });
    expect(verifyAudit(trail.slice(2))).toMatchObject({ intact: true, entries: 2 });
    expect(verifyAudit([])).toMatchObject({ intact: true, entries: 0 });
  });

  it('has hashes that anybody can compute from the documented form', () => {
    // recorded by the first version: a change of the form would make old trails unreadable
    expect(trail[0]?.hash).toBe('6cd05705602e8dfcbca89dec93d8102d102f26dbc4e2d11b50c5bc756fb719ae');
  });

  it.each(['at', 'actor', 'action', 'subject', 'detail', 'previousHash', 'hash'] as const)(
    'shows a changed %s at the entry that was changed',
    (field) => {
      const forged = trail.map((entry, index) =>
        index === 1 ? { ...entry, [field]: `${entry[field]}x` } : entry,
      );
      expect(verifyAudit(forged)).toMatchObject({ intact: false, sequence: 2 });
    },
  );

  it('shows a removed, a swapped and a re-hashed entry', () => {
    const [first, second, third, fourth] = trail as [
      AuditEntry,
      AuditEntry,
      AuditEntry,
      AuditEntry,
    ];
    expect(verifyAudit([first, third, fourth])).toMatchObject({
      intact: false,
      sequence: 3,
      why: 'entries between 1 and 3 are missing',
    });
    expect(verifyAudit([second, first])).toMatchObject({ intact: false });
    const rewritten = chainEntry({ ...second, detail: 'forged' }, first);
    expect(verifyAudit([first, rewritten, third])).toMatchObject({
      intact: false,
      sequence: 3,
      why: 'it does not hold the hash before it',
    });
  });
});

describe('canonical JSON', () => {
  it('has one spelling, whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [true, null, undefined, 'ü\n'], c: undefined })).toBe(
      '{"a":[true,null,null,"ü\\n"],"b":1}',
    );
    expect(canonicalJson({ a: { y: 1, x: 2 } })).toBe(canonicalJson({ a: { x: 2, y: 1 } }));
  });

  it('reads back as the same value', () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
      { verbose: true },
    ));

  it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x')])(
    'refuses %o, which JSON cannot hold',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    },
  );
});
