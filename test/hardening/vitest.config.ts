import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Apart from the other tests: it kills, fills and floods processes, for a few minutes. The command as it was built starts
// in half the time of the sources, and some hundred and fifty starts wait for it.
export default defineConfig({
  test: {
    include: ['test/hardening/*.test.ts'],
    env: { TEST_CLI: fileURLToPath(new URL('../../dist/cli.js', import.meta.url)) },
    // One after the other: each of them takes all that a small machine has.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
