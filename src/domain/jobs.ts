import { EmulatorError } from '../errors.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import type { JobTimeline } from '../model/job-timeline.ts'
import type { Job, JobView } from '../model/job.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Instant } from '../model/time.ts'
import { cancel, poll, remove, signal, type Decision } from '../simulator/commands.ts'
import { timelineOf } from '../simulator/timeline-of.ts'
import type { JobQuery, JobSpan, PageEntry } from '../store/job-store.ts'
import { applyCommand, findJob, findJobById, type JobKey } from './apply-command.ts'
import { createJob } from './create-job.ts'
import { explain, type Explanation } from './explain.ts'
import { historyOf, type JobHistory } from './history.ts'
import { hasStatus, waitForJob, type WaitRequest } from './job-wait.ts'
import { renderList } from './listing.ts'
import { addSeedJob } from './seeding.ts'
import type { DomainState } from './state.ts'

/** A page of jobs as vendor JSON. */
interface JobPageTexts {
  readonly total: number
  /** Each text has several jobs, separated by commas: a large list never becomes one string. */
  readonly resources: readonly string[]
}

/** A job at an instant. */
export interface JobReading {
  readonly id: string
  readonly family: FamilyName
  readonly scenario: string | undefined
  /** The vendor document, as JSON text. */
  readonly text: string
  readonly view: JobView
  /** Present if requested. */
  readonly timeline?: JobTimeline
}

/** A list of jobs, as `render` wrote them. */
interface JobReadings {
  readonly total: number
  readonly jobs: readonly string[]
  /** The time range in which jobs change, if timelines were requested and there are jobs. */
  readonly span?: JobSpan | undefined
}

type JobFilter = Pick<JobQuery, 'family' | 'skip' | 'limit'> &
  Partial<Pick<JobQuery, 'ids' | 'statuses' | 'operations' | 'sort'>> & {
    readonly at: Instant | undefined
    readonly timeline?: boolean
    /** Aborts when the response is sent, or when its client disconnects. */
    readonly closed?: AbortSignal
  }

interface JobRendering {
  readonly render: (step: readonly PageEntry[]) => readonly string[]
  /** Whether finished jobs are read as the text that was kept of them. */
  readonly asText: boolean
}

/** The jobs of a domain: first what API clients do with them, then what the control API adds. */
export interface Jobs {
  create: (request: JobRequest, scenario?: string | ScenarioSource) => { readonly id: string; readonly text: string }
  /** The job as an API client sees it; counts as a poll and moves a `step` clock. */
  view: (key: JobKey) => { readonly text: string; readonly isFinal: boolean }
  /** True if `view` would write. */
  viewWrites: (key: JobKey) => boolean
  /** The same without counting as a poll. */
  peek: (key: JobKey) => { readonly text: string; readonly isFinal: boolean }
  /** Large lists are rendered in slices, one at a time. `closed` aborts when the response is sent or its client disconnects. */
  page: (query: Omit<JobQuery, 'at'>, closed: AbortSignal) => Promise<JobPageTexts>
  delete: (key: JobKey) => void
  /** Without a family, as in the control API, a job of any family matches. */
  cancel: (id: string, family?: FamilyName) => JobReading

  /** Adds a job, written as in a seed document. */
  add: (element: unknown) => Promise<JobReading>
  count: () => number
  get: (id: string, at?: Instant) => JobReading & Pick<Job, 'plan' | 'events'> & { readonly timeline: JobTimeline }
  /** `render` gets the jobs in order, some at a time. */
  list: (filter: JobFilter, render: (step: readonly JobReading[]) => readonly string[]) => Promise<JobReadings>
  signal: (id: string, name: string) => JobReading
  explain: (id: string) => Explanation
  /** The existing ones of these jobs with all their changes; deleted ones too. */
  histories: (ids: readonly string[]) => readonly JobHistory[]
  /** Resolves once the job has the status; undefined after the timeout. */
  wait: (id: string, request: WaitRequest) => Promise<JobReading | undefined>
}

export function createJobs(state: DomainState): Jobs {
  const { now, services } = state
  const { jobs } = services.store

  const read = (job: Job, at = now()): JobReading => {
    const view = state.viewAt(job, at)
    const { id, family, plan } = job
    const scenario = plan.kind === 'unfolding' ? plan.scenario : undefined
    return { id, family, scenario, text: state.render(job, view), view }
  }

  const listed = (query: JobQuery, { render, asText }: JobRendering) => ({
    count: () => jobs.count(state.scope),
    page: () => jobs.page(state.scope, query),
    entries: (seqs: readonly number[]) => jobs.entries(state.scope, seqs, { at: query.at, asText }),
    render,
  })

  /** One command, so that the job is read at the instant of its event. */
  const command = (key: JobKey, decide: (job: Job, at: Instant) => Decision): JobReading =>
    state.command(() => read(applyCommand(state, key, decide)))

  const viewRunning = (key: JobKey): JobReading =>
    state.command(() => {
      const job = applyCommand(state, key, poll)
      const { nextTransitionAt } = state.viewAt(job, now())
      if (state.record.clock.mode === 'step' && nextTransitionAt !== undefined) state.moveTo(nextTransitionAt)
      return read(job)
    })

  return {
    create: (request, scenario) => {
      const job = createJob(state, request, scenario)
      return { id: job.id, text: state.render(job, state.viewAt(job, now()), { isCreate: true }) }
    },
    view: (key) => {
      const text = jobs.finalText(state.scope, { ...key, at: now() })
      if (text !== undefined) return { text, isFinal: true }
      const running = viewRunning(key)
      return { text: running.text, isFinal: running.view.isFinal }
    },
    viewWrites: ({ id, family }) => {
      const job = jobs.find(state.scope, id)
      if (job?.plan.kind !== 'unfolding' || job.family !== family) return false
      const { isFinal, isDeleted } = state.viewAt(job, now())
      if (isFinal || isDeleted) return false
      return state.record.clock.mode === 'step' || job.plan.endings.some(({ trigger }) => trigger.kind === 'polls')
    },
    peek: (key) => {
      const { text, view } = read(findJob(state, key))
      return { text, isFinal: view.isFinal }
    },
    page: async (query, closed) => {
      const at = now()
      const textOf = (entry: PageEntry): string => ('text' in entry ? entry.text : state.textAt(entry.job, at))
      const render = (step: readonly PageEntry[]) => [step.map(textOf).join(',')]
      const { total, entries } = await renderList(state, listed({ ...query, at }, { render, asText: true }), {
        limit: query.limit,
        closed,
      })
      return { total, resources: entries }
    },
    delete: (key) => {
      applyCommand(state, key, (job, at) => remove(job, at, state.settings))
    },
    cancel: (id, family = findJobById(state, id).family) =>
      command({ id, family }, (job, at) => cancel(job, at, cancelRules(state, family))),

    add: async (element) => read(findJobById(state, await addSeedJob(state, element))),
    count: () => jobs.count(state.scope),
    get: (id, at) => {
      const job = findJobById(state, id)
      // Agrees with the list at that instant.
      if (at !== undefined && at < job.existsFrom)
        throw new EmulatorError('notFound', `the job ${job.id} did not exist at that instant`)
      return { ...read(job, at), timeline: timelineOf(job, at ?? now()), plan: job.plan, events: job.events }
    },
    list: async ({ at: asked, timeline = false, closed, ...filter }, render) => {
      const at = asked ?? now()
      const query = { ids: [], statuses: [], clouds: [], operations: [], sort: [], ...filter, at }
      const readEntry = (entry: PageEntry): JobReading[] => {
        if (!('job' in entry)) return []
        const reading = read(entry.job, at)
        return [timeline ? { ...reading, timeline: timelineOf(entry.job, at) } : reading]
      }
      const renderEntries = (step: readonly PageEntry[]) => render(step.flatMap(readEntry))
      const { total, entries } = await renderList(state, listed(query, { render: renderEntries, asText: false }), {
        limit: query.limit,
        closed,
      })
      return { total, jobs: entries, ...(timeline && { span: jobs.span(state.scope) }) }
    },
    signal: (id, name) => command({ id, family: findJobById(state, id).family }, (job, at) => signal(job, at, name)),
    explain: (id) => explain(state, findJobById(state, id)),
    histories: (ids) =>
      ids.flatMap((id) => {
        const job = jobs.find(state.scope, id)
        return job === undefined ? [] : [historyOf(state, job)]
      }),
    wait: (id, { is, ...request }) => {
      const look = (): JobReading | undefined => {
        const reading = read(findJobById(state, id))
        return hasStatus(reading.view, is) ? reading : undefined
      }
      return waitForJob(state, id, { ...request, look })
    },
  }
}

function cancelRules({ services, settings }: DomainState, family: FamilyName): Parameters<typeof cancel>[2] {
  return services.familyOf(family).course === undefined ? settings : { cancelFinished: 'refuse' }
}
