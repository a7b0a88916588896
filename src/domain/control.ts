import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, type ClockMode } from '../model/domain.ts'
import type { FamilyName } from '../model/family.ts'
import { freshId } from '../model/identifiers.ts'
import type { JobTimeline } from '../model/job-timeline.ts'
import { type Job, type JobEvent, type JobView, type Transition } from '../model/job.ts'
import type { Plan } from '../model/plan.ts'
import type { JobRule, JobRuleSource } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import { CALENDAR_END, isInCalendar, type Instant, type Micros } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { cancel, signal } from '../simulator/commands.ts'
import { timelineOf } from '../simulator/timeline-of.ts'
import { elapsedMs } from '../timers.ts'
import type { JobQuery, JobSpan, StoredJob } from '../store/job-store.ts'
import { blaming } from './blaming.ts'
import { clockAt } from './clock.ts'
import { decide, findJob } from './decide.ts'
import { explain, type Explanation } from './explain.ts'
import { historyOf, type JobHistory } from './history.ts'
import type { DomainState } from './state.ts'
import { streamChanges } from './change-stream.ts'
import { streamTransitions } from './transition-stream.ts'
import { refuseDuplicates } from './users.ts'
import { nextTransitionAt, passage, sleepUntilNews, type Passage } from './timeline.ts'

export interface ClockReading {
  readonly mode: ClockMode
  readonly now: Instant
  readonly rate: number
  readonly nextTransitionAt: Instant | undefined
}

export interface ClockChange {
  readonly mode?: ClockMode | undefined
  readonly now?: Instant | undefined
  readonly rate?: number | undefined
}

/** How far to advance: by so much, to an instant, to the next transition, or until a job is in a state. */
export type Advance =
  | { readonly by: Micros }
  | { readonly to: Instant }
  | { readonly next: true }
  | { readonly untilJob: string; readonly is: string; readonly max: Micros | undefined }

/** A job at an instant, as the control API shows it. */
export interface JobReading {
  readonly id: string
  readonly family: FamilyName
  readonly scenario: string | undefined
  /** The vendor document, as JSON text. */
  readonly text: string
  readonly view: JobView
  /** Where it was asked for. */
  readonly timeline?: JobTimeline
}

export interface JobReadings {
  readonly total: number
  readonly jobs: readonly JobReading[]
  /** The time in which there is something to see, where timelines were asked for and there are jobs. */
  readonly span?: JobSpan | undefined
}

export type JobFilter = Pick<JobQuery, 'family' | 'skip' | 'limit'> &
  Partial<Pick<JobQuery, 'ids' | 'statuses' | 'operations' | 'sort'>> & {
    readonly at: Instant | undefined
    readonly timeline?: boolean
  }

export interface WaitRequest {
  /** `final`, or a status. */
  readonly is: string
  /** Real time. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What somebody outside of the vendor's API can do with a domain, and see in it. Looks change nothing. */
export interface DomainControl {
  now: () => Instant
  clock: () => Promise<ClockReading>
  /** False when the clock would go back: only a domain that nothing was made in can, by being seeded again. */
  setClock: (change: ClockChange) => Promise<boolean>
  advance: (advance: Advance, limit: number) => Promise<Passage & { readonly now: Instant }>
  jobs: (filter: JobFilter) => Promise<JobReadings>
  job: (
    id: string,
    at?: Instant,
  ) => Promise<
    JobReading & { readonly timeline: JobTimeline; readonly plan: Plan; readonly events: readonly JobEvent[] }
  >
  countJobs: () => Promise<number>
  signal: (id: string, name: string) => Promise<JobReading>
  /** What a client's cancel does, without a client. */
  cancel: (id: string) => Promise<JobReading>
  explain: (id: string) => Promise<Explanation>
  /** Those of these jobs that there are, with all that became of each; deleted ones too. */
  histories: (ids: readonly string[]) => Promise<readonly JobHistory[]>
  /** undefined: the time was up before the job was so. */
  wait: (id: string, request: WaitRequest) => Promise<JobReading | undefined>
  rules: () => readonly JobRule[]
  addRule: (rule: JobRuleSource) => Promise<JobRule>
  clearRules: () => Promise<void>
  scenarios: () => Readonly<Record<string, ScenarioSource>>
  defaultScenario: () => string | ScenarioSource
  setScenario: (name: string, source: ScenarioSource) => Promise<void>
  setDefaultScenario: (scenario: string | ScenarioSource) => Promise<void>
  configure: (change: {
    readonly settings?: Partial<Settings>
    readonly users?: readonly User[]
    readonly randomSeed?: number
  }) => Promise<void>
  /** Every transition from now on, as it comes about. Ends with the signal. */
  transitions: (signal: AbortSignal) => AsyncIterable<Transition>
  /** Says that something in the domain changed, without saying what. Ends with the signal. */
  changes: (signal: AbortSignal) => AsyncIterable<void>
}

export function createDomainControl(state: DomainState): DomainControl {
  const { now } = state
  const { jobs } = state.world

  async function find(id: string): Promise<StoredJob> {
    const stored = await jobs.find(state.key, id)
    if (stored === undefined)
      throw new EmulatorError('notFound', `there is no job ${id.slice(0, 100)} in the domain ${state.name}`)
    return stored
  }

  const read = (job: Job, at = now()): JobReading => ({
    id: job.id,
    family: job.family,
    scenario: job.plan.kind === 'unfolding' ? job.plan.scenario : undefined,
    text: state.textAt(job, at),
    view: state.viewAt(job, at),
  })

  /** An instant that has to be looked up first; a running clock may be past it by then. */
  async function lookedUp(advance: Advance): Promise<Instant | undefined> {
    if ('next' in advance) return nextTransitionAt(state)
    return 'untilJob' in advance ? endOfJob((await find(advance.untilJob)).job, advance) : undefined
  }

  function endOfJob(job: Job, { is, max }: { is: string; max: Micros | undefined }): Instant {
    const current = state.viewAt(job, now())
    if (isSo(current, is)) return now()
    const { endsAt } = state.derived(job).times
    const furthest = max === undefined ? undefined : now() + max
    if (endsAt !== undefined && isSo(state.viewAt(job, endsAt), is)) return Math.min(endsAt, furthest ?? Infinity)
    if (furthest !== undefined) return furthest
    throw new EmulatorError(
      'conflict',
      `time alone never makes the job ${is}: ${explain(state, job).text}; give a max to advance by`,
    )
  }

  return {
    now,
    clock: async () => {
      const { mode, rate } = state.record.clock
      return { mode, now: now(), rate, nextTransitionAt: await nextTransitionAt(state) }
    },
    setClock: async (change) => {
      // One look at a clock that may be running.
      const present = now()
      const base = change.now ?? present
      if (base < present) return false
      const { clock } = state.record
      const changed = { ...clock, mode: change.mode ?? clock.mode, rate: change.rate ?? clock.rate }
      await state.save({ clock: clockAt(changed, base, state.world.real) })
      return true
    },
    advance: async (advance, limit) => {
      const found = await lookedUp(advance)
      // Read and moved in one go: two advances at once add up, and a running clock never goes back.
      const from = now()
      const to = goalOf(advance, from, found)
      if (to < from) throw new EmulatorError('conflict', 'a clock cannot be set back under existing jobs')
      if (!isInCalendar(to)) throw new EmulatorError('badRequest', `a clock cannot pass ${CALENDAR_END}`)
      await state.moveTo(to)
      return { now: to, ...(await passage(state, { from, to, limit })) }
    },
    jobs: async ({ at: asked, timeline = false, ...filter }) => {
      const at = asked ?? now()
      const everything = { ids: [], statuses: [], clouds: [], operations: [], sort: [] }
      const page = await jobs.page(state.key, { ...everything, ...filter, at, asText: false })
      return {
        total: page.total,
        jobs: page.entries.flatMap((entry) => {
          if (!('stored' in entry)) return []
          const { job } = entry.stored
          return [{ ...read(job, at), ...(timeline && { timeline: timelineOf(job, at) }) }]
        }),
        ...(timeline && { span: await jobs.span(state.key) }),
      }
    },
    job: async (id, at) => {
      const { job } = await find(id)
      // As the list of that instant has it.
      if (at !== undefined && at < job.existsFrom)
        throw new EmulatorError('notFound', `the job ${job.id} was not there yet at that instant`)
      return { ...read(job, at), timeline: timelineOf(job, at ?? now()), plan: job.plan, events: job.events }
    },
    countJobs: async () => jobs.count(state.key),
    signal: async (id, name) => read((await decide(state, await find(id), (job, at) => signal(job, at, name))).job),
    cancel: async (id) => {
      const stored = await find(id)
      const { family } = stored.job
      // Deleted ones are gone for a cancel, as they are for clients.
      const alive = await findJob(state, { family, id })
      return read((await decide(state, alive, (job, at) => cancel(job, at, state.settings))).job)
    },
    explain: async (id) => explain(state, (await find(id)).job),
    histories: async (ids) => {
      const found = await Promise.all(ids.map(async (id) => jobs.find(state.key, id)))
      return found.flatMap((stored) => (stored === undefined ? [] : [historyOf(state, stored.job)]))
    },
    wait: async (id, request) => {
      const deadline = elapsedMs() + request.timeoutMs
      for (;;) {
        const since = state.changes.count
        const { job } = await find(id)
        const lookedAt = now()
        const reading = read(job, lookedAt)
        if (isSo(reading.view, request.is)) return reading
        const left = deadline - elapsedMs()
        if (left <= 0 || request.signal.aborted) return undefined
        await sleepUntilNews(state, { signal: request.signal, since, lookedAt, atMostMs: left })
      }
    },
    rules: () => state.record.rules,
    addRule: async (source) => {
      state.scenario(source.scenario)
      const times = source.times ?? 1
      const rule: JobRule = { ...source, id: freshId(), times, left: times }
      await state.save({ rules: [...state.record.rules, rule] })
      return rule
    },
    clearRules: async () => state.save({ rules: [] }),
    scenarios: () => state.record.scenarios,
    defaultScenario: () => state.record.scenario ?? state.world.scenario,
    setScenario: async (name, source) => {
      refuseScenarioName(name, source)
      const scenarios = { ...state.record.scenarios, [name]: source }
      // Read before it is kept, under its own name, and whatever in the domain extends it with it.
      const find = (named: string | ScenarioSource) =>
        state.world.findScenario(named, (other) => (Object.hasOwn(scenarios, other) ? scenarios[other] : undefined))
      find(name)
      for (const heir of Object.keys(state.record.scenarios))
        blaming(`with it the scenario ${heir} would be wrong`, () => find(heir))
      const { scenario: byDefault } = state.record
      if (byDefault !== undefined)
        blaming("with it the domain's default scenario would be wrong", () => find(byDefault))
      for (const { id, scenario, left } of state.record.rules)
        if (left > 0) blaming(`with it the job rule ${id} would be wrong`, () => find(scenario))
      await state.save({ scenarios })
    },
    setDefaultScenario: async (scenario) => {
      state.scenario(scenario)
      await state.save({ scenario })
    },
    configure: async ({ settings = {}, ...change }) => {
      refuseDuplicates(change.users ?? [])
      await state.save({ settings: { ...state.record.settings, ...settings }, ...change })
    },
    transitions: (aborted) => streamTransitions(state, aborted),
    changes: (aborted) => streamChanges(state, aborted),
  }
}

function refuseScenarioName(name: string, source: ScenarioSource): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError('badRequest', 'a scenario has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
  if (source.name !== undefined && source.name !== name)
    throw new EmulatorError('badRequest', `/name is not ${name}, the name it is kept under`, undefined, '/name')
}

function goalOf(advance: Advance, from: Instant, found: Instant | undefined): Instant {
  if ('by' in advance) return from + advance.by
  return 'to' in advance ? advance.to : Math.max(from, found ?? from)
}

function isSo({ status, isFinal }: JobView, is: string): boolean {
  return is === 'final' ? isFinal : status === is
}
