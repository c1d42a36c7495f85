import { describe, expect, it } from 'vitest';
import { errorTables } from '../src/error-tables.ts';
import { CLOSE_CODES_FILE, errorsPage } from '../src/errors-page.ts';
import { packages, readText, sourcesOf } from '../src/workspace.ts';

const page = readText('docs/ERRORS.md');
const rows = errorTables.flatMap(({ rows: table }) => Object.entries(table));

describe('ERRORS.md', () => {
  it('says what the tables in the code say (after a change: npm run generate -w @lockstep/docs)', () => {
    expect(page).toBe(errorsPage(readText(CLOSE_CODES_FILE)));
  });

  it.each(rows)('has %s with its message and its remedy', (code, { message, remedy }) => {
    const [, entry = ''] = page.split(`\n### ${code}\n`);
    const [own] = entry.split('\n#');
    expect(own).toContain(message);
    expect(own).toContain(remedy);
  });

  it('has no code that no table has', () => {
    const documented = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
    expect(documented).toEqual(rows.map(([code]) => code));
  });

  it('has every close code', () => {
    const defined = [...readText(CLOSE_CODES_FILE).matchAll(/^ {2}\w+: (\d+),/gm)];
    expect(defined.length).toBeGreaterThan(5);
    for (const [, code] of defined) expect(page).toContain(`\n- ${code} \``);
  });
});

describe('error tables', () => {
  it('are all on the page', () => {
    const found = packages
      .flatMap(sourcesOf)
      .filter((path) => path.endsWith('/errors.ts'))
      .filter((path) => readText(path).includes('retryable'));
    expect(found.sort()).toEqual(errorTables.map(({ source }) => source).sort());
  });

  it('give a code one meaning in all packages', () => {
    const codes = rows.map(([code]) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each(rows)('name a remedy for %s', (_, { message, remedy }) => {
    expect(message.length).toBeGreaterThan(10);
    expect(remedy.length).toBeGreaterThan(10);
  });
});
