import type { Connection, DomainHandle, DomainRequest } from '../client/handle.ts'
import type { DomainAccess } from '../client/answers/domains.ts'
import { freshId } from '../model/identifiers.ts'
import type { SweepPlanRequest } from '../model/sweep.ts'
import { elapsedMs, MAX_TIMEOUT_MS } from '../timers.ts'
import { chosenCases, endingCases, faultCases, isMet, tryInDomain, type DomainCase } from './cases.ts'
import { countJobs, jobDifference } from './job-counts.ts'
import { judge, type ReferenceRun, type RunOutcome } from './judge.ts'
import { observe, type DomainObservation } from './observation.ts'
import { differenceText, firstDifference, inOrder } from './recording.ts'
import { fixedOf, isKnown, type BaselineEntry, type SweepReport, type SweepResult } from './report.ts'
import { SweepError } from './sweep-error.ts'
import type { SweepVerdict } from './verdicts.ts'

/** One run of the client. It works only in domains whose names begin with the run's id. */
export interface Run {
  readonly id: string
  /** Access to the domain that has the run's id as its name; it exists already. */
  readonly access: DomainAccess
  readonly world: DomainHandle
  readonly timeLimitMs: number
  /** Aborts when the sweep is interrupted. */
  readonly signal: AbortSignal
}

/** The parts of a sweep that the library and the command provide. */
export interface SweepRunOptions {
  readonly connection: Pick<Connection, 'domain'>
  /** The names of all existing domains, also of those that are not part of the sweep. */
  readonly domains: () => Promise<readonly string[]>
  readonly run: (run: Run) => Promise<RunOutcome>
  /** The request that creates the domain of each run. */
  readonly domain: DomainRequest
  readonly plan: SweepPlanRequest
  /** Whether to try the endings of the client's jobs too. */
  readonly outcomes: boolean
  readonly failOn: readonly SweepVerdict[]
  /** Globs of the cases to try; empty: all. */
  readonly only: readonly string[]
  readonly parallel: number
  /** undefined: derived from the runs without faults. */
  readonly timeLimitMs: number | undefined
  readonly baseline: readonly BaselineEntry[]
  readonly signal: AbortSignal
  readonly onPlanned?: (cases: number) => void
  readonly onResult?: (result: SweepResult) => void
}

const EARLIEST_CLOCK = 'frozen@1970-01-01T00:00:00Z'

/** Runs twice without faults, compares, plans, and then runs once for each case. */
export async function runSweep(options: SweepRunOptions): Promise<SweepReport> {
  const first = await record(options)
  const second = await record(options)
  const reference = referenceOf(first.domains, second.domains)
  const cases = chosenCases(first.cases, options.only)
  options.onPlanned?.(cases.length)
  const timeLimitMs = options.timeLimitMs ?? derivedLimit(Math.max(first.durationMs, second.durationMs))
  const results = await tryAll(cases, { ...options, timeLimitMs, reference })
  return {
    requests: first.domains.reduce((sum, { requests }) => sum + requests.length, 0),
    planned: cases.length,
    timeLimitMs,
    failOn: options.failOn,
    results,
    fixed: fixedOf(results, options.baseline),
  }
}

/** @throws SweepError if the runs differ in their requests or jobs. */
function referenceOf(first: readonly DomainObservation[], second: readonly DomainObservation[]): ReferenceRun {
  const requests = firstDifference(first, second)
  if (requests !== undefined)
    throw new SweepError(
      `the run is not repeatable, so faults cannot be assigned to requests: ${differenceText(requests)}`,
    )
  const areIdsStable = jobDifference(countJobs(first), countJobs(second)) === undefined
  const jobs = countJobs(first, { areIdsStable })
  const difference = jobDifference(jobs, countJobs(second, { areIdsStable }))
  if (difference !== undefined)
    throw new SweepError(`the run is not repeatable, so its jobs cannot be compared: ${difference}`)
  const errors = new Set([...first, ...second].flatMap((domain) => domain.errors.map(({ key }) => key)))
  return { domains: first, areIdsStable, jobs, errors }
}

const MIN_LIMIT_MS = 10_000
const LIMIT_FACTOR = 5
/** A run without faults that takes longer than this counts as hung. */
const GREEN_LIMIT_MS = 600_000

/** Ten seconds and five times the duration without faults, since a client may have to wait and retry. */
function derivedLimit(greenMs: number): number {
  return Math.round(MIN_LIMIT_MS + LIMIT_FACTOR * greenMs)
}

interface RecordedRun {
  /** The domains with requests. */
  readonly domains: readonly DomainObservation[]
  readonly cases: readonly DomainCase[]
  readonly durationMs: number
}

async function record(options: SweepRunOptions): Promise<RecordedRun> {
  const { signal, plan } = options
  signal.throwIfAborted()
  const start = elapsedMs()
  const id = newRunId()
  try {
    const { outcome, output } = await runIn(id, { ...options, timeLimitMs: options.timeLimitMs ?? GREEN_LIMIT_MS })
    const durationMs = elapsedMs() - start
    signal.throwIfAborted()
    if (outcome !== 'passed')
      throw new SweepError(`without any fault, the run ${outcome === 'hung' ? 'hangs' : 'fails'}`, output)
    const asked = inOrder(await observeAll(options, id))
    if (asked.length === 0)
      throw new SweepError(
        'the run made no request in its own domain of the emulator: docs/guides/sweep.md lists the variables that it gets',
        output,
      )
    const { connection } = options
    const worlds = asked.map((domain) => ({ ...domain, world: existing(connection, id + domain.suffix) }))
    const cases = [...(await faultCases(worlds, plan)), ...(options.outcomes ? endingCases(asked) : [])]
    return { domains: asked, cases, durationMs }
  } finally {
    await dropAll(options, id)
  }
}

type LimitedOptions = SweepRunOptions & { readonly timeLimitMs: number }
type TryOptions = LimitedOptions & { readonly reference: ReferenceRun }

/** Tries the cases in parallel, each in fresh domains. After an interruption, returns the results so far. */
async function tryAll(cases: readonly DomainCase[], options: TryOptions): Promise<SweepResult[]> {
  const results: (SweepResult | undefined)[] = []
  const queue = cases.entries()
  const worker = async (): Promise<void> => {
    for (const [index, planned] of queue) {
      if (options.signal.aborted) return
      const result = await tryCase(planned, options)
      if (result === undefined) return
      results[index] = result
      options.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, worker))
  return results.filter((result) => result !== undefined)
}

async function tryCase(planned: DomainCase, options: TryOptions): Promise<SweepResult | undefined> {
  const { connection, domain, signal, baseline, reference, timeLimitMs } = options
  const { suffix } = planned
  const id = newRunId()
  const start = elapsedMs()
  try {
    const world = connection.domain(id + suffix)
    // The test will set the clock of its domain, and a clock can only be moved forward.
    await world.access(suffix === '' ? domain : { clock: EARLIEST_CLOCK })
    const { trial, source } = await tryInDomain(planned, world)
    const outcome = await runIn(id, options)
    if (signal.aborted) return undefined
    const durationMs = Math.round(elapsedMs() - start)
    const domains = await observeAll(options, id)
    const judgement = judge({ ...outcome, domains, isMet: await isMet(trial, world), timeLimitMs }, trial, reference)
    const output = judgement.verdict === 'survived' ? '' : outcome.output
    const result = { name: planned.name, ...source, ...judgement, durationMs, output }
    return { ...result, isKnown: isKnown(result, baseline) }
  } finally {
    await dropAll(options, id)
  }
}

async function runIn(
  id: string,
  { connection, run, domain, timeLimitMs, signal }: LimitedOptions,
): Promise<RunOutcome> {
  const world = connection.domain(id)
  const access = await world.access(domain)
  return run({ id, access, world, timeLimitMs: Math.min(timeLimitMs, MAX_TIMEOUT_MS), signal })
}

function existing(connection: SweepRunOptions['connection'], name: string): DomainHandle {
  return connection.domain(name, { create: false })
}

async function domainsOf({ domains }: SweepRunOptions, id: string): Promise<string[]> {
  return (await domains()).filter((name) => name === id || name.startsWith(`${id}-`))
}

/** What a run did in each of its domains. */
async function observeAll(options: SweepRunOptions, id: string): Promise<DomainObservation[]> {
  const names = await domainsOf(options, id)
  return Promise.all(names.map((name) => observe(existing(options.connection, name), name.slice(id.length))))
}

async function dropAll(options: SweepRunOptions, id: string): Promise<void> {
  for (const name of await domainsOf(options, id)) await existing(options.connection, name).drop()
}

/** Twelve characters: with the suffix of a test it stays well below the 64 of a domain's name. */
function newRunId(): string {
  return freshId().replaceAll('-', '').slice(-12)
}
