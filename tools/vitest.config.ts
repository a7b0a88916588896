import { defineConfig } from 'vitest/config'

const root = import.meta.dirname

// Tests that need packages of this folder: `npm run check:tools`.
export default defineConfig({
  // For src/testing/testcontainers.ts, which lies beside this folder and does not find its packages.
  resolve: { alias: { testcontainers: `${root}/node_modules/testcontainers` } },
  test: { root, include: ['*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
