import type { Connection, DomainHandle } from '../client/handle.ts'
import type { DomainAccess } from '../client/answers/domains.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import type { SweepPlanRequest } from '../model/sweep.ts'
import { clearTimeout, setTimeout } from '../timers.ts'
import { namesOutcome } from './cases.ts'
import { runSweep, type Run } from './engine.ts'
import type { RunOutcome } from './judge.ts'
import type { BaselineEntry, SweepReport } from './report.ts'
import { DEFAULT_FAIL_ON, type SweepVerdict } from './verdicts.ts'

/** The domain of one run of a sweep, and what a client needs to work in it. */
export interface SweepWorld {
  readonly domain: DomainHandle
  readonly access: DomainAccess
  /** Aborts when the time of the run is up; the sweep does not wait for the client after that. */
  readonly signal: AbortSignal
}

export interface SweepOptions extends SweepPlanRequest {
  /** Globs of the cases to try: `azure.bulkjobs.get#*:reset`. All, unless given. */
  readonly only?: readonly string[]
  /** True: also runs the client once for each ending of its jobs (`outcome:failure`). False unless `only` names one. */
  readonly outcomes?: boolean
  /** The verdicts that `report.failOn` lists; all but `survived`, `missed` and `gave-up` unless given. */
  readonly failOn?: readonly SweepVerdict[]
  /** How many runs at once; 1 unless given. */
  readonly parallel?: number
  /** How long a run may take: `30s`. Ten seconds and five times what it takes without faults, unless given. */
  readonly timeLimit?: string
  /** The clock of each domain; `step@2026-01-01T00:00:00Z` unless given. */
  readonly clock?: string
  /** Cases that are known not to survive. */
  readonly baseline?: readonly BaselineEntry[]
  /** Ends the sweep early; the report then has the results so far. */
  readonly signal?: AbortSignal
}

/** The clock of the domains. It moves with each poll, so no run waits and all runs are alike. */
export const SWEEP_CLOCK = 'step@2026-01-01T00:00:00Z'

/**
 * Runs a client twice without a fault, and then once for each of its requests with each fault, each time in a fresh
 * domain. A run that rejects has failed. A run that resolves is compared with the runs without a fault. Throws a
 * `SweepError` if the client fails without a fault, or if its first two runs differ.
 *
 * @example
 * ```ts
 * import { createEmulator, sweep } from 'cckm-emulator'
 *
 * await using emulator = await createEmulator()
 * const { url } = await emulator.listen()
 * const report = await sweep(emulator, async ({ access, signal }) => {
 *   const headers = { authorization: `Bearer ${access.jwt}` }
 *   const answer = await fetch(`${url}/api/v1/cckm/azure/bulkjobs`, { headers, signal })
 *   if (!answer.ok) throw new Error(`the list was answered ${answer.status}`)
 * })
 * const broken = report.results.filter(({ verdict }) => verdict !== 'survived')
 * ```
 */
export async function sweep(
  emulator: Pick<Connection, 'domain'>,
  client: (world: SweepWorld) => Promise<unknown>,
  options: SweepOptions = {},
): Promise<SweepReport> {
  const { only = [], outcomes = only.some(namesOutcome), failOn = DEFAULT_FAIL_ON, ...more } = options
  const { parallel = 1, timeLimit, clock = SWEEP_CLOCK, baseline = [], signal, ...plan } = more
  const timeLimitMs = timeLimit === undefined ? undefined : millisecondsOf(timeLimit)
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new TypeError(`parallel takes a whole number from 1, not ${parallel}`)
  const current = new Set<string>()
  return runSweep({
    connection: emulator,
    domains: () => Promise.resolve([...current]),
    run: (run) => {
      current.add(run.id)
      return runClient(client, run)
    },
    domain: { clock },
    plan,
    outcomes,
    failOn,
    only,
    parallel,
    timeLimitMs,
    baseline,
    signal: signal ?? new AbortController().signal,
  })
}

function millisecondsOf(text: string): number {
  const micros = parseDuration(text)
  if (micros === undefined) throw new TypeError(`timeLimit: ${JSON.stringify(text)} is not ${DURATION_EXPECTED}`)
  return micros / 1000
}

async function runClient(client: (world: SweepWorld) => Promise<unknown>, run: Run): Promise<RunOutcome> {
  const end = new AbortController()
  const stop = (): void => {
    end.abort(new Error('the time of the run is up'))
  }
  const timer = setTimeout(stop, run.timeLimitMs)
  run.signal.addEventListener('abort', stop, { once: true })
  const hung = new Promise<RunOutcome>((resolve) => {
    end.signal.addEventListener('abort', () => {
      resolve({ outcome: 'hung', ending: 'time limit', output: '' })
    })
  })
  const ended = client({ domain: run.world, access: run.access, signal: end.signal }).then(
    (): RunOutcome => ({ outcome: 'passed', ending: 'resolved', output: '' }),
    (error: unknown): RunOutcome => ({
      outcome: 'failed',
      ending: `threw ${String(error)}`,
      output: textOf(error),
    }),
  )
  try {
    // A client that fails because of the abort has hung, not failed.
    return await Promise.race([hung, ended])
  } finally {
    clearTimeout(timer)
    run.signal.removeEventListener('abort', stop)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
