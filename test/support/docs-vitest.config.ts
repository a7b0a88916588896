import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Runs the tests that the documentation shows, on one server; see run-docs.ts.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/.docs/*.test.ts'],
    globalSetup: ['src/testing/vitest-global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
  },
})
