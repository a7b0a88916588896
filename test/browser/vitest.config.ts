import { defineConfig } from 'vitest/config'

// Apart from the other tests: these need a browser, and skip themselves, saying so, where there is none.
export default defineConfig({
  test: { include: ['test/browser/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
