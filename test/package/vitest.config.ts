import { defineConfig } from 'vitest/config'

// Apart from the other tests: it builds, packs and installs, which takes the better part of a minute.
export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    globalSetup: ['test/package/pack.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
