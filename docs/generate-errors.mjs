/**
 * Writes ERRORS.md from the error tables of all packages. Node 20 does not read TypeScript, so the page's
 * module is bundled first; `npm run generate -w @lockstep/docs` runs this after a table has changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;

const { outputFiles } = await build({
  entryPoints: [join(folder, 'src/errors-page.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  conditions: ['@lockstep/source'],
  logLevel: 'warning',
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { CLOSE_CODES_FILE, errorsPage } = await import(`data:text/javascript;base64,${code}`);
const closeCodes = readFileSync(join(folder, '..', CLOSE_CODES_FILE), 'utf8');
writeFileSync(join(folder, 'ERRORS.md'), errorsPage(closeCodes));
