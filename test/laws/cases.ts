import { IS_RANDOM } from '../support/fast-check.ts'

/** Number of cases for each law: more where they are others in each run. */
export const CASES = IS_RANDOM ? 1_000 : 200

/** Timeout for laws on a whole emulator, long enough for a busy machine. */
export const PATIENTLY = { timeout: 300_000 }
