/**
 * Tools that nobody here wrote, each to completion on a small real project: every call agrees in all
 * replicas, without an option, a mask or a rule. What was tried beyond these is in docs/PROGRAMS.md.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPackages } from '../support/packages.ts';
import { alertLines, Workspace } from '../support/workspace.ts';

const folder = join(import.meta.dirname, 'tools');
const isInstalled = hasPackages(folder);

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.dispose());

/** The file that the package's command runs. */
function commandOf(name: string, command: string): string {
  const home = join(folder, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`${name} has no command ${command}`);
  return join(home, file);
}

/** The project in the workspace, with the tools' packages in reach. */
function setUpProject(): void {
  cpSync(join(folder, 'project'), workspace.folder, { recursive: true });
  symlinkSync(join(folder, 'node_modules'), join(workspace.folder, 'node_modules'));
  mkdirSync(join(workspace.folder, 'out'));
}

/** Package, command, arguments, and how many calls it makes at least. */
const tools: readonly (readonly [string, string, string, number])[] = [
  ['typescript', 'tsc', '', 50],
  ['@babel/cli', 'babel', 'src --out-dir out/babel --source-maps', 50],
  ['sass', 'sass', 'styles/a.scss out/a.css', 10],
  ['postcss-cli', 'postcss', 'styles/a.css -o out/p.css', 50],
  ['svgo', 'svgo', '-f svg -o out/svg', 50],
  ['prettier', 'prettier', '--check src docs', 50],
  ['eslint', 'eslint', 'src', 50],
  ['mocha', 'mocha', 'test/mocha-sums.mjs', 50],
  ['ava', 'ava', 'test/ava-sums.mjs', 50],
  ['terser', 'terser', 'src/old.cjs -c -m -o out/t.js --source-map', 10],
  ['uglify-js', 'uglifyjs', 'src/old.cjs -c -m -o out/u.js', 10],
  ['less', 'lessc', 'styles/a.less out/less.css', 50],
  ['stylus', 'stylus', 'styles/a.styl -o out/styl.css', 50],
  ['handlebars', 'handlebars', 'views/list.handlebars -f out/h.js', 10],
  ['jsdoc', 'jsdoc', 'src/main.js -d out/jsdoc', 50],
  ['marked', 'marked', '-i docs/one.md -o out/m.html', 5],
];

describe.skipIf(!isInstalled)('a published tool agrees in all replicas', () => {
  it.each(tools)(
    '%s: %s %s',
    async (name, command, args, calls) => {
      setUpProject();
      const argv = args.split(' ').filter(Boolean);
      const { code, report, stderr } = await workspace.check([commandOf(name, command), ...argv]);
      expect(alertLines(report.alerts), stderr).toEqual([]);
      expect(report, stderr).toMatchObject({ complete: true, reason: null, noise: 0 });
      expect([code, report.matched], stderr).toEqual([0, report.calls]);
      expect(report.calls).toBeGreaterThan(calls);
    },
    120_000,
  );
});
