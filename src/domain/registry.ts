import { EmulatorError } from '../errors.ts'
import { isRunning, ROOT_DOMAIN, ROOT_DOMAIN_ID } from '../model/domain.ts'
import type { Micros } from '../model/time.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { createAdmission, type AdmissionLimits } from './admission.ts'
import { createDomainIndex, type IndexEntry, type RemovedDomain } from './domain-index.ts'
import { createDomain, type Domain } from './domain.ts'
import { buildFork, buildFromSeeds, DEFAULT_ORIGIN, type NewDomain } from './new-domain.ts'
import { resumeDomain } from './resume.ts'
import { hasOwnSeed } from './seeding.ts'
import type { DomainServices } from './services.ts'
import { isSnapshot, removeWithSnapshots } from './snapshots.ts'
import { createDomainState, type DomainState } from './state.ts'

/** The domains of an emulator. Looking one up counts as a use of it. */
export interface Domains {
  root: () => Domain
  byId: (id: string) => Domain | undefined
  /** One of the last 1,000 removed domains; undefined for others. */
  removed: (id: string) => RemovedDomain | undefined
  /** By id or by name, which is equal without case. An id wins: no name can stand for another domain's id. */
  find: (idOrName: string) => Domain | undefined
  all: () => readonly Domain[]
  /** Whether `--domains` allows a new domain of that name. */
  isAllowed: (name: string) => boolean
  /** Whether a seed of the configuration is for a domain of that name, and not for every domain. */
  hasSeed: (name: string) => boolean
  /**
   * The domain of that name (or id); a new one is made from the seeds and `origin`. `within` runs in the transaction that adds
   * the domain, or in one of its own for an existing domain; if it throws, no domain is added.
   */
  open: <T = undefined>(name: string, options?: OpenOptions<T>) => Promise<OpenedDomain<T>>
  remove: (name: string) => Promise<void>
  /** Saves the instants of running clocks, for a restart with an earlier calendar. */
  close: () => Promise<void>
}

interface OpenOptions<T> {
  readonly origin?: Partial<DomainOrigin>
  readonly within?: (domain: Domain) => T
}

interface OpenedDomain<T> {
  readonly domain: Domain
  readonly isNew: boolean
  /** What `within` returned. */
  readonly result: T
}

interface RegistryOptions extends AdmissionLimits {
  /** Domains are dropped after this time without use; undefined: never. */
  readonly ttl: Micros | undefined
}

export async function openDomains(services: DomainServices, options: RegistryOptions): Promise<Domains> {
  const { store, contents } = services
  const index = createDomainIndex(services.real)
  const admission = createAdmission(options, { count: index.count, dropIdle })

  function entryFor(record: DomainRecord): IndexEntry {
    const state = createDomainState(record, services)
    return { state, domain: createDomain(state, (to) => fork(state, to)) }
  }

  async function open<T>(name: string, { origin, within }: OpenOptions<T> = {}): Promise<OpenedDomain<T>> {
    const pending = admission.pending(name)
    if (pending !== undefined) await pending
    const known = index.use(index.find(name))
    if (known === undefined) {
      const build = () => buildFromSeeds(name, { ...DEFAULT_ORIGIN, ...origin }, services)
      return admission.admit(name, async () => add(await build(), within))
    }
    const result = within === undefined ? undefined : store.transaction(() => within(known))
    return { domain: known, isNew: false, result: result as T }
  }

  /** Adds a domain: clients see it from now on. */
  function add<T>(built: NewDomain, within?: (domain: Domain) => T): OpenedDomain<T> {
    try {
      const { entry, result } = store.transaction(() => {
        const added = entryFor(store.domains.add(built))
        return { entry: added, result: within?.(added.domain) }
      })
      index.add(entry)
      return { domain: entry.domain, isNew: true, result: result as T }
    } catch (error) {
      contents.drop(built.content)
      throw error
    }
  }

  async function fork(state: DomainState, to: string): Promise<Domain> {
    if (index.find(to) !== undefined || admission.pending(to) !== undefined)
      throw new EmulatorError('conflict', `there is a domain named ${to} already`)
    const copy = () => state.runAlone(async () => add(await buildFork(state, to)))
    return (await admission.admit(to, copy)).domain
  }

  async function remove(name: string): Promise<void> {
    const entry = index.find(name)
    if (entry === undefined) throw new EmulatorError('notFound', `there is no domain named ${name.slice(0, 100)}`)
    const { state, domain } = entry
    if (state.name === ROOT_DOMAIN) throw new EmulatorError('conflict', 'the root domain cannot be deleted: reset it')
    await state.runAlone(() => {
      removeWithSnapshots(state)
      index.remove(state)
      state.markGone()
      domain.requests.end()
    })
  }

  /** Killed test workers leave their domains behind. Runs when a domain is added, which is when their number matters. */
  async function dropIdle(): Promise<void> {
    const idle = options.ttl === undefined ? [] : index.unusedFor(options.ttl)
    for (const { name } of idle) if (name !== ROOT_DOMAIN) await remove(name)
  }

  for (const record of store.domains.all())
    if (!isSnapshot(record)) index.add(entryFor(await resumeDomain(record, services)))
  contents.drop(...store.contents.unnamed())
  const root =
    index.byId(ROOT_DOMAIN_ID)?.domain ?? add(await buildFromSeeds(ROOT_DOMAIN, DEFAULT_ORIGIN, services)).domain

  return {
    root: () => root,
    byId: (id) => index.use(index.byId(id)),
    removed: index.removed,
    find: (idOrName) => index.use(index.find(idOrName)),
    all: () => index.all().map(({ domain }) => domain),
    isAllowed: admission.isAllowed,
    hasSeed: (name) => hasOwnSeed(services, name),
    open,
    remove,
    close: async () => {
      await contents.close()
      store.transaction(() => {
        for (const { state } of index.all())
          if (isRunning(state.record.clock.mode)) store.domains.save({ ...state.record, clock: state.clock() })
      })
    },
  }
}
