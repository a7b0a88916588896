import type { FaultSource } from '../model/fault.ts'
import type { JobRuleSource } from '../model/rule.ts'
import { DEFAULT_FAIL_ON, type SweepVerdict } from './verdicts.ts'

export type { SweepVerdict } from './verdicts.ts'

/** The outcome of one case. */
export interface SweepResult {
  /** `azure.bulkjobs.get#2:reset`, after the name of its test's domain where there are several. */
  readonly name: string
  /** The fault of the case, ready to be set. */
  readonly fault?: FaultSource
  /** For a case with an ending of jobs: the rule for the client's next job. */
  readonly nextJob?: JobRuleSource
  readonly verdict: SweepVerdict
  /** Other verdicts that hold. */
  readonly also: readonly SweepVerdict[]
  /** Why, a line for each verdict; empty if there is nothing to say. */
  readonly reason: string
  /** Whether the baseline has it with this verdict. */
  readonly isKnown: boolean
  readonly durationMs: number
  /** The run's output, or the parts of it that are kept; empty if it survived. */
  readonly output: string
}

/** The results of a sweep, as `--json` writes them. */
export interface SweepReport {
  /** Requests of the run without faults. */
  readonly requests: number
  /** Number of cases to try; an interrupted sweep has fewer results. */
  readonly planned: number
  readonly timeLimitMs: number
  /** The verdicts that fail the sweep. */
  readonly failOn: readonly SweepVerdict[]
  readonly results: readonly SweepResult[]
  /** Cases of the baseline that survive now. */
  readonly fixed: readonly string[]
}

/** A case that is known not to survive. */
export interface BaselineEntry {
  readonly name: string
  readonly verdict: Exclude<SweepVerdict, 'survived'>
}

/** Whether a verdict fails the sweep, and the baseline does not list it. */
export function isNewFailure(
  { verdict, isKnown }: Pick<SweepResult, 'verdict' | 'isKnown'>,
  failOn: readonly SweepVerdict[] = DEFAULT_FAIL_ON,
): boolean {
  return failOn.includes(verdict) && !isKnown
}

/** Whether the sweep fails. */
export function hasNewFailure({ results, failOn }: Pick<SweepReport, 'results'> & Partial<SweepReport>): boolean {
  return results.some((result) => isNewFailure(result, failOn))
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
