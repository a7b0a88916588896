import { mutationTests } from './vitest.ts'

// Those of wire/ itself, and those of the API that go through app.inject and are quick.
export default mutationTests({
  include: ['test/wire/**/*.test.ts'],
})
