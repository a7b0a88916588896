import type { ClockRequest, DomainRequest, RequestFilter, ScenarioSource } from '../index.ts'

/**
 * What fails a test that is green otherwise. `5xx`: an answer of that kind that no fault ordered (501 aside); `501`: a
 * part of the vendor's API that is not emulated; `unused`: a job rule or a fault of the test that nothing ever met;
 * `4xx`: a refusal that no fault ordered.
 */
export type FailureKind = '5xx' | '501' | 'unused' | '4xx'

/** How the domain of a test begins, and what fails the test. */
export interface CckmOptions {
  /** `step@2026-01-01T00:00:00Z` unless told: a mode, and where the clock stands. */
  readonly clock?: string | ClockRequest | undefined
  /** Drawn from the file and the name of the test unless told, so that a run repeats. */
  readonly randomSeed?: number | undefined
  /** The default for jobs that clients create. */
  readonly scenario?: string | ScenarioSource | undefined
  readonly settings?: DomainRequest['settings']
  /** A seed document. */
  readonly seed?: unknown
  /** `['5xx', '501', 'unused']` unless told. */
  readonly failOn?: readonly FailureKind[] | undefined
  /** Refusals (4xx) fail the test as well. */
  readonly strict?: boolean | undefined
}

/** What a test allows: a kind of failure, or the requests that a filter takes. */
export type Allowance = FailureKind | RequestFilter

const KINDS: readonly string[] = ['5xx', '501', 'unused', '4xx']
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

/** Throws what is wrong with options, in one sentence. */
export function checkOptions(options: CckmOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name))
  if (unknown !== undefined)
    throw new TypeError(`cckm has no option ${JSON.stringify(unknown)}: there are ${Object.keys(NAMES).join(', ')}`)
  options.failOn?.forEach(checkKind)
}

export function checkKind(kind: unknown): void {
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw new TypeError(`${JSON.stringify(kind)} is no kind of failure: there are ${KINDS.join(', ')}`)
}

export function failuresOf({
  failOn = ['5xx', '501', 'unused'],
  strict = false,
}: CckmOptions): ReadonlySet<FailureKind> {
  return new Set(strict ? [...failOn, '4xx'] : failOn)
}

/** The body that makes the domain of a test. */
export function domainRequestOf(options: CckmOptions, randomSeed: number): DomainRequest {
  const { clock = CLOCK, scenario, settings, seed } = options
  return {
    clock,
    settings: { ...settings, randomSeed: options.randomSeed ?? randomSeed },
    ...(scenario !== undefined && { scenario }),
    ...(seed !== undefined && { seed }),
  }
}

/** The clock of the options as the call that sets one takes it. */
export function clockRequestOf({ clock = CLOCK }: CckmOptions): ClockRequest {
  if (typeof clock !== 'string') return clock
  const [mode, now] = clock.split('@')
  return { mode: mode as NonNullable<ClockRequest['mode']>, ...(now !== undefined && { now }) }
}
