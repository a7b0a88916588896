import type { FamilyName, JobRequest } from '../model/family.ts'
import type { Seed, SeedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { contentHash } from '../simulator/random.ts'
import type { JobWrite } from '../store/job-store.ts'
import { jobFromCapture, jobFromRequest } from './new-job.ts'
import type { DomainState } from './state.ts'

/** Reads the create request of a seeded job; throws what is wrong with it. */
export type ToRequest = (family: FamilyName, body: unknown, settings: Settings) => JobRequest

/** The jobs of seeds, one by one as they are asked for, so that a large seed is never in memory as a whole. */
export function* seededJobs(state: DomainState, seeds: Iterable<Seed>, toRequest: ToRequest): Iterable<JobWrite> {
  const at = state.now()
  const occurrences = new Map<string, number>()
  for (const { jobs } of seeds)
    for (const seedJob of jobs) yield seededJob(state, seedJob, { at, occurrences, toRequest })
}

interface Seeding {
  readonly at: Instant
  /** How often each request has come up so far. */
  readonly occurrences: Map<string, number>
  readonly toRequest: ToRequest
}

function seededJob(state: DomainState, seedJob: SeedJob, { at, occurrences, toRequest }: Seeding): JobWrite {
  const { settings, record, world } = state
  const scenario = state.scenario(seedJob.scenario ?? record.scenario ?? world.scenario)
  const making = { scenario, chosenBy: 'seed', settings, now: at } as const
  if (seedJob.kind === 'captured') {
    const key = { seed: record.randomSeed, content: seedJob.text, occurrence: 0 }
    const job = jobFromCapture(seedJob, { ...making, key })
    return { job, content: undefined, ...state.derived(job) }
  }
  const request = toRequest(seedJob.family, seedJob.request, settings)
  const occurrence = occurrences.get(request.content) ?? 0
  occurrences.set(request.content, occurrence + 1)
  const { createdAt } = seedJob
  const created = 'at' in createdAt ? createdAt.at : at - createdAt.before
  const key = { seed: record.randomSeed, content: request.content, occurrence }
  const job = jobFromRequest(request, { ...making, key, cloud: world.cloudOf(request.family), at: created })
  return { job, content: contentHash(request.content), ...state.derived(job) }
}
