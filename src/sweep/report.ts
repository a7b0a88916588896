import type { FaultSource } from '../model/fault.ts'

/**
 * What became of a case: the run went well all the same, or not; it had to be stopped when its time was up; or it never
 * made the request that was to be hit, so nothing is known.
 */
export type SweepVerdict = 'survived' | 'failed' | 'hung' | 'missed'

/** The outcome of one case. */
export interface SweepResult {
  /** `azure.bulkjobs.get#2:reset`, after the name of its test's domain where there are several. */
  readonly name: string
  /** The shortest rule that does this to the client, ready to be set. */
  readonly fault: FaultSource
  readonly verdict: SweepVerdict
  /** Whether the baseline has it with this verdict. */
  readonly isKnown: boolean
  readonly durationMs: number
  /** What the run said, the last of it; empty where it survived. */
  readonly output: string
}

/** What a sweep found, as `--json` writes it. */
export interface SweepReport {
  /** Requests of the run without faults. */
  readonly requests: number
  /** How many cases there were to try; fewer results: it was interrupted. */
  readonly planned: number
  readonly timeLimitMs: number
  readonly results: readonly SweepResult[]
  /** Cases of the baseline that survive by now. */
  readonly fixed: readonly string[]
}

/** A case that is known not to survive. */
export interface BaselineEntry {
  readonly name: string
  readonly verdict: Exclude<SweepVerdict, 'survived'>
}

/** Whether something does not survive that nobody knew of. */
export function hasNewFailure({ results }: Pick<SweepReport, 'results'>): boolean {
  return results.some(({ verdict, isKnown }) => verdict !== 'survived' && !isKnown)
}

export function isKnown(
  { name, verdict }: Pick<SweepResult, 'name' | 'verdict'>,
  baseline: readonly BaselineEntry[],
): boolean {
  return baseline.some((entry) => entry.name === name && entry.verdict === verdict)
}

/** Cases of the baseline that were tried and survived. */
export function fixedOf(results: readonly SweepResult[], baseline: readonly BaselineEntry[]): string[] {
  const survived = new Set(results.flatMap(({ name, verdict }) => (verdict === 'survived' ? [name] : [])))
  return baseline.map(({ name }) => name).filter((name) => survived.has(name))
}

/** The baseline after a sweep: what was tried is as it was found, the rest as it was. */
export function baselineAfter(results: readonly SweepResult[], before: readonly BaselineEntry[]): BaselineEntry[] {
  const tried = new Set(results.map(({ name }) => name))
  const found = results.flatMap(({ name, verdict }) => (verdict === 'survived' ? [] : [{ name, verdict }]))
  return [...before.filter(({ name }) => !tried.has(name)), ...found].sort((a, b) => (a.name < b.name ? -1 : 1))
}
