import { defineConfig } from 'vitest/config'

/** Tests take turns: they share the machine's cores, and one of them restarts the S3 server. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['tests/**/*.test.ts'],
    globalSetup: ['../support/temporary-folder.ts', 'tests/support/setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    teardownTimeout: 30_000,
  },
})
