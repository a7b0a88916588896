import { mutationTests } from './vitest.ts'

// Those of wire/ alone. Each test of the API makes an emulator: against them a mutant takes five seconds instead of one.
export default mutationTests({ include: ['test/wire/**/*.test.ts'] })
