import { mutationTests } from './vitest.ts'

// The simulator's own tests, and those of the laws that start no emulator.
export default mutationTests({
  include: [
    'test/simulator/**/*.test.ts',
    'test/laws/{law-2-advancing,law-3-finished,law-7-races,law-8-agreeing}.test.ts',
    'test/regressions/before-the-seed.test.ts',
  ],
})
