import { createHash } from 'node:crypto'

/** The values that distinguish a test from all others. */
export interface TestIdentity {
  /** Its file, relative to the root. */
  readonly file: string
  /** Its name, preceded by the names of its suites. */
  readonly name: string
  /** The number of previous attempts. */
  readonly retry?: number | undefined
  /** The number of previous repetitions. */
  readonly repeat?: number | undefined
  /** The number of tests of the same name before it in its file. */
  readonly nth?: number | undefined
}

/** The name of a test's domain: the same in every run with the same id. */
export function domainNameOf(runId: string, { file, name, retry = 0, repeat = 0, nth = 0 }: TestIdentity): string {
  return `${runId}-${digest([file, name, retry, repeat, nth]).slice(0, 16)}`
}

/** The random seed of a test: the same in every run and every retry. */
export function randomSeedOf({ file, name }: TestIdentity): number {
  return Number.parseInt(digest([file, name]).slice(0, 8), 16)
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
