import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, ROOT_DOMAIN, ROOT_DOMAIN_ID, type ClockState } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Seed } from '../model/seed.ts'
import type { DomainRecord } from '../store/store.ts'
import { createDomain, type Domain, type ToRequest } from './domain.ts'
import { freshId } from '../model/identifiers.ts'
import type { World } from './world.ts'

/** What the registry adds to a world: which domains there may be, and how one begins. */
export interface DomainsOptions {
  readonly world: World
  /** `auto`: any; `fixed`: none beyond those named at the start; else a glob that names must match. */
  readonly allowed: string
  readonly maxDomains: number
  /** The clock of a domain made now. */
  readonly startClock: () => ClockState
  readonly randomSeed: number
  readonly seeds: () => Iterable<Seed>
  readonly toRequest: ToRequest
  /** A seed has a job whose id the domain has already; throws, and says where in the seed. */
  readonly onTaken: (id: string) => never
}

/** The domains of an emulator, found by the id in a token or by name, equal without case. */
export interface Domains {
  root: () => Domain
  byId: (id: string) => Domain | undefined
  byName: (name: string) => Domain | undefined
  /** Whether a client's sign-in may make a domain of that name. */
  mayMake: (name: string) => boolean
  /** The domain of that name, made from the seed if need be. */
  open: (name: string) => Promise<{ readonly domain: Domain; readonly isNew: boolean }>
  remove: (name: string) => Promise<void>
  /** Puts a domain back to its seed. */
  remake: (name: string) => Promise<void>
  all: () => readonly Domain[]
}

export async function openDomains(options: DomainsOptions): Promise<Domains> {
  const { world } = options
  const byId = new Map<string, Domain>()
  const byName = new Map<string, { readonly domain: Domain; readonly record: DomainRecord }>()
  /** Domains that are being made: two sign-ins at once make one. */
  const opening = new Map<string, Promise<Domain>>()

  function register(record: DomainRecord): Domain {
    const domain = createDomain(record, world)
    byId.set(record.id, domain)
    byName.set(record.name.toLowerCase(), { domain, record })
    return domain
  }

  async function make(name: string): Promise<Domain> {
    const id = name === ROOT_DOMAIN ? ROOT_DOMAIN_ID : freshId()
    const record = await world.domains.add({
      id,
      name,
      randomSeed: options.randomSeed,
      clock: options.startClock(),
      settings: {},
      scenario: undefined,
      isSeeded: false,
    })
    try {
      await applySeeds(createDomain(record, world))
    } catch (error) {
      await world.domains.remove(record.key)
      throw error
    }
    const seeded = { ...record, isSeeded: true }
    await world.domains.save(seeded)
    return register(seeded)
  }

  async function applySeeds(domain: Domain): Promise<void> {
    for (const seed of options.seeds()) {
      if (!matchesGlob(seed.domain.toLowerCase(), domain.name.toLowerCase())) continue
      const { taken } = await domain.seed(seed.jobs, options.toRequest)
      if (taken !== undefined) options.onTaken(taken)
    }
  }

  async function open(name: string): Promise<{ domain: Domain; isNew: boolean }> {
    const known = byName.get(name.toLowerCase())
    if (known !== undefined) return { domain: known.domain, isNew: false }
    const pending = opening.get(name.toLowerCase())
    if (pending !== undefined) return { domain: await pending, isNew: false }
    refuseName(name)
    const made = make(name).finally(() => opening.delete(name.toLowerCase()))
    opening.set(name.toLowerCase(), made)
    return { domain: await made, isNew: true }
  }

  async function remove(name: string): Promise<void> {
    const known = byName.get(name.toLowerCase())
    if (known === undefined) return
    byName.delete(name.toLowerCase())
    byId.delete(known.record.id)
    await world.domains.remove(known.record.key)
  }

  function refuseName(name: string): void {
    if (!DOMAIN_NAME.test(name))
      throw new EmulatorError('badRequest', `domain: ${JSON.stringify(name)} is not 1 to 64 of A-Z a-z 0-9 . _ -`)
    if (byName.size >= options.maxDomains)
      throw new EmulatorError(
        'tooManyRequests',
        `there are ${byName.size} domains already`,
        'raise --max-domains, or drop idle ones with --domain-ttl',
      )
  }

  for (const record of await world.domains.all()) {
    // Whoever made it died before its seed was in: nobody has seen it yet.
    if (record.isSeeded) register(record)
    else await world.domains.remove(record.key)
  }
  if (!byId.has(ROOT_DOMAIN_ID)) await make(ROOT_DOMAIN)

  return {
    root: () => byId.get(ROOT_DOMAIN_ID)!,
    byId: (id) => byId.get(id),
    byName: (name) => byName.get(name.toLowerCase())?.domain,
    mayMake: (name) => mayMake(options.allowed, name),
    open,
    remove,
    remake: async (name) => {
      await remove(name)
      await open(name)
    },
    all: () => [...byName.values()].map(({ domain }) => domain),
  }
}

function mayMake(allowed: string, name: string): boolean {
  if (allowed === 'auto') return true
  return allowed !== 'fixed' && matchesGlob(allowed.toLowerCase(), name.toLowerCase())
}
