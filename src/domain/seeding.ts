import { EmulatorError, prefixPointer } from '../errors.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Job } from '../model/job.ts'
import type { Seed } from '../model/seed.ts'
import type { ContentKey, JobWrite } from '../store/job-store.ts'
import type { DomainRecord } from '../store/store.ts'
import { actOnInventory } from './job-inventory.ts'
import { addResources, placedResources } from './seeded-resources.ts'
import { nextOccurrences, seededJobs, type SeededJobsOptions } from './seeded-jobs.ts'
import type { DomainServices } from './services.ts'
import { inSlices, type Sliced } from './slices.ts'
import { createDomainState, withAllOf, type DomainState } from './state.ts'

export interface AddSeedOptions {
  /** Checks the seed and changes nothing. */
  readonly dryRun?: boolean
}

/** Parsed seeds of domains, by document, so that a reset does not parse them again. */
const ownSeeds = new WeakMap<object, Seed>()

/** Fills an empty content with the resources and jobs that a domain starts with. */
export function* fillFromSeeds(state: DomainState, content: ContentKey): Sliced<void> {
  const own = yield* readOwnSeed(state)
  const filling = withAllOf(state, content)
  yield* addResources(filling, [
    ...configuredSeeds(state).flatMap((seed) => placedResources(seed)),
    ...(own === undefined ? [] : placedResources(own, '/seed')),
  ])
  for (const write of initialJobs(filling, own)) {
    if (!state.services.store.jobs.insert(content, write)) refuseTaken(filling, own, write.job.id)
    actOnInventory(filling, write.job, write.targets)
    yield
  }
}

/** The seeds of the configuration for the domain. */
function configuredSeeds({ services, name }: DomainState): Seed[] {
  return [...services.seeds.configured()].filter((seed) => isFor(seed, name))
}

/** Restores what a domain starts with, with these changes of its record. Runs behind the gate. */
export async function reseed(state: DomainState, change: Partial<DomainRecord>): Promise<void> {
  const { contents } = state.services
  const initial = createDomainState({ ...state.record, ...change }, state.services)
  const content = await contents.build((built) => fillFromSeeds(initial, built))
  state.replace({ ...change, content })
}

/**
 * Adds the jobs and resources of a seed document, all or none; returns how many. A large one is added in slices, and shown
 * once it is complete.
 */
export async function addSeed(
  state: DomainState,
  document: unknown,
  { dryRun = false }: AddSeedOptions,
): Promise<number> {
  const read = () => state.services.seeds.readDocument(document, state.ownScenario)
  const { jobs, resources } = await add(state, { read, dryRun, origin: 'seed', place: (index) => `/jobs/${index}` })
  return jobs.length + resources
}

/** Adds one job, written as in a seed document; returns its id. */
export async function addSeedJob(state: DomainState, element: unknown): Promise<string> {
  function* read(): Sliced<Seed> {
    yield
    return { domain: state.name, resources: [], jobs: [state.services.seeds.readJob(element, state.ownScenario)] }
  }
  const { jobs } = await add(state, { read, dryRun: false, origin: 'call', place: () => '' })
  return jobs[0] ?? ''
}

interface Addition extends Pick<SeededJobsOptions, 'origin' | 'place'> {
  readonly read: () => Sliced<Seed>
  readonly dryRun: boolean
}

/** What a seed has added. */
interface Added {
  /** Their ids. */
  readonly jobs: readonly string[]
  /** How many. */
  readonly resources: number
}

function add(state: DomainState, addition: Addition): Promise<Added> {
  return state.runAlone(async () => {
    // What an earlier, failed seed has left would occupy ids of this one.
    await trimPartialSeed(state)
    try {
      const added = await inSlices(insertAll(state, addition), state.command)
      await trimPartialSeed(state)
      return added
    } catch (error) {
      // The response is the error of the seed, not that of the trimming.
      await trimPartialSeed(state).catch(() => undefined)
      throw error
    }
  })
}

/** Adds what a seed has; of a dry run, it stays unseen. */
function* insertAll(state: DomainState, { read, dryRun, origin, place }: Addition): Sliced<Added> {
  const { jobs, resources, contents } = state.services.store
  const { scope } = state
  const seed = yield* read()
  const occurrences = yield* nextOccurrences(state, seed, place)
  state.save({ visibleTo: contents.lastSeq(scope.content) })
  const ids: string[] = []
  const adding = withAllOf(state, scope.content)
  const count = yield* addResources(adding, placedResources(seed))
  const later: { readonly job: Job; readonly targets: readonly string[] }[] = []
  for (const { job, ...write } of seededJobs(adding, seed, { occurrences, origin, place })) {
    if (!jobs.insert(scope.content, { job, ...write })) throw takenId(job.id)
    ids.push(job.id)
    // What clients see of other resources must not change before they see the job.
    const seen = write.targets.filter((id) => resources.find(state.scope, id) !== undefined)
    actOnInventory(
      adding,
      job,
      write.targets.filter((id) => !seen.includes(id)),
    )
    if (seen.length > 0) later.push({ job, targets: seen })
    yield
  }
  const added = { jobs: ids, resources: count }
  if (dryRun) return added
  for (const { job, targets } of later) actOnInventory(adding, job, targets)
  // Stores the instant that the clock shows, so that after a restart it cannot show one before the seeding.
  state.save({ visibleTo: undefined, isDirty: true, clock: state.clock() })
  return added
}

/** Deletes what a seed has added before it failed. If even that fails, the domain's next command or seed does it. */
async function trimPartialSeed(state: DomainState): Promise<void> {
  const { content, visibleTo } = state.record
  if (visibleTo === undefined) return
  const { contents, transaction } = state.services.store
  await inSlices(contents.trim(content, visibleTo), transaction)
  state.save({ visibleTo: undefined })
}

/** Whether a seed of the configuration is for a domain of that name, and not for every domain. */
export function hasOwnSeed({ seeds }: DomainServices, name: string): boolean {
  return [...seeds.configured()].some((seed) => seed.domain !== '*' && isFor(seed, name))
}

function isFor({ domain }: Seed, name: string): boolean {
  return matchesGlob(domain.toLowerCase(), name.toLowerCase())
}

function* readOwnSeed({ record, ownScenario, services }: DomainState): Sliced<Seed | undefined> {
  const { seed: document } = record.origin
  if (document === undefined) return undefined
  const known = typeof document === 'object' && document !== null ? ownSeeds.get(document) : undefined
  if (known !== undefined) return known
  const reading = services.seeds.readDocument(document, ownScenario)
  for (;;) {
    const step = prefixPointer('/seed', () => reading.next())
    if (step.done === true) {
      ownSeeds.set(document as object, step.value)
      return step.value
    }
    yield
  }
}

/** The jobs of the configuration's seeds for the domain, and of its own. */
function* initialJobs(state: DomainState, own: Seed | undefined): Iterable<JobWrite> {
  const shared = { occurrences: new Map<string, number>(), scenarios: new Map(), origin: 'seed' } as const
  for (const seed of configuredSeeds(state))
    yield* seededJobs(state, seed, { ...shared, place: (index) => `/jobs/${index}` })
  if (own !== undefined) yield* seededJobs(state, own, { ...shared, place: (index) => `/seed/jobs/${index}` })
}

/** Throws that an id is taken, with the place of its second occurrence. */
function refuseTaken(state: DomainState, own: Seed | undefined, id: string): never {
  let times = 0
  for (const { job } of initialJobs(state, own)) {
    if (job.id === id) times += 1
    if (times === 2) break
  }
  if (state.record.origin.seed !== undefined) throw takenId(id)
  return state.services.seeds.refuseTaken(id)
}

function takenId(id: string): EmulatorError {
  return new EmulatorError('conflict', `there is a job ${id} in the domain already`)
}
