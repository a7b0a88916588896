import { HAS_OWN_CASES } from '../support/fast-check.ts'

/** Number of cases for each law: more where they are not those of each run. */
export const CASES = HAS_OWN_CASES ? 1_000 : 200

/** Timeout for laws on a whole emulator, long enough for a busy machine. */
export const PATIENTLY = { timeout: 300_000 }
