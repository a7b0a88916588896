import type { ClockRequest, DomainRequest, RequestFilter, ScenarioSource } from '../index.ts'
import { isRecord } from '../model/is-record.ts'
import { DEFAULT_FAILURES, FAILURE_KINDS, type FailureKind } from '../model/failure-kind.ts'

export type { FailureKind } from '../model/failure-kind.ts'

/** The initial state of a test's domain, and the reasons to fail the test. */
export interface CckmOptions {
  /** Mode and start of the clock. Default: `step@2026-01-01T00:00:00Z`. */
  readonly clock?: string | ClockRequest | undefined
  /** Default: derived from the file and the name of the test, so that each run is the same. */
  readonly randomSeed?: number | undefined
  /** The default scenario of jobs that clients create. */
  readonly scenario?: string | ScenarioSource | undefined
  readonly settings?: DomainRequest['settings']
  /** A seed document. */
  readonly seed?: unknown
  /** Default: `['5xx', '501', 'unused']`. */
  readonly failOn?: readonly FailureKind[] | undefined
  /** Refusals (4xx) fail the test as well. */
  readonly strict?: boolean | undefined
}

/** A kind of failure, or the requests that match a filter, which must not fail the test. */
export type Allowance = FailureKind | RequestFilter

const NAMES: Readonly<Record<keyof CckmOptions, true>> = {
  clock: true,
  randomSeed: true,
  scenario: true,
  settings: true,
  seed: true,
  failOn: true,
  strict: true,
}

const CLOCK = 'step@2026-01-01T00:00:00Z'

/** @throws TypeError for an unknown option or kind of failure, and for a `failOn` that is no list. */
export function checkOptions(options: CckmOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name))
  if (unknown !== undefined)
    throw new TypeError(`cckm has no option ${JSON.stringify(unknown)}: there are ${Object.keys(NAMES).join(', ')}`)
  const { failOn = [] } = options
  if (!Array.isArray(failOn))
    throw new TypeError(`failOn: ${JSON.stringify(failOn)} is not a list of kinds of failure, such as ['5xx']`)
  for (const kind of failOn) checkKind(kind)
}

/** @throws TypeError for what is neither a kind of failure nor a filter. */
export function checkAllowance(allowed: unknown): void {
  if (!isRecord(allowed)) checkKind(allowed, ", and filters of requests such as { path: '/api/v1/vault/*' }")
}

function checkKind(kind: unknown, others = ''): void {
  if (FAILURE_KINDS.some((known) => known === kind)) return
  const known = `${FAILURE_KINDS.join(', ')}${others}`
  throw new TypeError(`${JSON.stringify(kind)} is not a kind of failure: there are ${known}`)
}

export function failuresOf({ failOn = DEFAULT_FAILURES, strict = false }: CckmOptions): readonly FailureKind[] {
  return strict ? [...new Set([...failOn, '4xx' as const])] : failOn
}

/** The request that creates the domain of a test. */
export function domainRequestOf(options: CckmOptions, randomSeed: number): DomainRequest {
  const { clock = CLOCK, scenario, settings, seed } = options
  return {
    clock,
    settings: { ...settings, randomSeed: options.randomSeed ?? randomSeed },
    ...(scenario !== undefined && { scenario }),
    ...(seed !== undefined && { seed }),
  }
}

/** The clock of the options as a request that sets it. */
export function clockRequestOf({ clock = CLOCK }: CckmOptions): ClockRequest {
  if (typeof clock !== 'string') return clock
  const [mode, now] = clock.split('@')
  return { mode: mode as NonNullable<ClockRequest['mode']>, ...(now !== undefined && { now }) }
}
