import { defineConfig } from 'vitest/config'

/** Suites that need more than npm: tshark, Chromium, an S3 server (Ceph). They skip with a message on a machine without them. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/bundle.ts', 'test/support/s3-server-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
})
