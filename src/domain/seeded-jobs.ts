import { EmulatorError, prefixPointer } from '../errors.ts'
import type { JobRequest } from '../model/family.ts'
import type { ScenarioChoice } from '../model/plan.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { CapturedJob, RequestedJob, Seed, SeedInstant, SeedJob } from '../model/seed.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { contentHash, drawKey } from '../simulator/random.ts'
import type { JobWrite } from '../store/job-store.ts'
import { defaultChoice } from './create-job.ts'
import { createJobInventory } from './job-inventory.ts'
import { jobFromCapture, jobFromRequest } from './new-job.ts'
import type { Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

export interface SeededJobsOptions {
  /** How many jobs the domain has had of each request so far, by content. */
  readonly occurrences: Map<string, number>
  /** The source of the named scenarios: a seed, or a call that adds one job. */
  readonly origin: Extract<ScenarioChoice, 'seed' | 'call'>
  /** The JSON pointer to a job in the request body, by its index. */
  readonly place: (index: number) => string
  /** Scenarios found so far, by name or object. */
  readonly scenarios?: Map<string | ScenarioSource, Scenario>
}

/** The jobs of a seed, created one at a time on demand, so that a large seed is never in memory as a whole. */
export function* seededJobs(state: DomainState, { jobs }: Seed, options: SeededJobsOptions): Iterable<JobWrite> {
  const context = { scenarios: new Map<string | ScenarioSource, Scenario>(), ...options, now: state.now() }
  let index = 0
  for (const seedJob of jobs) {
    yield seededJob(state, seedJob, { ...context, index })
    index += 1
  }
}

/** The number of jobs that the domain has had of each request in a seed. */
export function* nextOccurrences(
  state: DomainState,
  { jobs }: Seed,
  place: SeededJobsOptions['place'],
): Sliced<Map<string, number>> {
  const { store } = state.services
  const occurrences = new Map<string, number>()
  let index = 0
  for (const seedJob of jobs) {
    if (seedJob.kind === 'requested') {
      const { content } = requestOf(state, seedJob, place(index))
      if (!occurrences.has(content))
        occurrences.set(content, store.jobs.nextOccurrence(state.scope, contentHash(content)))
    }
    index += 1
    yield
  }
  return occurrences
}

function requestOf({ services, settings }: DomainState, { family, request }: RequestedJob, place: string): JobRequest {
  return prefixPointer(`${place}/request`, () => services.seeds.readRequest(family, request, settings))
}

interface SeededJobContext extends Required<SeededJobsOptions> {
  readonly index: number
  readonly now: Instant
}

function seededJob(state: DomainState, seedJob: SeedJob, context: SeededJobContext): JobWrite {
  const { now, index, occurrences, place } = context
  const { settings, record, services } = state
  const rules = services.familyOf(seedJob.family)
  const options = { ...scenarioOf(state, seedJob, context), inventory: createJobInventory(state), rules, settings, now }
  if (seedJob.kind === 'captured') {
    const key = drawKey(record.randomSeed, seedJob.text, 0)
    const job = jobFromCapture(moved(state, seedJob, context), { ...options, key })
    return { job, requestHash: undefined, occurrence: undefined, ...state.derived(job) }
  }
  const request = requestOf(state, seedJob, place(index))
  const occurrence = occurrences.get(request.content) ?? 0
  occurrences.set(request.content, occurrence + 1)
  const { createdAt } = seedJob
  const job = jobFromRequest(request, {
    ...options,
    key: drawKey(record.randomSeed, request.content, occurrence),
    isClientsOwn: false,
    createdAt: instantOf(createdAt, now),
  })
  return { job, requestHash: contentHash(request.content), occurrence, ...state.derived(job) }
}

function instantOf(instant: SeedInstant, now: Instant): Instant {
  return 'at' in instant ? instant.at : toInstant(now - instant.before)
}

function moved({ services }: DomainState, job: CapturedJob, { now, place, index }: SeededJobContext): CapturedJob {
  if (job.movedTo === undefined) return job
  const there = services.seeds.moveJob(job, instantOf(job.movedTo, now))
  if (there !== undefined) return there
  const pointer = `${place(index)}/createdAt`
  throw new EmulatorError(
    'badRequest',
    `${pointer} moves an instant of the job out of the calendar`,
    undefined,
    pointer,
  )
}

function scenarioOf(
  state: DomainState,
  { scenario: own }: SeedJob,
  { scenarios, place, index, origin }: SeededJobContext,
): { readonly scenario: Scenario; readonly chosenBy: ScenarioChoice } {
  const { named, chosenBy } = own === undefined ? defaultChoice(state) : { named: own, chosenBy: origin }
  const known = scenarios.get(named)
  if (known !== undefined) return { scenario: known, chosenBy }
  const scenario = prefixPointer(`${place(index)}/scenario`, () => state.scenario(named))
  scenarios.set(named, scenario)
  return { scenario, chosenBy }
}
