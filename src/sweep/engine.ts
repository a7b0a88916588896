import type { Connection, DomainHandle, DomainRequest } from '../client/handle.ts'
import type { DomainAccess } from '../client/answers.ts'
import { freshId } from '../model/identifiers.ts'
import { matchesGlob } from '../model/glob.ts'
import type { SweepCase, SweepPlanRequest } from '../model/sweep.ts'
import { elapsedMs } from '../timers.ts'
import { differenceText, firstDifference, inOrder, type DomainRecording } from './recording.ts'
import { fixedOf, isKnown, type BaselineEntry, type SweepReport, type SweepResult } from './report.ts'

/** How a run ended; `hung` after the time limit. */
export interface RunOutcome {
  readonly outcome: 'passed' | 'failed' | 'hung'
  /** The end of its output. */
  readonly output: string
}

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

/** The sweep could not start; the message gives the reason. */
export class SweepError extends Error {
  /** The output of the run, if the run failed. */
  readonly output: string

  constructor(message: string, output = '') {
    super(message)
    this.name = 'SweepError'
    this.output = output
  }
}

const EARLIEST_CLOCK = 'frozen@1970-01-01T00:00:00Z'

/** A case, and the suffix of the domain that it concerns. */
interface DomainCase extends SweepCase {
  readonly suffix: string
}

/** Runs twice without faults, compares, plans, and then runs once for each case. */
export async function runSweep(options: SweepRunOptions): Promise<SweepReport> {
  const first = await record(options)
  const second = await record(options)
  const difference = firstDifference(first.recordings, second.recordings)
  if (difference !== undefined)
    throw new SweepError(
      `the run is not repeatable, so faults cannot be assigned to requests: ${differenceText(difference)}`,
    )
  const cases = chosen(first.cases, options.only)
  options.onPlanned?.(cases.length)
  const timeLimitMs = options.timeLimitMs ?? derivedLimit(Math.max(first.durationMs, second.durationMs))
  const results = await tryAll(cases, { ...options, timeLimitMs })
  return {
    requests: first.recordings.reduce((sum, { requests }) => sum + requests.length, 0),
    planned: cases.length,
    timeLimitMs,
    results,
    fixed: fixedOf(results, options.baseline),
  }
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
  readonly recordings: readonly DomainRecording[]
  readonly cases: readonly DomainCase[]
  readonly durationMs: number
}

async function record(options: SweepRunOptions): Promise<RecordedRun> {
  const { connection, signal, plan } = options
  signal.throwIfAborted()
  const start = elapsedMs()
  const id = newRunId()
  try {
    const { outcome, output } = await runIn(id, { ...options, timeLimitMs: options.timeLimitMs ?? GREEN_LIMIT_MS })
    const durationMs = elapsedMs() - start
    signal.throwIfAborted()
    if (outcome !== 'passed')
      throw new SweepError(`without any fault, the run ${outcome === 'hung' ? 'hangs' : 'fails'}`, output)
    const domains = await domainsOf(options, id)
    const recordings = await Promise.all(
      domains.map(async (name) => ({
        suffix: name.slice(id.length),
        requests: await existing(connection, name).requests(),
      })),
    )
    const asked = inOrder(recordings)
    if (asked.length === 0)
      throw new SweepError(
        'the run made no request in its own domain of the emulator: docs/guides/sweep.md lists the variables that it gets',
        output,
      )
    return { recordings: asked, cases: await plansOf(options, { id, asked, plan }), durationMs }
  } finally {
    await dropAll(options, id)
  }
}

interface RecordedDomains {
  readonly id: string
  readonly asked: readonly DomainRecording[]
  readonly plan: SweepPlanRequest
}

async function plansOf({ connection }: SweepRunOptions, { id, asked, plan }: RecordedDomains): Promise<DomainCase[]> {
  const plans = asked.map(async ({ suffix }) => {
    const cases = await existing(connection, id + suffix).sweepPlan(plan)
    return cases.map(({ name, fault }) => ({ name: `${prefixOf(suffix)}${name}`, fault, suffix }))
  })
  return (await Promise.all(plans)).flat()
}

/** `-0123abcd` of a domain's name, as `0123abcd/`. */
function prefixOf(suffix: string): string {
  return suffix === '' ? '' : `${suffix.replace(/^-/, '')}/`
}

/** The cases that a glob matches, with or without the prefix of their domain. */
function chosen(cases: readonly DomainCase[], only: readonly string[]): readonly DomainCase[] {
  if (only.length === 0) return cases
  const found = cases.filter(({ name }) =>
    only.some((glob) => matchesGlob(glob, name) || matchesGlob(glob, withoutPrefix(name))),
  )
  if (found.length > 0) return found
  const some = cases.slice(0, 3).map(({ name }) => name)
  throw new SweepError(`no case is named ${only.join(' or ')}: there are ${cases.length}, such as ${some.join(', ')}`)
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

type LimitedOptions = SweepRunOptions & { readonly timeLimitMs: number }

/** Tries the cases in parallel, each in fresh domains. After an interruption, returns the results so far. */
async function tryAll(cases: readonly DomainCase[], options: LimitedOptions): Promise<SweepResult[]> {
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

async function tryCase({ name, fault, suffix }: DomainCase, options: LimitedOptions): Promise<SweepResult | undefined> {
  const { connection, domain, signal, baseline } = options
  const id = newRunId()
  const start = elapsedMs()
  try {
    const world = connection.domain(id + suffix)
    // The test will set the clock of its domain, and a clock can only be moved forward.
    await world.access(suffix === '' ? domain : { clock: EARLIEST_CLOCK })
    await world.fault(fault)
    const { outcome, output } = await runIn(id, options)
    if (signal.aborted) return undefined
    const durationMs = Math.round(elapsedMs() - start)
    const hits = (await world.faults()).reduce((sum, each) => sum + each.hits, 0)
    const verdict = outcome === 'hung' ? 'hung' : hits === 0 ? 'missed' : outcome === 'passed' ? 'survived' : 'failed'
    const result = { name, fault, verdict, durationMs, output: verdict === 'survived' ? '' : output } as const
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
  return run({ id, access, world, timeLimitMs, signal })
}

function existing(connection: SweepRunOptions['connection'], name: string): DomainHandle {
  return connection.domain(name, { create: false })
}

async function domainsOf({ domains }: SweepRunOptions, id: string): Promise<string[]> {
  return (await domains()).filter((name) => name === id || name.startsWith(`${id}-`))
}

async function dropAll(options: SweepRunOptions, id: string): Promise<void> {
  for (const name of await domainsOf(options, id)) await existing(options.connection, name).drop()
}

/** Twelve characters: with the suffix of a test it stays well below the 64 of a domain's name. */
function newRunId(): string {
  return freshId().replaceAll('-', '').slice(-12)
}
