import { defineConfig } from 'vitest/config';

/** Runs the recorder of golden files, which never changes a file that is there. */
export default defineConfig({
  test: { include: ['test/support/record-golden.ts'] },
});
