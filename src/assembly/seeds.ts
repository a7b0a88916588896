import { fileURLToPath } from 'node:url'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/config.ts'
import type { Domains } from '../domain/registry.ts'
import { EmulatorError, StartError } from '../errors.ts'
import type { ScenarioCatalogue } from '../files/scenarios.ts'
import { openSeeds, readSeedDocument, type SeedSet } from '../files/seeds.ts'
import { readSeedElement } from '../files/seed-element.ts'
import { createTakenIds } from '../files/taken-ids.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import { matchesGlob } from '../model/glob.ts'
import type { ScenarioLookup } from '../model/read-scenario.ts'
import type { Seed, SeedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Secrets } from '../model/secrets.ts'
import { familyOf, readCreateRequest } from '../wire/families.ts'
import { invalid } from './invalid.ts'

export interface SeedOptions {
  readonly catalogue: ScenarioCatalogue
  readonly fixtures: URL
  readonly onProgress?: (jobs: number) => void
}

/** The seeds of the configuration; those that ship where it names none, undefined where it wants none. */
export async function seedsOf(
  { seed, settings }: Config,
  { catalogue, fixtures, ...options }: SeedOptions,
): Promise<SeedSet | undefined> {
  if (seed === 'none') return undefined
  const opened = await openSeeds(seed ?? [fileURLToPath(new URL('seeds/', fixtures))], {
    ...options,
    scenarios: catalogue,
  })
  try {
    checkLaterSeeds(opened, settings)
  } catch (error) {
    throw atSeed(error, opened)
  }
  return opened
}

/** Root's seeds are read right after; those of other domains wait for a sign-in, which is too late to find them bad. */
function checkLaterSeeds(opened: SeedSet, settings: Settings): void {
  const seeds = [...opened.seeds()].map((seed) => ({ ...seed, domain: seed.domain.toLowerCase() }))
  const others = seeds.filter(({ domain }) => domain !== ROOT_DOMAIN)
  const isForRootToo = ({ domain }: Seed): boolean => matchesGlob(domain, ROOT_DOMAIN)
  // What root gets alone is checked as root gets it.
  if (others.length === 1 && others.every(isForRootToo)) return
  const isTaken = createTakenIds()
  for (const seed of others)
    for (const job of seed.jobs)
      if (job.kind === 'requested') {
        if (!isForRootToo(seed)) toRequest(job.family, job.request, settings)
      } else if (isTaken(job.id, seed.domain))
        throw new StartError(
          [`${opened.where('/id')}: the id ${job.id} is taken by an earlier job of ${seed.domain}`],
          2,
        )
}

/** What was refused while a seed was read, told with the place in the file. */
export function atSeed(error: unknown, seeds: SeedSet | undefined): unknown {
  if (!(error instanceof EmulatorError) || seeds === undefined) return error
  return new StartError([`${seeds.where('/request')}: ${error.message.replaceAll('\n', ' ')}`], 2)
}

export interface SeedFollowing {
  readonly config: Config
  readonly seeds: SeedSet | undefined
  readonly secrets: Secrets
  readonly log: FastifyBaseLogger | undefined
}

/** Seeds that changed since the data was made are applied when asked for, and mentioned when not. */
export async function followSeeds(domains: Domains, { config, seeds, secrets, log }: SeedFollowing): Promise<void> {
  if (config.data === undefined || seeds === undefined) return
  const known = secrets.get(SEED_FINGERPRINT)
  if (known !== undefined && !config.reseed && secrets.get(SEED_STAMP) === seeds.stamp) return
  if (known !== undefined && known !== seeds.fingerprint && !config.reseed) {
    log?.warn('the seeds changed since the data was made, and were not applied: --reseed puts the domains back to them')
    return
  }
  if (known !== undefined && config.reseed) for (const domain of domains.all()) await domain.reset()
  secrets.set(SEED_FINGERPRINT, seeds.fingerprint)
  secrets.set(SEED_STAMP, seeds.stamp)
}

const SEED_FINGERPRINT = 'seed-fingerprint'
const SEED_STAMP = 'seed-stamp'

/** Reads a seed document that came over the control API, for a domain that has scenarios of its own. */
export function* readSeedOf(
  document: unknown,
  { names, source }: ScenarioCatalogue,
  own: ScenarioLookup,
): Generator<void, Seed> {
  const reading = yield* readSeedDocument(document, { names, source: (name) => own(name) ?? source(name) })
  if ('issues' in reading) throw invalid(reading.issues)
  return reading.seed
}

/** Reads one job as a seed document has it, for a domain that has scenarios of its own. */
export function readSeedJobOf(element: unknown, { names, source }: ScenarioCatalogue, own: ScenarioLookup): SeedJob {
  const known = { names, source: (name: string) => own(name) ?? source(name) }
  const reading = readSeedElement(element, { json: JSON.stringify(element), known })
  if ('issues' in reading) throw invalid(reading.issues)
  return reading.job
}

/** Reads the create request of a seeded job. */
export function toRequest(family: FamilyName, body: unknown, settings: Settings): JobRequest {
  const reading = readCreateRequest(familyOf(family), body, settings)
  if ('issues' in reading) throw invalid(reading.issues)
  return reading.request
}
