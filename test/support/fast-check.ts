// fast-check, as all tests import it. The random cases are the same in each run, so that a failing run points at the
// change and can be repeated. `TEST_SEED=$RANDOM` draws others, and more of them.

import fc from 'fast-check'

const chosen = process.env.TEST_SEED

/** Whether the cases are others than in each run. */
export const HAS_OWN_CASES = chosen !== undefined

/** The seed of all random choices of the tests. */
export const SEED = Number(chosen ?? 20_240_206)
if (!Number.isSafeInteger(SEED)) throw new Error(`TEST_SEED is no whole number: ${chosen}`)

// fast-check takes 32 bits of a seed.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED | 0 })

export type { Arbitrary } from 'fast-check'
export { fc }
