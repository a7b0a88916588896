import { mutationTests } from './vitest.ts'

// Only the tests of wire/. Each API test starts an emulator: a mutant would take five seconds instead of one.
export default mutationTests({ include: ['test/wire/**/*.test.ts'] })
