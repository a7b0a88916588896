/** How often a law is tried: often where it counts, less where someone waits. */
export const CASES = process.env.CI === undefined ? 200 : 1_000

/** For laws that are tried on a whole emulator: so long at most, on a machine that is busy with other things too. */
export const PATIENTLY = { timeout: 120_000 }
