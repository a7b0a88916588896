import type { JobRequest } from '../model/family.ts'
import type { Arrival, RequestQuery } from '../model/journal.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Job } from '../model/job.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { cancel, poll, remove } from '../simulator/commands.ts'
import type { JobQuery, PageEntry } from '../store/job-store.ts'
import { applyCommand, findJob, type JobKey } from './apply-command.ts'
import { createDomainControl, type DomainControl } from './jobs.ts'
import { createJob } from './create-job.ts'
import { createFaults, type Faults } from './faults.ts'
import { createJournal, type Journal, type Moment, type OpenEntry } from '../journal/journal.ts'
import { listJobs } from './listing.ts'
import { nearestMiss, type NearestMiss } from '../journal/nearest-miss.ts'
import { pollingReport, type PollingReport } from '../journal/polling-report.ts'
import type { DomainState } from './state.ts'

/** A page of jobs as vendor JSON. */
export interface JobListing {
  readonly total: number
  /** Jobs with commas between them, some to a text: a large list is never one text. */
  readonly resources: readonly string[]
}

/** A job as a client sees it, as vendor JSON. */
export interface SeenJob {
  readonly text: string
  readonly isFinal: boolean
}

/** What a client asks of a list; the instant is the domain's to say. */
export type ListRequest = Omit<JobQuery, 'at'>

/** One isolated world: own jobs, own clock. Reads the store, asks the simulator, appends. */
export interface Domain {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  readonly users: readonly User[]
  /** What draws of its jobs are keyed by. */
  readonly randomSeed: number
  readonly requests: Journal
  readonly faults: Faults
  /** What the control API does with it. */
  readonly control: DomainControl
  /** Resolves once no large call of the domain is under way; undefined if none is. Calls that write wait for it. */
  readonly busy: Promise<unknown> | undefined
  now: () => Instant
  /** Opens the journal entry of a request, with the fault that hits it: one synchronous step, on arrival. */
  recordArrival: (arrival: Arrival) => OpenEntry
  /** Opens the journal entry of a request that was refused before it could be matched against faults. */
  recordRefused: (arrival: Arrival) => OpenEntry
  /** How the jobs were polled, all or one of them, as far as the journal goes back. */
  pollingReport: (job?: string) => PollingReport
  /** The request that comes nearest to what a query asks for without being it. */
  nearestRequest: (query: RequestQuery) => NearestMiss | undefined
  createJob: (request: JobRequest, scenario?: string | ScenarioSource) => { readonly id: string; readonly text: string }
  /** The job as an API client sees it, which counts as a poll and moves a `step` clock. */
  viewJob: (key: JobKey) => SeenJob
  /** Whether such a view would change something. */
  viewWrites: (key: JobKey) => boolean
  /** The job as it is, by a look that nothing notices. */
  peekJob: (key: JobKey) => string
  /** Large lists are rendered in slices, one at a time. `over` aborts when the answer is sent or its client is gone. */
  listJobs: (request: ListRequest, over: AbortSignal) => Promise<JobListing>
  cancelJob: (key: JobKey) => string
  deleteJob: (key: JobKey) => void
}

export function createDomain(state: DomainState): Domain {
  const { jobs } = state.world.store
  const { now, textAt } = state
  const requests = createJournal(state.world.journals, () => momentOf(state))
  const faults = createFaults(state)

  function viewRunningJob(key: JobKey): SeenJob {
    return state.command(() => {
      const { job } = applyCommand(state, key, poll)
      if (state.record.clock.mode === 'step') step(job)
      const view = state.viewAt(job, now())
      return { text: state.render(job, view), isFinal: view.isFinal }
    })
  }

  /** A look at a running job moves a `step` clock to what happens to it next. */
  function step(job: Job): void {
    const { nextTransitionAt } = state.viewAt(job, now())
    if (nextTransitionAt !== undefined) state.moveTo(nextTransitionAt)
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
    get busy() {
      return state.gate.busy
    },
    requests,
    faults,
    control: createDomainControl(state),
    now: () => now(),
    recordArrival: (arrival) => requests.open(arrival, { countedByFaults: true, fault: faults.take(arrival) }),
    recordRefused: (arrival) => requests.open(arrival, { countedByFaults: false, fault: undefined }),
    pollingReport: (job) => pollingReport(requests.find(), job),
    nearestRequest: (query) => nearestMiss(requests.find(), query),
    createJob: (request, scenario) => {
      const job = createJob(state, request, scenario)
      return { id: job.id, text: textAt(job, now()) }
    },
    viewJob: (key) => {
      const text = jobs.finalText(state.scope, { ...key, at: now() })
      return text === undefined ? viewRunningJob(key) : { text, isFinal: true }
    },
    viewWrites: ({ id }) => {
      const job = jobs.find(state.scope, id)
      if (job?.plan.kind !== 'unfolding' || state.viewAt(job, now()).isFinal) return false
      return state.record.clock.mode === 'step' || job.plan.endings.some(({ trigger }) => trigger.kind === 'polls')
    },
    peekJob: (key) => textAt(findJob(state, key), now()),
    listJobs: async (request, over) => {
      const at = now()
      const query = { ...request, at }
      const textOf = (entry: PageEntry): string => ('text' in entry ? entry.text : textAt(entry.job, at))
      const { total, entries } = await listJobs(state, query, {
        render: (step) => [step.map(textOf).join(',')],
        asText: true,
        over,
      })
      return { total, resources: entries }
    },
    cancelJob: (key) => {
      const { job, at } = applyCommand(state, key, (found, instant) => cancel(found, instant, state.settings))
      return textAt(job, at)
    },
    deleteJob: (key) => {
      applyCommand(state, key, (found, instant) => remove(found, instant, state.settings))
    },
  }
}

function momentOf({ world: { real }, now }: DomainState): Moment {
  const elapsedAt = real.elapsed()
  return { at: now(elapsedAt), receivedAt: real.calendar(), elapsedAt }
}
