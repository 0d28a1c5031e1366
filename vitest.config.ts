import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/system/**', 'test/cloud/**', '**/node_modules/**'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/bundle.ts'],
    testTimeout: 60_000,
    coverage: { include: ['functions/**'], reporter: ['text-summary', 'json-summary'] },
  },
})
