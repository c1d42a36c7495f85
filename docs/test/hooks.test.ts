import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  areas,
  covers,
  type Exports,
  entriesOf,
  type HookEntry,
  hooksPage,
  unknownIn,
  ways,
} from '../src/hook-registry.ts';
import { readText } from '../src/workspace.ts';

const folder = join(import.meta.dirname, '../hooks');
const walk = join(folder, 'walk.cjs');
const entries: readonly HookEntry[] = Object.keys(areas).flatMap((area) =>
  entriesOf(area, readText),
);

/** What installing three Nodes gets, milliseconds. */
const INSTALL_MS = 300_000;

/** Where the other versions lie, installed the first time; null, with a printed line, where they cannot be. */
function otherNode(version: number): string | null {
  const nodes = join(folder, 'nodes');
  const binary = join(nodes, `node_modules/node-${version}/bin/node`);
  if (existsSync(binary)) return binary;
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  spawnSync('npm', ['install', '--workspaces=false', ...options], {
    cwd: nodes,
    timeout: INSTALL_MS,
  });
  if (existsSync(binary)) return binary;
  process.stderr.write(`skipped: Node ${version} cannot be installed here\n`);
  return null;
}

function exportsOf(binary: string): Exports {
  const output = execFileSync(binary, [walk], { stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(output.toString()) as Exports;
}

const walked: Exports[] = [];

describe('the registry of hooks', () => {
  it('knows every function of the built-in modules of this Node', () => {
    walked.push(exportsOf(process.execPath));
    expect(unknownIn(walked.at(-1) ?? {}, entries)).toEqual([]);
  });

  it.for([22, 24, 26])(
    'knows every function of the built-in modules of Node %i',
    { timeout: INSTALL_MS },
    (version, { skip }) => {
      const binary = otherNode(version);
      if (binary === null) return skip();
      walked.push(exportsOf(binary));
      expect(unknownIn(walked.at(-1) ?? {}, entries)).toEqual([]);
    },
  );

  it('names nothing that no version has', ({ skip }) => {
    if (walked.length < 4) return skip();
    const stale = entries.flatMap(({ module, names }) => {
      const exported = walked.flatMap((exports) => exports[module] ?? []);
      const isGone = (pattern: string): boolean => !exported.some((name) => covers(pattern, name));
      return names === '*'
        ? []
        : names
            .split(' ')
            .filter(isGone)
            .map((name) => `${module}.${name}`);
    });
    expect(stale).toEqual([]);
  });

  it('fails on a function that nobody has classed', () => {
    const invented = { fs: ['readFile', 'readMinds'], path: ['anything'] };
    expect(unknownIn(invented, entries)).toEqual(['fs.readMinds']);
  });

  it('uses the words of its legend, and stars only where nothing is reached', () => {
    for (const { way, names, module } of entries) {
      expect(Object.keys(ways), module).toContain(way);
      if (names.includes('*')) expect(way, module).toBe('computes');
    }
  });

  it('points at files that are there', () => {
    for (const { hook } of entries) if (hook !== undefined) readText(hook);
  });
});

it('HOOKS.md is what the registry says (after a change: npm run generate -w @lockstep/docs)', () => {
  expect(readText('docs/HOOKS.md')).toBe(hooksPage(readText));
});
