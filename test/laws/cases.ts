/** Number of cases for each law: many in CI, fewer on a developer's machine. */
export const CASES = process.env.CI === undefined ? 200 : 1_000

/** Timeout for laws on a whole emulator, long enough for a busy machine. */
export const PATIENTLY = { timeout: 120_000 }
