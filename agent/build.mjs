/**
 * Bundles what Node preloads: one file each for the application thread and the transport thread, so that
 * a service's start pays for two reads instead of a hundred, and nothing of ours is in its module graph.
 */
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['@lockstep/source'],
  legalComments: 'none',
  logLevel: 'warning',
};

await build({
  ...shared,
  entryPoints: { register: 'src/register.ts', 'transport-worker': 'src/transport/worker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
});
