import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@lockstep/source'] },
  ssr: { resolve: { conditions: ['@lockstep/source'] } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});
