import { createHash } from 'node:crypto'

/** What makes a test another than the next one. */
export interface TestIdentity {
  /** Its file, relative to the root. */
  readonly file: string
  /** Its name with those of the suites around it. */
  readonly name: string
  /** How often it was tried before. */
  readonly retry?: number | undefined
  /** How often it was repeated before. */
  readonly repeat?: number | undefined
  /** How many of the same name stand before it in its file. */
  readonly nth?: number | undefined
}

/** The domain of a test: the same in every run of the same id. */
export function domainNameOf(runId: string, { file, name, retry = 0, repeat = 0, nth = 0 }: TestIdentity): string {
  return `${runId}-${digest([file, name, retry, repeat, nth]).slice(0, 16)}`
}

/** The random seed of a test: the same in every run, and when it is tried again. */
export function randomSeedOf({ file, name }: TestIdentity): number {
  return Number.parseInt(digest([file, name]).slice(0, 8), 16)
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
