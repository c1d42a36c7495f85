import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../cli/src/program.ts';
import { Reason } from '../../protocol/src/words.ts';
import { allPages, packages, readPage, readText, root, sourcesOf } from '../src/workspace.ts';

const operations = readPage('docs/OPERATIONS.md');
const pages = allPages();
const everything = pages.map(({ text }) => text).join('\n');
const sources = packages.flatMap(sourcesOf).map(readText).join('\n');

function byName(left: string, right: string): number {
  return left.localeCompare(right);
}

function found(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => String(name)))].sort(byName);
}

/** Names of metrics as the collector's sources make them. */
function metricsInCode(): readonly string[] {
  const fixed = found(readText('collector/src/http/metrics.ts'), /'(lockstep_\w+)'/g);
  const totals = readText('collector/src/runs/totals.ts');
  const [, sums = ''] = /interface Sums \{([^}]+)\}/.exec(totals) ?? [];
  const counted = found(sums, /(\w+): number/g).map((name) => `lockstep_${name}_total`);
  return [...fixed, ...counted, ...found(totals, /'(lockstep_\w+)'/g)].sort(byName);
}

describe('metrics', () => {
  it('are in OPERATIONS.md as they are in the code, both ways', () => {
    expect(metricsInCode().length).toBeGreaterThan(8);
    expect(found(operations.text, /^\| `(lockstep_\w+)` +\|/gm)).toEqual(metricsInCode());
  });

  it('are named in no other way on any page', () => {
    const named = found(everything, /\b(lockstep_\w+)\b/g);
    expect(named.filter((name) => !metricsInCode().includes(name))).toEqual([]);
  });
});

/** Flags of Node, npm and curl that the pages show. */
const OTHERS = ['--require', '--import', '--enable-source-maps'];

describe('options', () => {
  const commands = buildProgram().commands;

  it('on the pages are options of the command', () => {
    const known = new Set(
      commands.flatMap(({ options }) => options.map(({ long }) => long)).concat(OTHERS),
    );
    const named = found(everything, /(?<![\w-])(--[a-z][a-z-]+)/g);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });

  it('on the pages belong to the subcommand that they are shown with', () => {
    const shown = [
      ...everything.matchAll(/lockstep (up|run|check|drill|status|alerts|incidents)\b([^\n`;]*)/g),
    ];
    expect(shown.length).toBeGreaterThan(10);
    for (const [line, name, rest = ''] of shown) {
      const command = commands.find((one) => one.name() === name);
      const [own = ''] = rest.split(' -- ');
      for (const option of found(own, /(?<![\w-])(--[a-z][a-z-]+)/g)) {
        expect(
          command?.options.map(({ long }) => long),
          line,
        ).toContain(option);
      }
    }
  });

  it('of the environment are read somewhere in the code', () => {
    const named = found(everything, /\bLOCKSTEP_([A-Z_]+)\b/g);
    expect(named.length).toBeGreaterThan(5);
    const read = (name: string): boolean =>
      sources.includes(`'LOCKSTEP_${name}'`) ||
      sources.includes(`LOCKSTEP_${name}:`) ||
      readText('agent/src/options.ts').includes(`'${name}'`);
    expect(named.filter((name) => !read(name))).toEqual([]);
  });

  it('of lockstep.config.json are those that the agent knows', () => {
    const [, table = ''] =
      /const fileOptions = \{([\s\S]+?)\n\} as const/.exec(readText('agent/src/options.ts')) ?? [];
    const [line = ''] = /^Options in `lockstep\.config\.json`: .+$/m.exec(operations.text) ?? [];
    const [, listed = ''] = line.split(': ');
    expect(found(listed, /`(\w+)`/g)).toEqual(found(table, /^ {2}(\w+): \{/gm));
  });
});

describe('addresses', () => {
  it('of the HTTP API on the pages are routes of the collector', () => {
    const collector = sourcesOf('collector').map(readText).join('\n');
    const routes = found(collector, /'(\/(?:api|healthz|readyz|metrics)[\w/:.-]*)'/g);
    const live = found(readText('protocol/src/version.ts'), /'(\/api\/\w+)'/g);
    const known = [...routes, ...live].map((route) => route.replace(':id', 'ID'));
    const named = [
      ...found(everything, /[\s`0](\/(?:api\/|healthz|readyz|metrics)[\w/.-]*)/g),
      ...found(operations.text, /(?:GET|PATCH) (\/[\w/.-]+)/g),
    ];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !known.includes(path))).toEqual([]);
  });
});

describe('reasons', () => {
  it('why a run is unprotected are all explained, and no others', () => {
    const [, section = ''] = operations.text.split('### Unprotected, and why');
    const rows = (section.split('\n#')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const explained = rows.flatMap((row) => found(row.split('|')[1] ?? '', /`([\w-]+)`/g));
    expect(new Set(explained)).toEqual(new Set(Object.values(Reason)));
    expect(explained).toHaveLength(Object.values(Reason).length);
  });
});

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  ms: 1,
  s: 1000,
  h: 3_600_000,
};

/** A documented value in the unit of the limit's name. */
function documented(text: string, name: string): number {
  const [, digits = '', unit = ''] = /^([\d,]+) ?(\w*)$/.exec(text) ?? [];
  const value = Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN);
  return /SECONDS$/.test(name) ? value / 1000 : value;
}

describe('limits', () => {
  const rows = [
    ...operations.text.matchAll(
      /^\| `(\w+)` +\| ([^|]+?) +\| [^|]+ \| \[[^\]]+\]\(\.\.\/([^)]+)\) +\|$/gm,
    ),
  ].map(([, name = '', value = '', file = '']) => ({ name, value, file }));

  it('are read from the table', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBe(operations.text.split('## Limits')[1]?.match(/^\| `/gm)?.length);
  });

  it.each(rows)('$name is $value in the code', async ({ name, value, file }) => {
    const module = (await import(join(root, file))) as Record<string, unknown>;
    const defaults = (module['defaultLimits'] ?? {}) as Record<string, unknown>;
    expect(module[name] ?? defaults[name]).toBe(documented(value, name));
  });
});
