import { EmulatorError } from '../errors.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Seed } from '../model/seed.ts'
import type { JobWrite } from '../store/job-store.ts'
import type { DomainRecord, FirstJobs } from '../store/store.ts'
import {
  occurrencesOf,
  seededJobs,
  takenId,
  under,
  type SeedingOptions,
  type SeedOrigin,
  type ToRequest,
} from './seeding.ts'
import type { DomainState } from './state.ts'

/** Where the seeds of domains come from. */
export interface SeedSources {
  /** The seeds of the configuration. */
  readonly seeds: () => Iterable<Seed>
  /** Reads a seed document that came over the control API, for a domain that has scenarios of its own; throws what is wrong with it. */
  readonly readSeed: (document: unknown, own: DomainState['ownScenario']) => Seed
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
  /** The jobs that a domain begins with, once it is one that jobs can be made for. */
  first: (stateOf: (record: DomainRecord) => DomainState) => FirstJobs
  /** Adds the jobs of one more seed, all or none; gives their ids. */
  add: (state: DomainState, seed: Seed, options: AddOptions) => Promise<readonly string[]>
  forget: (state: DomainState) => void
}

export function createDomainSeeds({ seeds, readSeed, toRequest, onTaken }: SeedSources): DomainSeeds {
  const own = new Map<string, { readonly document: unknown; readonly seed: Seed }>()

  /** The seed that a domain was made with, read once for all resets. */
  function ownSeed({ id, record, ownScenario }: DomainState): Seed | undefined {
    const { seed: document } = record.origin
    if (document === undefined) return undefined
    const known = own.get(id)
    if (known?.document === document) return known.seed
    const seed = under('/seed', () => readSeed(document, ownScenario))
    own.set(id, { document, seed })
    return seed
  }

  /** The jobs of the configuration's seeds for the domain, and of its own. */
  function* firstJobs(state: DomainState): Iterable<JobWrite> {
    const seeding: SeedingOptions = { toRequest, occurrences: new Map(), scenarios: new Map(), origin: 'seed' }
    const last = ownSeed(state)
    for (const each of seeds())
      if (matchesGlob(each.domain.toLowerCase(), state.name.toLowerCase())) yield* seededJobs(state, each, seeding)
    if (last !== undefined) yield* seededJobs(state, last, { ...seeding, place: '/seed' })
  }

  /** Whose id is taken is told where it comes the second time. */
  function refuseTaken(state: DomainState, id: string): never {
    let times = 0
    for (const { job } of firstJobs(state)) {
      if (job.id === id) times += 1
      if (times === 2) break
    }
    return state.record.origin.seed === undefined ? onTaken(id) : refuseId(id)
  }

  return {
    first: (stateOf) => ({
      writes: (record) => firstJobs(stateOf(record)),
      onTaken: (id, record) => refuseTaken(stateOf(record), id),
    }),
    add: async (state, seed, { dryRun = false, origin = 'seed' }) => {
      const { jobs } = state.world
      const occurrences = await occurrencesOf(state, seed, toRequest)
      const writes = [...seededJobs(state, seed, { toRequest, occurrences, origin })]
      const taken = dryRun ? await takenId(state, writes) : (await jobs.insertAll(state.key, writes)).taken
      if (taken !== undefined) refuseId(taken)
      // A seeded job may have begun before the instant at which it was made, which a running clock must not fall behind.
      if (!dryRun) await state.save({ isTouched: true, clock: state.clock() })
      return writes.map(({ job }) => job.id)
    },
    forget: ({ id }) => void own.delete(id),
  }
}

function refuseId(id: string): never {
  throw new EmulatorError('conflict', `there is a job ${id} in the domain already`)
}
