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
import type { JobQuery, JobSpan } from '../store/job-store.ts'
import { blaming } from './blaming.ts'
import { clockAt } from './clock-state.ts'
import { applyCommand, type JobKey } from './apply-command.ts'
import { explain, type Explanation } from './explain.ts'
import { historyOf, type JobHistory } from './history.ts'
import type { DomainState } from './state.ts'
import { refuseDuplicates } from './refuse-duplicates.ts'
import { streamChanges } from './change-stream.ts'
import { hasStatus, waitForJob, type WaitRequest } from './job-wait.ts'
import { listJobs } from './listing.ts'
import { passage, type Passage } from './passage.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'

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

/** A list of jobs, as they were rendered. */
export interface JobReadings {
  readonly total: number
  readonly jobs: readonly string[]
  /** The time in which there is something to see, where timelines were asked for and there are jobs. */
  readonly span?: JobSpan | undefined
}

export type JobFilter = Pick<JobQuery, 'family' | 'skip' | 'limit'> &
  Partial<Pick<JobQuery, 'ids' | 'statuses' | 'operations' | 'sort'>> & {
    readonly at: Instant | undefined
    readonly timeline?: boolean
    /** Aborts when the answer with the list is sent, or its client is gone. */
    readonly over?: AbortSignal
  }

/** What an advance has changed: how much in all, and the first changes in order. */
export interface AdvanceResult {
  readonly now: Instant
  readonly total: number
  readonly transitions: Passage['transitions']
}

/** What somebody outside of the vendor's API can do with a domain, and see in it. Looks change nothing. */
export interface DomainControl {
  now: () => Instant
  clock: () => ClockReading
  /** False when the clock would go back in a domain that nothing was made in: it can, by being seeded again. */
  setClock: (change: ClockChange) => boolean
  advance: (advance: Advance, limit: number) => Promise<AdvanceResult>
  /** A large list is rendered in slices: `render` gets some jobs at a time, in order. */
  jobs: (filter: JobFilter, render: (step: readonly JobReading[]) => readonly string[]) => Promise<JobReadings>
  job: (
    id: string,
    at?: Instant,
  ) => JobReading & { readonly timeline: JobTimeline; readonly plan: Plan; readonly events: readonly JobEvent[] }
  countJobs: () => number
  signal: (id: string, name: string) => JobReading
  /** What a client's cancel does, without a client. */
  cancel: (id: string) => JobReading
  explain: (id: string) => Explanation
  /** Those of these jobs that there are, with all that became of each; deleted ones too. */
  histories: (ids: readonly string[]) => readonly JobHistory[]
  /** undefined: the time was up before the job was so. */
  wait: (id: string, request: WaitRequest) => Promise<JobReading | undefined>
  rules: () => readonly JobRule[]
  addRule: (rule: JobRuleSource) => JobRule
  clearRules: () => void
  scenarios: () => Readonly<Record<string, ScenarioSource>>
  defaultScenario: () => string | ScenarioSource
  setScenario: (name: string, source: ScenarioSource) => void
  setDefaultScenario: (scenario: string | ScenarioSource) => void
  configure: (change: {
    readonly settings?: Partial<Settings>
    readonly users?: readonly User[]
    readonly randomSeed?: number
  }) => void
  /**
   * Passes on every transition from now on, in order, as it comes about. `onEnd` is called where no more will come: the domain
   * was removed, or its data cannot be read. Gives a function that ends it.
   */
  watchTransitions: (onTransitions: (transitions: readonly Transition[]) => void, onEnd: () => void) => () => void
  /** Says that something in the domain changed, without saying what. Ends with the signal. */
  changes: (signal: AbortSignal) => AsyncIterable<void>
}

/** Transitions that an answer names without pausing. */
const STEP_TRANSITIONS = 500

export function createDomainControl(state: DomainState): DomainControl {
  const { now } = state
  const { jobs } = state.world.store
  const nextTransitionAt = (): Instant | undefined => jobs.nextTransitionAt(state.scope, now())

  function find(id: string): Job {
    if (state.isGone) throw new EmulatorError('notFound', `there is no domain named ${state.name} any more`)
    const job = jobs.find(state.scope, id)
    if (job === undefined)
      throw new EmulatorError('notFound', `there is no job ${id.slice(0, 100)} in the domain ${state.name}`)
    return job
  }

  /** Deleted jobs are gone for commands, as they are for clients. */
  const keyOf = (id: string): JobKey => ({ id, family: find(id).family })

  const read = (job: Job, at = now()): JobReading => {
    const view = state.viewAt(job, at)
    return {
      id: job.id,
      family: job.family,
      scenario: job.plan.kind === 'unfolding' ? job.plan.scenario : undefined,
      text: state.render(job, view),
      view,
    }
  }

  /** Where an advance leads, from this instant. */
  function goalOf(advance: Advance, from: Instant): Instant {
    if ('by' in advance) return from + advance.by
    if ('to' in advance) return advance.to
    return Math.max(from, ('next' in advance ? nextTransitionAt() : endOfJob(find(advance.untilJob), advance)) ?? from)
  }

  function endOfJob(job: Job, { is, max }: { is: string; max: Micros | undefined }): Instant {
    if (hasStatus(state.viewAt(job, now()), is)) return now()
    const { endsAt } = state.derived(job).times
    const latest = max === undefined ? undefined : now() + max
    if (endsAt !== undefined && hasStatus(state.viewAt(job, endsAt), is)) return Math.min(endsAt, latest ?? Infinity)
    if (latest !== undefined) return latest
    throw new EmulatorError(
      'conflict',
      `time alone never makes the job ${is}: ${explain(state, job).text}; give a max to advance by`,
    )
  }

  function* firstTransitions(from: Instant, to: Instant, limit: number): Sliced<Passage['transitions']> {
    const named: Passage['transitions'][number][] = []
    let cursor: Passage['next'] = { at: from, seq: Infinity }
    while (named.length < limit) {
      const step = passage(state, { from: cursor, to, limit: Math.min(limit - named.length, STEP_TRANSITIONS) })
      for (const transition of step.transitions) named.push(transition)
      if (step.next === undefined) break
      cursor = step.next
      yield
    }
    return named.slice(0, limit)
  }

  return {
    now,
    clock: () => {
      const { mode, rate } = state.record.clock
      return { mode, now: now(), rate, nextTransitionAt: nextTransitionAt() }
    },
    setClock: (change) =>
      state.command(() => {
        const present = now()
        const base = change.now ?? present
        if (base < present && state.record.isTouched)
          throw new EmulatorError(
            'conflict',
            'a clock cannot be set back under existing jobs',
            'reset the domain first',
          )
        if (base < present) return false
        const { clock } = state.record
        const changed = { ...clock, mode: change.mode ?? clock.mode, rate: change.rate ?? clock.rate }
        state.save({ clock: clockAt(changed, base, state.world.real) })
        return true
      }),
    advance: async (advance, limit) => {
      const { from, to } = state.command(() => {
        const present = now()
        const goal = goalOf(advance, present)
        if (goal < present) throw new EmulatorError('conflict', 'a clock cannot be set back under existing jobs')
        if (!isInCalendar(goal)) throw new EmulatorError('badRequest', `a clock cannot pass ${CALENDAR_END}`)
        state.moveTo(goal)
        return { from: present, to: goal }
      })
      const total = jobs.countDue(state.scope, from, to)
      const work = firstTransitions(from, to, Math.min(limit, total))
      const isSmall = Math.min(limit, total) <= STEP_TRANSITIONS
      return { now: to, total, transitions: isSmall ? atOnce(work) : await state.gate.run(() => inSlices(work)) }
    },
    jobs: async ({ at: asked, timeline = false, over, ...filter }, render) => {
      const at = asked ?? now()
      const everything = { ids: [], statuses: [], clouds: [], operations: [], sort: [] }
      const { total, entries } = await listJobs(
        state,
        { ...everything, ...filter, at },
        {
          render: (step) => {
            const found = step.flatMap((entry) => ('job' in entry ? [entry.job] : []))
            return render(
              found.map((job) => ({ ...read(job, at), ...(timeline && { timeline: timelineOf(job, at) }) })),
            )
          },
          asText: false,
          over,
        },
      )
      return { total, jobs: entries, ...(timeline && { span: jobs.span(state.scope) }) }
    },
    job: (id, at) => {
      const job = find(id)
      // As the list of that instant has it.
      if (at !== undefined && at < job.existsFrom)
        throw new EmulatorError('notFound', `the job ${job.id} was not there yet at that instant`)
      return { ...read(job, at), timeline: timelineOf(job, at ?? now()), plan: job.plan, events: job.events }
    },
    countJobs: () => jobs.count(state.scope),
    signal: (id, name) => read(applyCommand(state, keyOf(id), (job, at) => signal(job, at, name)).job),
    cancel: (id) => read(applyCommand(state, keyOf(id), (job, at) => cancel(job, at, state.settings)).job),
    explain: (id) => explain(state, find(id)),
    histories: (ids) =>
      ids.flatMap((id) => {
        const job = jobs.find(state.scope, id)
        return job === undefined ? [] : [historyOf(state, job)]
      }),
    wait: async (id, { is, ...request }) => {
      const look = (): JobReading | undefined => {
        const reading = read(find(id))
        return hasStatus(reading.view, is) ? reading : undefined
      }
      return waitForJob(state, id, { ...request, look })
    },
    rules: () => state.record.rules,
    addRule: (source) => {
      state.scenario(source.scenario)
      const times = source.times ?? 1
      const rule: JobRule = { ...source, id: freshId(), times, left: times }
      state.save({ rules: [...state.record.rules, rule] })
      return rule
    },
    clearRules: () => {
      state.save({ rules: [] })
    },
    scenarios: () => state.record.scenarios,
    defaultScenario: () => state.record.scenario ?? state.world.scenario,
    setScenario: (name, source) => {
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
      state.save({ scenarios })
    },
    setDefaultScenario: (scenario) => {
      state.scenario(scenario)
      state.save({ scenario })
    },
    configure: ({ settings = {}, ...change }) => {
      refuseDuplicates(change.users ?? [])
      state.save({ settings: { ...state.record.settings, ...settings }, ...change })
    },
    watchTransitions: (onTransitions, onEnd) => {
      const onReplaced = (): void => {
        if (state.isGone) onEnd()
      }
      return state.follower.follow({ onTransitions, onReplaced, onFailed: onEnd })
    },
    changes: (aborted) => streamChanges(state, aborted),
  }
}

function refuseScenarioName(name: string, source: ScenarioSource): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError('badRequest', 'a scenario has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
  if (source.name !== undefined && source.name !== name)
    throw new EmulatorError('badRequest', `/name is not ${name}, the name it is kept under`, undefined, '/name')
}
