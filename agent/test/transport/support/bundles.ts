/** Bundles of the worker and of fixture programs, made once a test file as the package's build makes them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const transport = join(import.meta.dirname, '../../../src/transport');

/** A folder with bundles; `remove` takes it away. */
export interface Bundles {
  readonly folder: string;
  readonly worker: string;
  /** The application thread's side, as a CommonJS module that fixtures load. */
  readonly transport: string;
  remove(): void;
}

/** Makes the bundles. */
export async function makeBundles(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'transport-'));
  await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['@lockstep/source'],
    logLevel: 'error',
    entryPoints: { worker: join(transport, 'worker.ts'), transport: join(transport, 'index.ts') },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
  });
  return {
    folder,
    worker: join(folder, 'worker.cjs'),
    transport: join(folder, 'transport.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
