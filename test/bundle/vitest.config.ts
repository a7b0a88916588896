import { defineConfig } from 'vitest/config'

// Apart from the other tests: it needs what `npm run bundle:linux` makes.
export default defineConfig({
  test: { include: ['test/bundle/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
