import type { JobRequest } from '../model/family.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { cancel, poll, remove } from '../simulator/commands.ts'
import type { JobQuery, PageEntry } from '../store/job-store.ts'
import { createDomainControl, type DomainControl } from './control.ts'
import { choose, insertRequested } from './creation.ts'
import { decide, findJob, type JobKey } from './decide.ts'
import { createRequestFeed, type RequestFeed } from './request-feed.ts'
import type { DomainState } from './state.ts'

/** A page of jobs as vendor JSON. */
export interface JobListing {
  readonly total: number
  readonly resources: readonly string[]
}

/** What a client asks of a list; the instant is the domain's to say. */
export type ListRequest = Omit<JobQuery, 'at' | 'asText'>

/** One isolated world: own jobs, own clock. Reads the store, asks the simulator, appends. */
export interface Domain {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  readonly users: readonly User[]
  /** Whether anything was made in it since its seed. */
  readonly isTouched: boolean
  readonly requests: RequestFeed
  /** What the control API does with it. */
  readonly control: DomainControl
  now: () => Instant
  createJob: (request: JobRequest, scenario?: string | ScenarioSource) => Promise<string>
  /** The job as an API client sees it, which counts as a poll and moves a `step` clock. */
  viewJob: (key: JobKey) => Promise<string>
  /** The job as it is, by a look that nothing notices. */
  peekJob: (key: JobKey) => Promise<string>
  listJobs: (request: ListRequest) => Promise<JobListing>
  cancelJob: (key: JobKey) => Promise<string>
  deleteJob: (key: JobKey) => Promise<void>
}

export function createDomain(state: DomainState): Domain {
  const { jobs } = state.world
  const { now, textAt } = state
  const find = async (key: JobKey) => findJob(state, key)

  async function createJob(request: JobRequest, scenario?: string | ScenarioSource): Promise<string> {
    const choice = await choose(state, request, scenario)
    return textAt(await insertRequested(state, { request, choice, at: now() }), now())
  }

  async function viewJob(key: JobKey): Promise<string> {
    const text = await jobs.finalText(state.key, { ...key, at: now() })
    return text ?? viewRunningJob(key)
  }

  async function viewRunningJob(key: JobKey): Promise<string> {
    const { job } = await decide(state, await find(key), poll)
    const { nextTransitionAt } = state.viewAt(job, now())
    if (state.record.clock.mode === 'step' && nextTransitionAt !== undefined) await state.moveTo(nextTransitionAt)
    return textAt(job, now())
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
    get isTouched() {
      return state.record.isTouched
    },
    requests: createRequestFeed(),
    control: createDomainControl(state),
    now,
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

function textOf(state: DomainState, entry: PageEntry, at: Instant): string {
  return 'text' in entry ? entry.text : state.textAt(entry.stored.job, at)
}
