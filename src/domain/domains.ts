import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, isIdLike, ROOT_DOMAIN, ROOT_DOMAIN_ID, type ClockState } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import { freshId } from '../model/identifiers.ts'
import type { Micros } from '../model/time.ts'
import type { ContentKey } from '../store/job-store.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { createContents } from './contents.ts'
import { clockAt, clockByCalendar, clockResumed } from './clock.ts'
import { createDomain, type Domain } from './domain.ts'
import { createDomainSeeds, type AddOptions, type SeedSources } from './domain-seeds.ts'
import { under } from './seeding.ts'
import { inSlices } from './slices.ts'
import { createDomainState, type DomainState } from './state.ts'
import { refuseDuplicates } from './users.ts'
import type { World } from './world.ts'

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

const NO_ORIGIN: DomainOrigin = { clock: undefined, settings: {}, users: [], scenario: undefined, seed: undefined }

/** A domain before it is added. */
type DomainDraft = Omit<DomainRecord, 'key' | 'content' | 'visibleTo'>

/** A domain that was added, with what came of the work within its transaction. */
interface Made<T> {
  readonly domain: Domain
  readonly result: T
}

/** Snapshots are domains that no client can name: a domain's own name has no slash. */
const SNAPSHOT = '.snapshot'

export async function openDomains(options: DomainsOptions): Promise<Domains> {
  const { world } = options
  const { store } = world
  const contents = createContents(store)
  const seeds = createDomainSeeds(options)
  const byId = new Map<string, Entry>()
  const byName = new Map<string, Entry>()
  const snapshots = new Map<string, DomainRecord>()
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
    const draft = { id, name, ...beginning(origin) }
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

  /** How a domain begins, and where a reset goes back to. */
  function beginning(
    origin: DomainOrigin,
    clock = origin.clock === undefined ? options.startClock() : restarted(origin.clock),
  ): Omit<DomainDraft, 'id' | 'name'> {
    return {
      randomSeed: origin.randomSeed ?? options.randomSeed,
      clock,
      settings: origin.settings,
      users: origin.users,
      scenario: origin.scenario,
      scenarios: {},
      rules: [],
      faults: [],
      isTouched: false,
      origin,
    }
  }

  /** A clock as it was when it was first set. One that showed the real time does so again. */
  function restarted(clock: ClockState): ClockState {
    const again = clockAt(clock, clock.base, world.real)
    const showedReal = clock.mode === 'running' && clock.base === clock.realStart
    return showedReal ? { ...again, base: again.realStart } : again
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
    refuseName(name)
    const made = dropIdle().then(() => {
      refuseOneMore()
      return build()
    })
    const pending = made.then(({ domain }) => domain)
    // Whoever waits for it gets its error; nobody may.
    pending.catch(() => undefined)
    underWay.set(name.toLowerCase(), pending)
    try {
      return await made
    } finally {
      underWay.delete(name.toLowerCase())
    }
  }

  function refuseName(name: string): void {
    if (!DOMAIN_NAME.test(name))
      throw new EmulatorError(
        'badRequest',
        `domain: ${JSON.stringify(name.slice(0, 100))} is not 1 to 64 of A-Z a-z 0-9 . _ -`,
      )
    if (isIdLike(name))
      throw new EmulatorError(
        'badRequest',
        `domain: ${JSON.stringify(name)} is not a name: it has the form of an id`,
        'names of new domains are not UUIDs, so that a name never stands for the id of another domain',
      )
    if (!mayMake(options.allowed, name))
      throw new EmulatorError(
        'forbidden',
        `this emulator makes no domain named ${name}`,
        `--domains is ${options.allowed}`,
      )
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
      const own = snapshotsOf(state).map((snapshot) => snapshotOf(state, snapshot))
      const removed = [state.record, ...own]
      store.transaction(() => {
        for (const { key } of removed) store.domains.remove(key)
      })
      byName.delete(state.name.toLowerCase())
      byId.delete(state.id)
      seeds.forget(state)
      for (const snapshot of own) snapshots.delete(snapshot.name.toLowerCase())
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
      const begun = clock === undefined ? beginning(state.record.origin) : { clock, isTouched: false }
      const afresh = createDomainState({ ...state.record, ...begun }, world)
      const content = await contents.build((built) => seeds.fill(afresh, built))
      replace(state, { ...begun, content })
      if (clock === undefined) domain.requests.clear()
    })
  }

  /** Replaces the content of a domain, and what else the change says. */
  function replace(state: DomainState, change: Partial<DomainRecord> & { readonly content: ContentKey }): void {
    const old = state.record.content
    try {
      state.command(() => {
        state.replace({ ...state.record, visibleTo: undefined, ...change })
        if (change.origin !== undefined) store.domains.saveOrigin(state.record)
      })
    } catch (error) {
      contents.drop(change.content)
      throw error
    }
    contents.drop(old)
  }

  const snapshotName = (state: DomainState, snapshot: string): string => `${SNAPSHOT}/${state.id}/${snapshot}`

  function snapshotsOf(state: DomainState): string[] {
    const prefix = snapshotName(state, '')
    const own = [...snapshots].filter(([key]) => key.startsWith(prefix))
    return own.map(([, { name }]) => name.slice(prefix.length))
  }

  /** A copy of a domain's jobs, which nobody sees yet. */
  const copyOf = ({ scope }: DomainState, options: { readonly keepTexts: boolean }): Promise<ContentKey> =>
    contents.build((content) => store.contents.copy(scope, content, options))

  function draftOf({ record, clock }: DomainState, name: string): DomainDraft {
    const { key: _key, content: _content, visibleTo: _visibleTo, ...rest } = record
    return { ...rest, id: freshId(), name, clock: clock() }
  }

  function snapshotOf(state: DomainState, snapshot: string): DomainRecord {
    const record = snapshots.get(snapshotName(state, snapshot).toLowerCase())
    if (record === undefined)
      throw new EmulatorError('notFound', `there is no snapshot named ${snapshot.slice(0, 100)}`)
    return record
  }

  async function saveSnapshot(name: string, snapshot: string): Promise<void> {
    refuseSnapshotName(snapshot)
    const entry = entryOf(name)
    const { state } = entry
    await large(entry, async () => {
      const content = await copyOf(state, { keepTexts: true })
      const hidden = snapshotName(state, snapshot)
      const replaced = snapshots.get(hidden.toLowerCase())
      try {
        const saved = store.transaction(() => {
          if (replaced !== undefined) store.domains.remove(replaced.key)
          return store.domains.add({ ...draftOf(state, hidden), content, visibleTo: undefined })
        })
        snapshots.set(hidden.toLowerCase(), saved)
      } catch (error) {
        contents.drop(content)
        throw error
      }
      if (replaced !== undefined) contents.drop(replaced.content)
    })
  }

  async function loadSnapshot(name: string, snapshot: string): Promise<void> {
    const entry = entryOf(name)
    const { state } = entry
    await large(entry, async () => {
      const { content: kept, ...saved } = snapshotOf(state, snapshot)
      const scope = { content: kept, visibleTo: Number.MAX_SAFE_INTEGER }
      const content = await contents.build((built) => store.contents.copy(scope, built, { keepTexts: true }))
      const clock = clockAt(saved.clock, saved.clock.base, world.real)
      replace(state, { ...saved, key: state.key, id: state.id, name: state.name, clock, content })
    })
  }

  async function removeSnapshot(name: string, snapshot: string): Promise<void> {
    const entry = entryOf(name)
    await large(entry, () => {
      const { key, content, name: hidden } = snapshotOf(entry.state, snapshot)
      store.transaction(() => {
        store.domains.remove(key)
      })
      snapshots.delete(hidden.toLowerCase())
      contents.drop(content)
      return Promise.resolve()
    })
  }

  async function fork(name: string, to: string): Promise<Domain> {
    const entry = entryOf(name)
    const { state } = entry
    if (byName.has(to.toLowerCase()) || underWay.has(to.toLowerCase()))
      throw new EmulatorError('conflict', `there is a domain named ${to} already`)
    const { domain } = await admit(to, () =>
      large(entry, async () => {
        const content = await copyOf(state, { keepTexts: false })
        return add<undefined>(draftOf(state, to), content)
      }),
    )
    return domain
  }

  /** A domain that another process kept: its running clock goes on, and is never put back. */
  async function resumed(kept: DomainRecord): Promise<DomainRecord> {
    const record = await whole(kept)
    if (record.clock.mode !== 'running') return record
    const newest = store.jobs.newest({ content: record.content, visibleTo: Number.MAX_SAFE_INTEGER }) ?? -Infinity
    const isBehind = clockByCalendar(record.clock, world.real.calendar()) < newest
    const again = { ...record, clock: clockResumed(record.clock, newest, world.real) }
    // So that the next start goes on from here too, were the calendar earlier still.
    if (isBehind) store.domains.save(again)
    return again
  }

  /** Takes back a seed that was being added when the process ended. */
  async function whole(record: DomainRecord): Promise<DomainRecord> {
    if (record.visibleTo === undefined) return record
    await inSlices(store.contents.trim(record.content, record.visibleTo), store.transaction)
    const mended = { ...record, visibleTo: undefined }
    store.domains.save(mended)
    return mended
  }

  for (const record of store.domains.all()) {
    if (record.name.startsWith(`${SNAPSHOT}/`)) snapshots.set(record.name.toLowerCase(), record)
    else register(entryFor(await resumed(record)))
  }
  contents.drop(...store.contents.unnamed())
  if (!byId.has(ROOT_DOMAIN_ID)) await make(ROOT_DOMAIN, {})

  return {
    root: () => entryOf(ROOT_DOMAIN).domain,
    byId: (id) => lookUp(byId.get(id)),
    byName: (name) => lookUp(byName.get(name.toLowerCase())),
    find: (idOrName) => lookUp(entryAt(idOrName)),
    mayMake: (name) => !isIdLike(name) && mayMake(options.allowed, name),
    hasSeed: (name) =>
      [...options.seeds()].some(
        ({ domain }) => domain !== '*' && matchesGlob(domain.toLowerCase(), name.toLowerCase()),
      ),
    open,
    remove,
    reset,
    fork,
    seed: (name, document, adding) => seeds.add(entryOf(name).state, document, adding),
    saveSnapshot,
    loadSnapshot,
    snapshots: (name) => snapshotsOf(entryOf(name).state).sort(),
    removeSnapshot,
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

function refuseSnapshotName(name: string): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError('badRequest', 'a snapshot has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
}

function mayMake(allowed: string, name: string): boolean {
  if (allowed === 'auto') return true
  return allowed !== 'fixed' && matchesGlob(allowed.toLowerCase(), name.toLowerCase())
}
