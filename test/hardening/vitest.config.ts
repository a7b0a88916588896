import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Separate from the other tests: they kill, fill and flood processes, for a few minutes. The bundle starts in half the
// time of the sources, and there are about a hundred and fifty starts.
export default defineConfig({
  test: {
    include: ['test/hardening/*.test.ts'],
    env: { TEST_CLI: fileURLToPath(new URL('../../dist/cli.js', import.meta.url)) },
    // One after the other: each uses all of a small machine.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
