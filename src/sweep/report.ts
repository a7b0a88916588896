import type { FaultSource } from '../model/fault.ts'

/**
 * How a case ended: the run passed in spite of the fault, it failed, its time was up, or it never made the request that
 * the fault concerns (`missed`), which proves nothing.
 */
export type SweepVerdict = 'survived' | 'failed' | 'hung' | 'missed'

/** The outcome of one case. */
export interface SweepResult {
  /** `azure.bulkjobs.get#2:reset`, after the name of its test's domain where there are several. */
  readonly name: string
  /** The fault of the case, ready to be set. */
  readonly fault: FaultSource
  readonly verdict: SweepVerdict
  /** Whether the baseline has it with this verdict. */
  readonly isKnown: boolean
  readonly durationMs: number
  /** The end of the run's output; empty if it survived. */
  readonly output: string
}

/** The results of a sweep, as `--json` writes them. */
export interface SweepReport {
  /** Requests of the run without faults. */
  readonly requests: number
  /** Number of cases to try; an interrupted sweep has fewer results. */
  readonly planned: number
  readonly timeLimitMs: number
  readonly results: readonly SweepResult[]
  /** Cases of the baseline that survive now. */
  readonly fixed: readonly string[]
}

/** A case that is known not to survive. */
export interface BaselineEntry {
  readonly name: string
  readonly verdict: Exclude<SweepVerdict, 'survived'>
}

/** Whether a case does not survive that the baseline does not list. */
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

/** The baseline after a sweep: the new verdicts of the tried cases, and the old ones of the others. */
export function baselineAfter(results: readonly SweepResult[], before: readonly BaselineEntry[]): BaselineEntry[] {
  const tried = new Set(results.map(({ name }) => name))
  const found = results.flatMap(({ name, verdict }) => (verdict === 'survived' ? [] : [{ name, verdict }]))
  return [...before.filter(({ name }) => !tried.has(name)), ...found].sort((a, b) => (a.name < b.name ? -1 : 1))
}
