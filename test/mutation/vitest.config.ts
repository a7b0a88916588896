// What a mutant is tried against: tests of the mutated parts that start no process and open no socket.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/simulator/**/*.test.ts'],
    // One worker's modules for all files: these tests share nothing that they change.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
