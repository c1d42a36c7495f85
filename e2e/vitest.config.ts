import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** One file at a time: every test starts many processes, and two cores are all that may be there. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@lockstep/source'] },
  ssr: { resolve: { conditions: ['@lockstep/source'] } },
  test: {
    include: [
      'check/**/*.test.ts',
      'run/**/*.test.ts',
      'races/**/*.test.ts',
      'published/**/*.test.ts',
      'contained/**/*.test.ts',
    ],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
export default config;
