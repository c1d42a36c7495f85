/**
 * Builds the dashboard into `dist` and runs its unit tests. The workspace's packages are read from
 * their sources (condition `@lockstep/source`), so no other package must be built first.
 */
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig & { readonly test: object } = {
  plugins: [react()],
  resolve: { conditions: ['@lockstep/source', 'module', 'browser', 'development|production'] },
  ssr: {
    resolve: { conditions: ['@lockstep/source', 'module', 'node', 'development|production'] },
  },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: false,
    chunkSizeWarningLimit: 1_000,
    // Of the protocol only words and paths are used here: codecs and hashing stay out of the page.
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /[\\/]protocol[\\/]/, sideEffects: false }] },
    },
  },
  test: { environment: 'node', include: ['test/**/*.test.ts'], testTimeout: 60_000 },
};

const exported: UserConfig = defineConfig(config);

export default exported;
