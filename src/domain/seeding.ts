import { EmulatorError } from '../errors.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Seed } from '../model/seed.ts'
import type { ContentKey, JobWrite } from '../store/job-store.ts'
import {
  occurrencesOf,
  seededJobs,
  under,
  type SeedingOptions,
  type SeedOrigin,
  type ToRequest,
} from './seeded-jobs.ts'
import { inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

/** Where the seeds of domains come from. */
export interface SeedSources {
  /** The seeds of the configuration. */
  readonly seeds: () => Iterable<Seed>
  /** Reads a seed document that came over the control API, for a domain that has scenarios of its own; throws what is wrong with it. */
  readonly readSeed: (document: unknown, own: DomainState['ownScenario']) => Sliced<Seed>
  readonly toRequest: ToRequest
  /** A seed of the configuration has a job whose id the domain has already; throws, and says where in the seed. */
  readonly onTaken: (id: string) => never
}

export interface AddOptions {
  readonly dryRun?: boolean
  readonly origin?: SeedOrigin
}

/** What puts seeds into domains. */
export interface DomainSeeds {
  /** Fills an empty content with the jobs that a domain begins with. */
  fill: (state: DomainState, content: ContentKey) => Sliced<void>
  /** Adds the jobs of one more seed, all or none; gives their ids. A large one goes in in slices, and is seen once it is whole. */
  add: (state: DomainState, document: unknown, options: AddOptions) => Promise<readonly string[]>
  forget: (state: DomainState) => void
}

export function createDomainSeeds({ seeds, readSeed, toRequest, onTaken }: SeedSources): DomainSeeds {
  const own = new Map<string, { readonly document: unknown; readonly seed: Seed }>()

  /** The seed that a domain was made with, read once for all resets. */
  function* ownSeed({ id, record, ownScenario }: DomainState): Sliced<Seed | undefined> {
    const { seed: document } = record.origin
    if (document === undefined) return undefined
    const known = own.get(id)
    if (known?.document === document) return known.seed
    const reading = readSeed(document, ownScenario)
    for (;;) {
      const step = under('/seed', () => reading.next())
      if (step.done === true) {
        own.set(id, { document, seed: step.value })
        return step.value
      }
      yield
    }
  }

  /** The jobs of the configuration's seeds for the domain, and of its own. */
  function* firstJobs(state: DomainState, last: Seed | undefined): Iterable<JobWrite> {
    const seeding: SeedingOptions = { toRequest, occurrences: new Map(), scenarios: new Map(), origin: 'seed' }
    for (const each of seeds())
      if (matchesGlob(each.domain.toLowerCase(), state.name.toLowerCase())) yield* seededJobs(state, each, seeding)
    if (last !== undefined) yield* seededJobs(state, last, { ...seeding, place: '/seed' })
  }

  /** The error about a taken id names the place where it comes the second time. */
  function refuseTaken(state: DomainState, last: Seed | undefined, id: string): never {
    let times = 0
    for (const { job } of firstJobs(state, last)) {
      if (job.id === id) times += 1
      if (times === 2) break
    }
    return state.record.origin.seed === undefined ? onTaken(id) : refuseId(id)
  }

  function* adding(state: DomainState, document: unknown, { dryRun, origin = 'seed' }: AddOptions): Sliced<string[]> {
    const { jobs, contents } = state.world.store
    const { scope } = state
    const seed = yield* readSeed(document, state.ownScenario)
    const occurrences = yield* occurrencesOf(state, seed, toRequest)
    if (dryRun !== true) state.save({ visibleTo: contents.lastSeq(scope.content) })
    const ids: string[] = []
    for (const write of seededJobs(state, seed, { toRequest, occurrences, origin })) {
      const { id } = write.job
      const isTaken = dryRun === true ? jobs.find(scope, id) !== undefined : !jobs.insert(scope.content, write)
      if (isTaken) refuseId(id)
      ids.push(id)
      yield
    }
    // A seeded job may have begun before the instant at which it was made, which a running clock must not fall behind.
    if (dryRun !== true) state.save({ visibleTo: undefined, isTouched: true, clock: state.clock() })
    return ids
  }

  return {
    *fill(state, content) {
      const last = yield* ownSeed(state)
      for (const write of firstJobs(state, last)) {
        if (!state.world.store.jobs.insert(content, write)) refuseTaken(state, last, write.job.id)
        yield
      }
    },
    add: (state, document, options) =>
      state.gate.run(async () => {
        // What an earlier seed has left would take the ids of this one.
        if (options.dryRun !== true) await takeBack(state)
        try {
          return await inSlices(adding(state, document, options), state.command)
        } catch (error) {
          // The seed's own error is the one to answer.
          await takeBack(state).catch(() => undefined)
          throw error
        }
      }),
    forget: ({ id }) => void own.delete(id),
  }
}

/** Deletes what a seed has added before it failed. Where even that fails, the domain's next command or seed does it. */
async function takeBack(state: DomainState): Promise<void> {
  const { content, visibleTo } = state.record
  if (visibleTo === undefined) return
  const { contents, transaction } = state.world.store
  await inSlices(contents.trim(content, visibleTo), transaction)
  state.save({ visibleTo: undefined })
}

function refuseId(id: string): never {
  throw new EmulatorError('conflict', `there is a job ${id} in the domain already`)
}
