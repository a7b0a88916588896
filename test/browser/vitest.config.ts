import { defineConfig } from 'vitest/config'

// Apart from the other tests: they need a browser, and take its time. One file at a time: each starts a browser.
export default defineConfig({
  test: { include: ['test/browser/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false },
})
