import { defineConfig } from 'vitest/config'

/** Suites that need more than npm: tshark, nfdump, Chromium. They skip with a message on a machine without them. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    globalSetup: ['test/support/bundle.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
