import type { JobRequest } from '../model/family.ts'
import type { Fault } from '../model/fault.ts'
import type { Arrival, JournalEntry, RequestQuery } from '../model/journal.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Job } from '../model/job.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { cancel, poll, remove } from '../simulator/commands.ts'
import type { JobQuery, PageEntry } from '../store/job-store.ts'
import { createDomainControl, type DomainControl } from './control.ts'
import { choose, insertRequested } from './creation.ts'
import { decide, findJob, type JobKey } from './decide.ts'
import { createFaults, type Faults } from './faults.ts'
import { createJournal, type Journal } from './journal.ts'
import { nearestMiss, type NearestMiss } from './nearest-miss.ts'
import { pollingReport, type PollingReport } from './polling-report.ts'
import type { DomainState } from './state.ts'

/** A page of jobs as vendor JSON. */
export interface JobListing {
  readonly total: number
  readonly resources: readonly string[]
}

/** A job as a client sees it, as vendor JSON. */
export interface SeenJob {
  readonly text: string
  readonly isFinal: boolean
}

/** What a client asks of a list; the instant is the domain's to say. */
export type ListRequest = Omit<JobQuery, 'at' | 'asText'>

/** One isolated world: own jobs, own clock. Reads the store, asks the simulator, appends. */
export interface Domain {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  readonly users: readonly User[]
  /** What draws of its jobs are keyed by. */
  readonly randomSeed: number
  /** Whether anything was made in it since its seed. */
  readonly isTouched: boolean
  readonly requests: Journal
  readonly faults: Faults
  /** What the control API does with it. */
  readonly control: DomainControl
  now: () => Instant
  /** Enters a request that is refused before any fault could meet it. */
  enter: (arrival: Arrival) => JournalEntry
  /** Enters a request into the journal, with the fault that hits it: one synchronous step, on arrival. */
  arrive: (arrival: Arrival) => JournalEntry
  /** Closes the entry of a request; the status is that of the answer that went out, if one did. */
  answered: (entry: JournalEntry, status: number | undefined, durationMs: number) => void
  /** How the jobs were polled, all or one of them, as far as the journal goes back. */
  pollingReport: (job?: string) => PollingReport
  /** The request that comes nearest to what a query asks for without being it. */
  nearestRequest: (query: RequestQuery) => NearestMiss | undefined
  createJob: (request: JobRequest, scenario?: string | ScenarioSource) => Promise<string>
  /** The job as an API client sees it, which counts as a poll and moves a `step` clock. */
  viewJob: (key: JobKey) => Promise<SeenJob>
  /** The job as it is, by a look that nothing notices. */
  peekJob: (key: JobKey) => Promise<string>
  listJobs: (request: ListRequest) => Promise<JobListing>
  cancelJob: (key: JobKey) => Promise<string>
  deleteJob: (key: JobKey) => Promise<void>
}

export function createDomain(state: DomainState): Domain {
  const { jobs } = state.world
  const { now, textAt } = state
  const requests = createJournal()
  const faults = createFaults(state)
  const find = async (key: JobKey) => findJob(state, key)

  function enter(arrival: Arrival, fault: Fault | undefined): JournalEntry {
    const entry = newEntry(state, arrival, fault)
    requests.open(entry)
    return entry
  }

  async function createJob(request: JobRequest, scenario?: string | ScenarioSource): Promise<string> {
    const choice = await choose(state, request, scenario)
    return textAt(await insertRequested(state, { request, choice, at: now() }), now())
  }

  async function viewJob(key: JobKey): Promise<SeenJob> {
    const { family, id } = key
    const text = await jobs.finalText(state.key, { family, id, at: now() })
    return text === undefined ? viewRunningJob(key) : { text, isFinal: true }
  }

  async function viewRunningJob(key: JobKey): Promise<SeenJob> {
    const { job } = await decide(state, await find(key), poll)
    if (state.record.clock.mode === 'step') await step(job)
    const view = state.viewAt(job, now())
    return { text: state.render(job, view), isFinal: view.isFinal }
  }

  /** A look at a running job moves a `step` clock to what happens to it next. */
  async function step(job: Job): Promise<void> {
    const { nextTransitionAt } = state.viewAt(job, now())
    if (nextTransitionAt !== undefined) await state.moveTo(nextTransitionAt)
  }

  return {
    id: state.id,
    name: state.name,
    get settings() {
      return state.settings
    },
    get users() {
      return state.record.users
    },
    get randomSeed() {
      return state.record.randomSeed
    },
    get isTouched() {
      return state.record.isTouched
    },
    requests,
    faults,
    control: createDomainControl(state),
    now: () => now(),
    enter: (arrival) => enter(arrival, undefined),
    arrive: (arrival) => {
      const entry = enter(arrival, faults.take(arrival))
      entry.isCounted = true
      return entry
    },
    answered: (entry, status, durationMs) => {
      entry.status = status
      entry.durationMs = durationMs
      entry.elapsedAnsweredAt = state.world.real.elapsed()
      entry.answeredAt = now(entry.elapsedAnsweredAt)
      requests.close(entry)
    },
    pollingReport: (job) => pollingReport(requests.find(), job),
    nearestRequest: (query) => nearestMiss(requests.find(), query),
    createJob,
    viewJob,
    peekJob: async (key) => textAt((await find(key)).job, now()),
    listJobs: async (request) => {
      const at = now()
      const { total, entries } = await jobs.page(state.key, { ...request, at, asText: true })
      return { total, resources: entries.map((entry) => textOf(state, entry, at)) }
    },
    cancelJob: async (key) => {
      const { job, at } = await decide(state, await find(key), (found, instant) =>
        cancel(found, instant, state.settings),
      )
      return textAt(job, at)
    },
    deleteJob: async (key) => {
      await decide(state, await find(key), (found, instant) => remove(found, instant, state.settings))
    },
  }
}

function newEntry(state: DomainState, arrival: Arrival, fault: Fault | undefined): JournalEntry {
  const { real } = state.world
  const elapsedAt = real.elapsed()
  return {
    ...arrival,
    at: state.now(elapsedAt),
    realAt: real.calendar(),
    elapsedAt,
    isCounted: false,
    fault,
    body: undefined,
    omitted: undefined,
    showedEnd: false,
    answer: undefined,
    retryAfter: undefined,
    status: undefined,
    durationMs: undefined,
    answeredAt: undefined,
    elapsedAnsweredAt: undefined,
  }
}

function textOf(state: DomainState, entry: PageEntry, at: Instant): string {
  return 'text' in entry ? entry.text : state.textAt(entry.stored.job, at)
}
