import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map(([, id]) => String(id));

/** Rules in brackets at the beginning of a string: a test's title, or a table's `rule`. */
function citedIn(text: string): string[] {
  const titles = [...text.matchAll(/['"`]((?:\[[A-Z]{2}\d+\] )+)/g)].map(([, ids]) => String(ids));
  return titles.flatMap((ids) => [...ids.matchAll(/[A-Z]{2}\d+/g)].map(([id]) => id));
}

const cited = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => citedIn(readFileSync(new URL(name, folder), 'utf8'))),
);

describe('SPEC.md', () => {
  it('has rules, each id once', () => {
    expect(rules.length).toBeGreaterThan(80);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('has no rule that no test title cites', () => {
    expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  });

  it('has every rule that a test title cites', () => {
    expect([...cited].filter((id) => !rules.includes(id))).toEqual([]);
  });

  it('numbers the rules of a section without a hole', () => {
    const numbers = new Map<string, number[]>();
    for (const id of rules) {
      const section = id.slice(0, 2);
      numbers.set(section, [...(numbers.get(section) ?? []), Number(id.slice(2))]);
    }
    for (const list of numbers.values()) expect(list).toEqual(list.map((_, i) => i + 1));
  });
});
