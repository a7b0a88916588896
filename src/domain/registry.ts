import { EmulatorError } from '../errors.ts'
import { ROOT_DOMAIN, ROOT_DOMAIN_ID, type ClockState } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import { freshId } from '../model/identifiers.ts'
import type { Micros } from '../model/time.ts'
import type { ContentKey } from '../store/job-store.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { createContents } from './contents.ts'
import { createDomain, type Domain } from './domain.ts'
import { beginningOf, draftOf, NO_ORIGIN, type DomainDraft } from './origin.ts'
import { createDomainSeeds, type AddOptions, type SeedSources } from './seeding.ts'
import { mayMake, refuseNewName } from './admission.ts'
import { resumed } from './resume.ts'
import { under } from './seeded-jobs.ts'
import { createSnapshots, isSnapshot } from './snapshots.ts'
import { createDomainState, type DomainState } from './state.ts'
import { refuseDuplicates } from './refuse-duplicates.ts'
import type { World } from './services.ts'

/** What the registry adds to a world: which domains there may be, and how one begins. */
export interface DomainsOptions extends SeedSources {
  readonly world: World
  /** Which names new domains may have: `auto`: any; `fixed`: none; else a glob that names must match. */
  readonly allowed: string
  readonly maxDomains: number
  /** Domains that nobody has used for so long are dropped; undefined: never. */
  readonly ttl: Micros | undefined
  /** The clock of a domain made now. */
  readonly startClock: () => ClockState
  readonly randomSeed: number
}

/** The domains of an emulator, found by the id in a token or by name, equal without case. */
export interface Domains {
  root: () => Domain
  byId: (id: string) => Domain | undefined
  byName: (name: string) => Domain | undefined
  /** By id or name. An id wins: no name can stand for another domain's id. */
  find: (idOrName: string) => Domain | undefined
  /** Whether `--domains` allows a new domain of that name. */
  mayMake: (name: string) => boolean
  /** Whether a seed of the configuration is for a domain of that name, and not for every domain. */
  hasSeed: (name: string) => boolean
  /**
   * The domain of that name (or id), made from the seed, and what is given beside it, if need be. `within` runs in the
   * transaction that makes the domain, or in one of its own where the domain is there; what throws in it makes no domain.
   */
  open: <T = undefined>(name: string, options?: OpenOptions<T>) => Promise<OpenedDomain<T>>
  remove: (name: string) => Promise<void>
  /** Back to how the domain was made. With a clock: as if it had been made with that. */
  reset: (name: string, clock?: ClockState) => Promise<void>
  /** A second domain from the same instant. */
  fork: (name: string, to: string) => Promise<Domain>
  /** Adds the jobs of a seed document, all or none; gives their ids. */
  seed: (name: string, document: unknown, options: AddOptions) => Promise<readonly string[]>
  saveSnapshot: (name: string, snapshot: string) => Promise<void>
  loadSnapshot: (name: string, snapshot: string) => Promise<void>
  snapshots: (name: string) => readonly string[]
  removeSnapshot: (name: string, snapshot: string) => Promise<void>
  all: () => readonly Domain[]
  /** Resolves once the jobs of removed domains and snapshots, and those that a reset has replaced, are deleted. */
  settled: () => Promise<void>
  /** Keeps what running clocks show, for a start under an earlier calendar. */
  close: () => Promise<void>
}

export interface OpenOptions<T> {
  readonly origin?: Partial<DomainOrigin>
  readonly within?: (domain: Domain) => T
}

export interface OpenedDomain<T> {
  readonly domain: Domain
  readonly isNew: boolean
  /** What `within` gave. */
  readonly result: T
}

/** A domain that clients see, with what is behind it. */
interface Entry {
  readonly domain: Domain
  readonly state: DomainState
  /** By the monotonic clock: no step of the calendar makes a domain idle. */
  lastUsed: Micros
}

/** A domain that was added, with what came of the work within its transaction. */
interface Made<T> {
  readonly domain: Domain
  readonly result: T
}

export async function openDomains(options: DomainsOptions): Promise<Domains> {
  const { world } = options
  const { store } = world
  const contents = createContents(store)
  const snapshots = createSnapshots(world, contents)
  const seeds = createDomainSeeds(options)
  const byId = new Map<string, Entry>()
  const byName = new Map<string, Entry>()
  /** Domains that are being made: two sign-ins at once make one. */
  const underWay = new Map<string, Promise<Domain>>()

  function entryFor(record: DomainRecord): Entry {
    const state = createDomainState(record, world)
    return { state, domain: createDomain(state), lastUsed: world.real.elapsed() }
  }

  function register(entry: Entry): void {
    byId.set(entry.state.id, entry)
    byName.set(entry.state.name.toLowerCase(), entry)
  }

  /** Whoever looks a domain up uses it: clients by the id in their token, everybody else by name. */
  function lookUp(entry: Entry | undefined): Domain | undefined {
    if (entry !== undefined) entry.lastUsed = world.real.elapsed()
    return entry?.domain
  }

  function entryAt(idOrName: string): Entry | undefined {
    const key = idOrName.toLowerCase()
    return byId.get(key) ?? byName.get(key)
  }

  function entryOf(name: string): Entry {
    const entry = entryAt(name)
    if (entry === undefined) throw new EmulatorError('notFound', `there is no domain named ${name.slice(0, 100)}`)
    return entry
  }

  async function make<T>(name: string, { origin: given, within }: OpenOptions<T>): Promise<Made<T>> {
    const origin = { ...NO_ORIGIN, ...given }
    const id = name === ROOT_DOMAIN ? ROOT_DOMAIN_ID : freshId()
    const draft = { id, name, ...beginningOf(origin, options) }
    // Neither key nor content is known yet: this state only checks the origin and renders the seed.
    const state = checkedState({ ...draft, key: 0, content: 0, visibleTo: undefined })
    try {
      return add(draft, await contents.build((content) => seeds.fill(state, content)), within)
    } catch (error) {
      seeds.forget(state)
      throw error
    }
  }

  /** Adds a domain whose content is there: from then on it can be seen. */
  function add<T>(draft: DomainDraft, content: ContentKey, within?: (domain: Domain) => T): Made<T> {
    try {
      const { entry, result } = store.transaction(() => {
        const added = entryFor(store.domains.add({ ...draft, content, visibleTo: undefined }))
        return { entry: added, result: within?.(added.domain) }
      })
      register(entry)
      return { domain: entry.domain, result: result as T }
    } catch (error) {
      contents.drop(content)
      throw error
    }
  }

  function checkedState(record: DomainRecord): DomainState {
    const state = createDomainState(record, world)
    under('/scenario', () => record.scenario !== undefined && state.scenario(record.scenario))
    under('/settings', () => {
      refuseDuplicates(record.users)
    })
    return state
  }

  async function open<T>(name: string, opening: OpenOptions<T> = {}): Promise<OpenedDomain<T>> {
    const pending = underWay.get(name.toLowerCase())
    const known = lookUp(entryAt(name)) ?? (pending === undefined ? undefined : await pending)
    if (known !== undefined) {
      const { within } = opening
      const result = within === undefined ? undefined : store.transaction(() => within(known))
      return { domain: known, isNew: false, result: result as T }
    }
    return { ...(await admit(name, () => make(name, opening))), isNew: true }
  }

  /** Makes a domain, if there may be one more of that name. Whoever asks for it meanwhile gets the same. */
  async function admit<T>(name: string, build: () => Promise<Made<T>>): Promise<Made<T>> {
    refuseNewName(name, options.allowed)
    const made = dropIdle().then(() => {
      refuseOneMore()
      return build()
    })
    const pending = made.then(({ domain }) => domain)
    // Each that waits for it gets its error. If none waits, the rejection must not end the process.
    pending.catch(() => undefined)
    underWay.set(name.toLowerCase(), pending)
    try {
      return await made
    } finally {
      underWay.delete(name.toLowerCase())
    }
  }

  function refuseOneMore(): void {
    // The one that is being made is among them already.
    if (byName.size + underWay.size > options.maxDomains)
      throw new EmulatorError(
        'tooManyRequests',
        `there are ${byName.size} domains already`,
        'raise --max-domains, or drop idle ones with --domain-ttl',
      )
  }

  /** Killed test workers leave their domains behind. Looked at whenever one more is made, which is when it matters. */
  async function dropIdle(): Promise<void> {
    if (options.ttl === undefined) return
    const oldest = world.real.elapsed() - options.ttl
    const idle = [...byName.values()].filter(({ lastUsed, domain }) => lastUsed < oldest && domain.name !== ROOT_DOMAIN)
    for (const { domain } of idle) await remove(domain.name)
  }

  /** Runs a large call of a domain, after those before it. */
  function large<T>({ state }: Entry, work: () => Promise<T>): Promise<T> {
    return state.gate.run(() => {
      if (state.isGone) throw new EmulatorError('notFound', `there is no domain named ${state.name} any more`)
      return work()
    })
  }

  async function remove(name: string): Promise<void> {
    const entry = entryOf(name)
    const { state, domain } = entry
    if (state.name === ROOT_DOMAIN) throw new EmulatorError('conflict', 'the root domain cannot be deleted: reset it')
    await large(entry, () => {
      const removed = [state.record, ...snapshots.records(state)]
      store.transaction(() => {
        for (const { key } of removed) store.domains.remove(key)
      })
      byName.delete(state.name.toLowerCase())
      byId.delete(state.id)
      seeds.forget(state)
      snapshots.forget(state)
      state.markGone()
      domain.requests.end()
      contents.drop(...removed.map(({ content }) => content))
      return Promise.resolve()
    })
  }

  async function reset(name: string, clock?: ClockState): Promise<void> {
    const entry = entryOf(name)
    const { state, domain } = entry
    await large(entry, async () => {
      // A clock that is put back before anything was made takes the seed along, and leaves what was set up.
      const begun = clock === undefined ? beginningOf(state.record.origin, options) : { clock, isTouched: false }
      const afresh = createDomainState({ ...state.record, ...begun }, world)
      const content = await contents.build((built) => seeds.fill(afresh, built))
      contents.replace(state, { ...begun, content })
      if (clock === undefined) domain.requests.clear()
    })
  }

  async function fork(name: string, to: string): Promise<Domain> {
    const entry = entryOf(name)
    const { state } = entry
    if (byName.has(to.toLowerCase()) || underWay.has(to.toLowerCase()))
      throw new EmulatorError('conflict', `there is a domain named ${to} already`)
    const { domain } = await admit(to, () =>
      large(entry, async () => {
        const content = await contents.build((copy) => store.contents.copy(state.scope, copy, { keepTexts: false }))
        return add<undefined>(draftOf(state, to), content)
      }),
    )
    return domain
  }

  for (const record of store.domains.all()) {
    if (isSnapshot(record)) snapshots.register(record)
    else register(entryFor(await resumed(record, world)))
  }
  contents.drop(...store.contents.unnamed())
  if (!byId.has(ROOT_DOMAIN_ID)) await make(ROOT_DOMAIN, {})

  return {
    root: () => entryOf(ROOT_DOMAIN).domain,
    byId: (id) => lookUp(byId.get(id)),
    byName: (name) => lookUp(byName.get(name.toLowerCase())),
    find: (idOrName) => lookUp(entryAt(idOrName)),
    mayMake: (name) => mayMake(name, options.allowed),
    hasSeed: (name) =>
      [...options.seeds()].some(
        ({ domain }) => domain !== '*' && matchesGlob(domain.toLowerCase(), name.toLowerCase()),
      ),
    open,
    remove,
    reset,
    fork,
    seed: (name, document, adding) => seeds.add(entryOf(name).state, document, adding),
    saveSnapshot: (name, snapshot) => {
      const entry = entryOf(name)
      return large(entry, () => snapshots.save(entry.state, snapshot))
    },
    loadSnapshot: (name, snapshot) => {
      const entry = entryOf(name)
      return large(entry, () => snapshots.load(entry.state, snapshot))
    },
    snapshots: (name) => snapshots.names(entryOf(name).state),
    removeSnapshot: (name, snapshot) => {
      const entry = entryOf(name)
      return large(entry, () => {
        snapshots.remove(entry.state, snapshot)
        return Promise.resolve()
      })
    },
    all: () => [...byName.values()].map(({ domain }) => domain),
    settled: contents.settled,
    close: async () => {
      await contents.close()
      store.transaction(() => {
        for (const { state } of byName.values())
          if (state.record.clock.mode === 'running') store.domains.save({ ...state.record, clock: state.clock() })
      })
    },
  }
}
