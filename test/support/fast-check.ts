// fast-check, as all tests import it. The random cases are the same in each run, so that a failing run says something
// about the change and not about luck. `TEST_SEED=random` draws others; it prints the seed that repeats them.

import { randomInt } from 'node:crypto'
import fc from 'fast-check'

const chosen = process.env.TEST_SEED

/** Whether the random cases are others in each run. */
export const IS_RANDOM = chosen === 'random'

/** The seed of all random choices of a test file, from TEST_SEED. */
export const SEED = IS_RANDOM ? randomInt(2 ** 31) : Number(chosen ?? 20_240_206)
if (IS_RANDOM) console.info(`TEST_SEED=${SEED}`)

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED })

export type { Arbitrary } from 'fast-check'
export { fc }
