import { EmulatorError } from '../errors.ts'
import type { ClockState } from '../model/domain.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import type { Job, JobView } from '../model/job.ts'
import type { ScenarioChoice } from '../model/plan.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { SeedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { cancel, poll, remove, type Decision } from '../simulator/commands.ts'
import { jobAt } from '../simulator/job-at.ts'
import { jobTimes } from '../simulator/job-times.ts'
import { contentHash, type DrawKey } from '../simulator/random.ts'
import type { JobQuery, JobWrite, PageEntry, StoredJob } from '../store/job-store.ts'
import type { DomainRecord } from '../store/store.ts'
import { clockAt, clockNow } from './clock.ts'
import { jobFromCapture, jobFromRequest, type Making } from './new-job.ts'
import type { World } from './world.ts'

/** A page of jobs as vendor JSON. */
export interface JobListing {
  readonly total: number
  readonly resources: readonly string[]
}

/** What a client asks of a list; the instant is the domain's to say. */
export type ListRequest = Omit<JobQuery, 'at'>

/** A job that a client meant: by family, since a path of one does not show the other's jobs. */
export interface JobKey {
  readonly family: FamilyName
  readonly id: string
}

/** A refusal of the simulator, as clients are told. */
const REFUSALS = {
  'cancel-rejected': 'the job cannot be cancelled',
  'already-finished': 'the job is finished',
  'still-running': 'the job is in progress',
  'not-waiting': 'the job does not wait for that signal',
} as const

/** One isolated world: own jobs, own clock. Reads the store, asks the simulator, appends. */
export interface Domain {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  now: () => Instant
  createJob: (request: JobRequest, scenario?: string | ScenarioSource) => Promise<string>
  /** The job as an API client sees it, which counts as a poll and moves a `step` clock. */
  viewJob: (key: JobKey) => Promise<string>
  /** The job as it is, by a look that nothing notices. */
  peekJob: (key: JobKey) => Promise<string>
  listJobs: (request: ListRequest) => Promise<JobListing>
  cancelJob: (key: JobKey) => Promise<string>
  deleteJob: (key: JobKey) => Promise<void>
  /** Adds all or none; gives the id that was there already, if one was. */
  seed: (jobs: Iterable<SeedJob>, toRequest: ToRequest) => Promise<{ readonly taken: string | undefined }>
}

/** Reads the create request of a seeded job; throws what is wrong with it. */
export type ToRequest = (family: FamilyName, body: unknown, settings: Settings) => JobRequest

export function createDomain(initial: DomainRecord, world: World): Domain {
  let record = initial
  let settings = { ...world.settings, ...initial.settings }
  const { jobs, realNow } = world
  const { key: domainKey, id: domainId } = initial

  const now = (): Instant => clockNow(record.clock, realNow())

  const render = (job: Job, view: JobView): string => world.renderJob(job, view, { domainId, settings })

  async function save(change: { readonly clock: ClockState }): Promise<void> {
    record = { ...record, ...change }
    settings = { ...world.settings, ...record.settings }
    await world.domains.save(record)
  }

  function making(
    choice: { named: string | ScenarioSource; chosenBy: ScenarioChoice },
    key: DrawKey,
    at: Instant,
  ): Making {
    return { scenario: world.findScenario(choice.named), chosenBy: choice.chosenBy, settings, key, now: at }
  }

  function choose(header: string | ScenarioSource | undefined): {
    named: string | ScenarioSource
    chosenBy: ScenarioChoice
  } {
    if (header !== undefined) return { named: header, chosenBy: 'header' }
    if (record.scenario !== undefined) return { named: record.scenario, chosenBy: 'domain' }
    return { named: world.scenario, chosenBy: 'configuration' }
  }

  function writeOf(job: Job, content: number | undefined): JobWrite {
    return { job, content, ...derived(job) }
  }

  /** What is fixed at write time: instants for lists, and the last document where the end is known. */
  function derived(job: Job): Pick<JobWrite, 'times' | 'finalText'> {
    const times = jobTimes(job.plan, job.events)
    const finalText = times.endsAt === undefined ? undefined : render(job, jobAt(job.plan, job.events, Infinity))
    return { times, finalText }
  }

  async function createJob(request: JobRequest, scenario?: string | ScenarioSource): Promise<string> {
    const at = now()
    const choice = choose(scenario)
    const content = contentHash(request.content)
    const occurrence = await jobs.occurrences(domainKey, content)
    const job = requestedJob(request, { choice, occurrence, at })
    if (await jobs.insert(domainKey, writeOf(job, content))) return render(job, jobAt(job.plan, job.events, at))
    // Somebody else's equal request came in between: this is the next occurrence.
    return createJob(request, scenario)
  }

  interface RequestedJobParts {
    readonly choice: { readonly named: string | ScenarioSource; readonly chosenBy: ScenarioChoice }
    readonly occurrence: number
    readonly at: Instant
  }

  function requestedJob(request: JobRequest, { choice, occurrence, at }: RequestedJobParts): Job {
    const key = { seed: record.randomSeed, content: request.content, occurrence }
    return jobFromRequest(request, { ...making(choice, key, now()), cloud: world.cloudOf(request.family), at })
  }

  async function find({ family, id }: JobKey): Promise<StoredJob> {
    const stored = await jobs.find(domainKey, id)
    if (stored?.job.family !== family || jobAt(stored.job.plan, stored.job.events, now()).isDeleted)
      throw new EmulatorError('notFound', 'Resource not found')
    return stored
  }

  async function viewJob(key: JobKey): Promise<string> {
    const text = await jobs.finalText(domainKey, { ...key, at: now() })
    return text ?? viewRunningJob(key)
  }

  async function viewRunningJob(key: JobKey): Promise<string> {
    const { job } = await decide(key, (found, at) => poll(found, at))
    const view = jobAt(job.plan, job.events, now())
    if (record.clock.mode !== 'step' || view.nextTransitionAt === undefined) return render(job, view)
    await save({ clock: clockAt(record.clock, view.nextTransitionAt, realNow()) })
    return render(job, jobAt(job.plan, job.events, now()))
  }

  /** The way of every command: find, decide, append if nobody was faster. */
  async function decide(key: JobKey, command: (job: Job, at: Instant) => Decision): Promise<{ job: Job; at: Instant }> {
    const { job, version } = await find(key)
    const at = now()
    const decision = command(job, at)
    if ('refusal' in decision) throw new EmulatorError('conflict', REFUSALS[decision.refusal])
    if (decision.event === undefined) return { job, at }
    const changed = { ...job, events: [...job.events, decision.event] }
    const append = { id: job.id, event: decision.event, expectedVersion: version, ...derived(changed) }
    return (await jobs.append(domainKey, append)) ? { job: changed, at } : decide(key, command)
  }

  async function listJobs(request: ListRequest): Promise<JobListing> {
    const at = now()
    const { total, entries } = await jobs.page(domainKey, { ...request, at })
    return { total, resources: entries.map((entry) => textOf(entry, at)) }
  }

  function textOf(entry: PageEntry, at: Instant): string {
    if ('text' in entry) return entry.text
    const { job } = entry.stored
    return render(job, jobAt(job.plan, job.events, at))
  }

  function* seededJobs(seedJobs: Iterable<SeedJob>, toRequest: ToRequest): Iterable<JobWrite> {
    const at = now()
    const occurrences = new Map<string, number>()
    for (const seedJob of seedJobs) {
      const choice = { named: seedJob.scenario ?? world.scenario, chosenBy: 'seed' } as const
      if (seedJob.kind === 'captured') {
        const key = { seed: record.randomSeed, content: seedJob.text, occurrence: 0 }
        yield writeOf(jobFromCapture(seedJob, making(choice, key, at)), undefined)
      } else {
        const request = toRequest(seedJob.family, seedJob.request, settings)
        const occurrence = occurrences.get(request.content) ?? 0
        occurrences.set(request.content, occurrence + 1)
        const { createdAt } = seedJob
        const created = 'at' in createdAt ? createdAt.at : at - createdAt.before
        yield writeOf(requestedJob(request, { choice, occurrence, at: created }), contentHash(request.content))
      }
    }
  }

  return {
    id: domainId,
    name: initial.name,
    get settings() {
      return settings
    },
    now,
    createJob,
    viewJob,
    peekJob: async (key) => {
      const { job } = await find(key)
      return render(job, jobAt(job.plan, job.events, now()))
    },
    listJobs,
    cancelJob: async (key) => {
      const { job, at } = await decide(key, (found, instant) => cancel(found, instant, settings))
      return render(job, jobAt(job.plan, job.events, at))
    },
    deleteJob: async (key) => {
      await decide(key, (found, instant) => remove(found, instant, settings))
    },
    seed: async (seedJobs, toRequest) => jobs.insertAll(domainKey, seededJobs(seedJobs, toRequest)),
  }
}
