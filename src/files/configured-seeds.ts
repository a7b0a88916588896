import { fileURLToPath } from 'node:url'
import type { Config } from '../config/config.ts'
import { EmulatorError, StartError } from '../errors.ts'
import type { ScenarioCatalogue } from './scenarios.ts'
import { readSeedRequest } from './seed-reader.ts'
import { openSeeds, type SeedSet } from './seeds.ts'
import { createTakenIds } from './taken-ids.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Seed } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'

interface SeedOptions {
  readonly catalogue: ScenarioCatalogue
  readonly fixtures: URL
  readonly onProgress?: (jobs: number) => void
}

/** The seeds of the configuration; the shipped ones if it names none, undefined for `none`. */
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

/**
 * Root's seeds are read right after the start; an error in those of other domains would otherwise appear only at a
 * sign-in.
 */
function checkLaterSeeds(opened: SeedSet, settings: Settings): void {
  const seeds = [...opened.seeds()].map((seed) => ({ ...seed, domain: seed.domain.toLowerCase() }))
  const others = seeds.filter(({ domain }) => domain !== ROOT_DOMAIN)
  const isForRootToo = ({ domain }: Seed): boolean => matchesGlob(domain, ROOT_DOMAIN)
  // Jobs for root only are checked when root is seeded.
  if (others.length === 1 && others.every(isForRootToo)) return
  const isTaken = createTakenIds()
  for (const seed of others)
    for (const job of seed.jobs)
      if (job.kind === 'requested') {
        if (!isForRootToo(seed)) readSeedRequest(job.family, job.request, settings)
      } else if (isTaken(job.id, seed.domain))
        throw new StartError(
          [`${opened.where('/id')}: the id ${job.id} is taken by an earlier job of ${seed.domain}`],
          2,
        )
}

/** Adds the place in the file to an error of a seed. */
export function atSeed(error: unknown, seeds: SeedSet | undefined): unknown {
  if (!(error instanceof EmulatorError) || seeds === undefined) return error
  return new StartError([`${seeds.where('/request')}: ${error.message.replaceAll('\n', ' ')}`], 2)
}
