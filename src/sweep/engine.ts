import type { Connection, DomainHandle, DomainRequest } from '../client/connection.ts'
import type { DomainAccess } from '../client/answers.ts'
import { freshId } from '../model/identifiers.ts'
import { matchesGlob } from '../model/glob.ts'
import type { SweepCase, SweepPlanRequest } from '../model/sweep.ts'
import { elapsedMs } from '../timers.ts'
import { differenceText, firstDifference, inOrder, type DomainRecording } from './recording.ts'
import { fixedOf, isKnown, type BaselineEntry, type SweepReport, type SweepResult } from './report.ts'

/** How a run ended by itself, or that its time was up. */
export interface RunOutcome {
  readonly outcome: 'passed' | 'failed' | 'hung'
  /** What it said, the last of it. */
  readonly output: string
}

/** One run of what is swept. Everything it does happens in domains whose names begin with the run's id. */
export interface Run {
  readonly id: string
  /** The domain named as the run, which is there already. */
  readonly access: DomainAccess
  readonly world: DomainHandle
  readonly timeLimitMs: number
  /** Aborts when the sweep is interrupted. */
  readonly signal: AbortSignal
}

/** What a sweep needs of whoever runs something. */
export interface Sweeping {
  readonly connection: Pick<Connection, 'domain'>
  /** The names of the domains that there are, those of others too. */
  readonly domains: () => Promise<readonly string[]>
  readonly run: (run: Run) => Promise<RunOutcome>
  /** How the domain of a run is made, each time alike. */
  readonly domain: DomainRequest
  readonly plan: SweepPlanRequest
  /** Globs of cases; none: all. */
  readonly only: readonly string[]
  readonly parallel: number
  /** undefined: derived from the runs without faults. */
  readonly timeLimitMs: number | undefined
  readonly baseline: readonly BaselineEntry[]
  readonly signal: AbortSignal
  readonly onPlanned?: (cases: number) => void
  readonly onResult?: (result: SweepResult) => void
}

/** Nothing could be swept; the message says why. */
export class SweepError extends Error {
  /** What the run said, where it is the run that failed. */
  readonly output: string

  constructor(message: string, output = '') {
    super(message)
    this.name = 'SweepError'
    this.output = output
  }
}

const EARLIEST_CLOCK = 'frozen@1970-01-01T00:00:00Z'

/** A case in the domain of the run that it is for. */
interface Planned extends SweepCase {
  readonly suffix: string
}

/** Runs twice without faults, compares, plans, and then runs once for each case. */
export async function runSweep(sweeping: Sweeping): Promise<SweepReport> {
  const first = await record(sweeping)
  const second = await record(sweeping)
  const difference = firstDifference(first.recordings, second.recordings)
  if (difference !== undefined)
    throw new SweepError(`the run is not repeatable, so no fault can be aimed: ${differenceText(difference)}`)
  const cases = chosen(first.cases, sweeping.only)
  sweeping.onPlanned?.(cases.length)
  const timeLimitMs = sweeping.timeLimitMs ?? derivedLimit(Math.max(first.durationMs, second.durationMs))
  const results = await tryAll(cases, { ...sweeping, timeLimitMs })
  return {
    requests: first.recordings.reduce((sum, { requests }) => sum + requests.length, 0),
    planned: cases.length,
    timeLimitMs,
    results,
    fixed: fixedOf(results, sweeping.baseline),
  }
}

const LEAST_LIMIT_MS = 10_000
const LIMIT_FACTOR = 5
/** A run without faults that takes longer than this is taken to hang. */
const GREEN_LIMIT_MS = 600_000

/** Five times as long as without faults, and ten seconds more: a client may have to wait and to try again. */
function derivedLimit(greenMs: number): number {
  return Math.round(LEAST_LIMIT_MS + LIMIT_FACTOR * greenMs)
}

interface Recorded {
  readonly recordings: readonly DomainRecording[]
  readonly cases: readonly Planned[]
  readonly durationMs: number
}

async function record(sweeping: Sweeping): Promise<Recorded> {
  const { connection, signal, plan } = sweeping
  signal.throwIfAborted()
  const begun = elapsedMs()
  const id = newRunId()
  try {
    const { outcome, output } = await runIn(id, { ...sweeping, timeLimitMs: sweeping.timeLimitMs ?? GREEN_LIMIT_MS })
    const durationMs = elapsedMs() - begun
    signal.throwIfAborted()
    if (outcome !== 'passed')
      throw new SweepError(`without any fault, the run ${outcome === 'hung' ? 'hangs' : 'fails'}`, output)
    const domains = await domainsOf(sweeping, id)
    const recordings = await Promise.all(
      domains.map(async (name) => ({
        suffix: name.slice(id.length),
        requests: await held(connection, name).requests(),
      })),
    )
    const asked = inOrder(recordings)
    if (asked.length === 0)
      throw new SweepError(
        'the run asked nothing of the emulator in a domain of its own: see docs/guides/sweep.md for the variables that it is told',
        output,
      )
    return { recordings: asked, cases: await plansOf(sweeping, { id, asked, plan }), durationMs }
  } finally {
    await dropAll(sweeping, id)
  }
}

interface Asked {
  readonly id: string
  readonly asked: readonly DomainRecording[]
  readonly plan: SweepPlanRequest
}

async function plansOf({ connection }: Sweeping, { id, asked, plan }: Asked): Promise<Planned[]> {
  const plans = asked.map(async ({ suffix }) => {
    const cases = await held(connection, id + suffix).sweepPlan(plan)
    return cases.map(({ name, fault }) => ({ name: `${prefixOf(suffix)}${name}`, fault, suffix }))
  })
  return (await Promise.all(plans)).flat()
}

/** `-0123abcd` of a domain's name, as `0123abcd/`. */
function prefixOf(suffix: string): string {
  return suffix === '' ? '' : `${suffix.replace(/^-/, '')}/`
}

/** Cases by their whole name, or by what stands behind the domain. */
function chosen(cases: readonly Planned[], only: readonly string[]): readonly Planned[] {
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

type Limited = Sweeping & { readonly timeLimitMs: number }

/** So many at once as is wanted; each in fresh domains. Gives what there is when it is interrupted. */
async function tryAll(cases: readonly Planned[], sweeping: Limited): Promise<SweepResult[]> {
  const results: (SweepResult | undefined)[] = []
  const queue = cases.entries()
  const worker = async (): Promise<void> => {
    for (const [index, planned] of queue) {
      if (sweeping.signal.aborted) return
      const result = await tryCase(planned, sweeping)
      if (result === undefined) return
      results[index] = result
      sweeping.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: sweeping.parallel }, worker))
  return results.filter((result) => result !== undefined)
}

async function tryCase({ name, fault, suffix }: Planned, sweeping: Limited): Promise<SweepResult | undefined> {
  const { connection, domain, signal, baseline } = sweeping
  const id = newRunId()
  const begun = elapsedMs()
  try {
    const world = connection.domain(id + suffix)
    // A test sets the clock of its domain, which can be put forward, and not back.
    await world.access(suffix === '' ? domain : { clock: EARLIEST_CLOCK })
    await world.fault(fault)
    const { outcome, output } = await runIn(id, sweeping)
    if (signal.aborted) return undefined
    const durationMs = Math.round(elapsedMs() - begun)
    const hits = (await world.faults()).reduce((sum, each) => sum + each.hits, 0)
    const verdict = outcome === 'hung' ? 'hung' : hits === 0 ? 'missed' : outcome === 'passed' ? 'survived' : 'failed'
    const result = { name, fault, verdict, durationMs, output: verdict === 'survived' ? '' : output } as const
    return { ...result, isKnown: isKnown(result, baseline) }
  } finally {
    await dropAll(sweeping, id)
  }
}

async function runIn(id: string, { connection, run, domain, timeLimitMs, signal }: Limited): Promise<RunOutcome> {
  const world = connection.domain(id)
  const access = await world.access(domain)
  return run({ id, access, world, timeLimitMs, signal })
}

function held(connection: Sweeping['connection'], name: string): DomainHandle {
  return connection.domain(name, { create: false })
}

async function domainsOf({ domains }: Sweeping, id: string): Promise<string[]> {
  return (await domains()).filter((name) => name === id || name.startsWith(`${id}-`))
}

async function dropAll(sweeping: Sweeping, id: string): Promise<void> {
  for (const name of await domainsOf(sweeping, id)) await held(sweeping.connection, name).drop()
}

/** Twelve characters: with a test's part behind it, well below the 64 that a domain's name may have. */
function newRunId(): string {
  return freshId().replaceAll('-', '').slice(-12)
}
