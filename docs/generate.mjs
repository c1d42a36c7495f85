/**
 * Writes the pages that are made from code and data: ERRORS.md from the error tables of all packages,
 * HOOKS.md from the registry of hooks. Node 20 does not read TypeScript, so a page's module is bundled
 * first; `npm run generate -w @lockstep/docs` runs this after a table has changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;

/** The exports of a module of `src/`. */
async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'src', name)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@lockstep/source'],
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const { CLOSE_CODES_FILE, errorsPage } = await load('errors-page.ts');
const read = (path) => readFileSync(join(folder, '..', path), 'utf8');
writeFileSync(join(folder, 'ERRORS.md'), errorsPage(read(CLOSE_CODES_FILE)));
const { hooksPage } = await load('hook-registry.ts');
writeFileSync(join(folder, 'HOOKS.md'), hooksPage(read));
