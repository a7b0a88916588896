import type { BaseLogger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Secrets } from '../model/secrets.ts'
import type { SeedSet } from './seeds.ts'

interface ChangedSeedsOptions {
  readonly config: Pick<Config, 'data' | 'reseed'>
  readonly seeds: SeedSet | undefined
  readonly secrets: Secrets
  readonly log: Pick<BaseLogger, 'warn'> | undefined
  readonly resetAll: () => Promise<void>
}

/** Checks whether the seeds changed since the data was created: resets all domains with `--reseed`, else warns. */
export async function followChangedSeeds(options: ChangedSeedsOptions): Promise<void> {
  const { config, seeds, secrets, log, resetAll } = options
  if (config.data === undefined || seeds === undefined) return
  const known = secrets.get(SEED_FINGERPRINT)
  if (known !== undefined && !config.reseed && secrets.get(SEED_STAMP) === seeds.stamp) return
  if (known !== undefined && known !== seeds.fingerprint && !config.reseed) {
    log?.warn('the seeds changed since the data was created and were not applied: --reseed resets the domains to them')
    return
  }
  if (known !== undefined && config.reseed) await resetAll()
  secrets.set(SEED_FINGERPRINT, seeds.fingerprint)
  secrets.set(SEED_STAMP, seeds.stamp)
}

const SEED_FINGERPRINT = 'seed-fingerprint'
const SEED_STAMP = 'seed-stamp'
