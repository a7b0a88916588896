import { EmulatorError } from '../errors.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import type { ScenarioChoice } from '../model/plan.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Seed, SeedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { contentHash, drawKey } from '../simulator/random.ts'
import type { JobWrite } from '../store/job-store.ts'
import { defaultChoice, type Choice } from './create-job.ts'
import { jobFromCapture, jobFromRequest } from './new-job.ts'
import type { Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

/** Scenarios as they were found, by how they were named. */
type FoundScenarios = Map<string | ScenarioSource, Scenario>

/** Reads the create request of a seeded job; throws what is wrong with it. */
export type ToRequest = (family: FamilyName, body: unknown, settings: Settings) => JobRequest

/** A seed, or a call that makes one job. */
export type SeedOrigin = Extract<ScenarioChoice, 'seed' | 'call'>

/** How the jobs of a seed are made. */
export interface SeedingOptions {
  readonly toRequest: ToRequest
  /** How often each request has come up in the domain so far. */
  readonly occurrences: Map<string, number>
  /** Where the jobs come from: what chose the scenarios that they name themselves. */
  readonly origin: SeedOrigin
  /** Where the seed stands in what was sent, as the beginning of a JSON pointer. */
  readonly place?: string
  /** Each is found once for all jobs that name it. */
  readonly scenarios?: FoundScenarios
}

/** The jobs of a seed, one by one as they are asked for, so that a large seed is never in memory as a whole. */
export function* seededJobs(state: DomainState, { jobs }: Seed, options: SeedingOptions): Iterable<JobWrite> {
  const { place = '', scenarios = new Map() } = options
  const at = state.now()
  let index = 0
  const seeding = { ...options, at, scenarios, place: () => `${place}/jobs/${index}` }
  for (const seedJob of jobs) {
    yield seededJob(state, seedJob, seeding)
    index += 1
  }
}

/** How often each request of a seed has been made in a domain that has jobs already. */
export function* occurrencesOf(
  { scope, settings, world }: DomainState,
  { jobs }: Seed,
  toRequest: ToRequest,
): Sliced<Map<string, number>> {
  const known = new Map<string, number>()
  let index = 0
  for (const seedJob of jobs) {
    if (seedJob.kind === 'requested') {
      const { family, request } = seedJob
      const { content } = under(`/jobs/${index}/request`, () => toRequest(family, request, settings))
      if (!known.has(content)) known.set(content, world.store.jobs.nextOccurrence(scope, contentHash(content)))
    }
    index += 1
    yield
  }
  return known
}

/** Says of what is wrong with a part where in the whole it is. */
export function under<T>(place: string | (() => string), read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof EmulatorError) || error.pointer === undefined) throw error
    throw new EmulatorError(
      'badRequest',
      error.message,
      error.hint,
      `${typeof place === 'string' ? place : place()}${error.pointer}`,
    )
  }
}

interface Seeding extends Omit<SeedingOptions, 'place'> {
  readonly at: Instant
  readonly scenarios: FoundScenarios
  /** Where the job stands; asked for only when something is wrong with it. */
  readonly place: () => string
}

function choiceOf(state: DomainState, { scenario }: SeedJob, origin: SeedOrigin): Choice {
  return scenario === undefined ? defaultChoice(state) : { named: scenario, chosenBy: origin }
}

function scenarioOf(state: DomainState, { named }: Choice, { scenarios, place }: Seeding): Scenario {
  const known = scenarios.get(named)
  if (known !== undefined) return known
  const found = under(
    () => `${place()}/scenario`,
    () => state.scenario(named),
  )
  scenarios.set(named, found)
  return found
}

function seededJob(state: DomainState, seedJob: SeedJob, seeding: Seeding): JobWrite {
  const { at, occurrences, toRequest, place, origin } = seeding
  const { settings, record, world } = state
  const choice = choiceOf(state, seedJob, origin)
  const making = { scenario: scenarioOf(state, choice, seeding), chosenBy: choice.chosenBy, settings, now: at }
  if (seedJob.kind === 'captured') {
    const job = jobFromCapture(seedJob, { ...making, randomSeed: record.randomSeed })
    return { job, requestHash: undefined, occurrence: undefined, ...state.derived(job) }
  }
  const request = under(
    () => `${place()}/request`,
    () => toRequest(seedJob.family, seedJob.request, settings),
  )
  const occurrence = occurrences.get(request.content) ?? 0
  occurrences.set(request.content, occurrence + 1)
  const { createdAt } = seedJob
  const created = 'at' in createdAt ? createdAt.at : at - createdAt.before
  const key = drawKey(record.randomSeed, request.content, occurrence)
  const job = jobFromRequest(request, {
    ...making,
    key,
    isClientsOwn: false,
    cloud: world.cloudOf(request.family),
    at: created,
  })
  return { job, requestHash: contentHash(request.content), occurrence, ...state.derived(job) }
}
