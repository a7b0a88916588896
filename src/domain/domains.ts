import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, isIdLike, ROOT_DOMAIN, ROOT_DOMAIN_ID, type ClockState } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import { freshId } from '../model/identifiers.ts'
import type { Micros } from '../model/time.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { clockAt, clockByCalendar, clockResumed } from './clock.ts'
import { createDomain, type Domain } from './domain.ts'
import { createDomainSeeds, type AddOptions, type SeedSources } from './domain-seeds.ts'
import { under } from './seeding.ts'
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
  /** Called for a domain in the data that was never whole, and is removed. */
  readonly onUnfinished: (name: string) => void
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
  /** The domain of that name (or id), made from the seed, and what is given beside it, if need be. */
  open: (name: string, origin?: Partial<DomainOrigin>) => Promise<{ readonly domain: Domain; readonly isNew: boolean }>
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
  /** Keeps what running clocks show, for a start under an earlier calendar. */
  close: () => Promise<void>
}

/** A domain that clients see, with what is behind it. */
interface Entry {
  readonly domain: Domain
  readonly state: DomainState
  /** By the monotonic clock: no step of the calendar makes a domain idle. */
  lastUsed: Micros
}

const NO_ORIGIN: DomainOrigin = { clock: undefined, settings: {}, users: [], scenario: undefined, seed: undefined }

/** Snapshots are domains that no client can name: a domain's own name has no slash. */
const SNAPSHOT = '.snapshot'

export async function openDomains(options: DomainsOptions): Promise<Domains> {
  const { world } = options
  const seeds = createDomainSeeds(options)
  const byId = new Map<string, Entry>()
  const byName = new Map<string, Entry>()
  const snapshots = new Map<string, DomainRecord>()
  /** Domains that are being made: two sign-ins at once make one. */
  const opening = new Map<string, Promise<Domain>>()

  function register(record: DomainRecord): Domain {
    const state = createDomainState(record, world)
    const entry: Entry = { state, domain: createDomain(state), lastUsed: world.real.elapsed() }
    byId.set(record.id, entry)
    byName.set(record.name.toLowerCase(), entry)
    return entry.domain
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

  async function make(name: string, given: Partial<DomainOrigin>): Promise<Domain> {
    const origin = { ...NO_ORIGIN, ...given }
    const id = name === ROOT_DOMAIN ? ROOT_DOMAIN_ID : freshId()
    // Domain and jobs in one step: there is never half of one, however the process ends.
    return register(await world.domains.add({ id, name, ...beginning(origin) }, seeds.first(checkedState)))
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
  ): Omit<DomainRecord, 'key' | 'id' | 'name'> {
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
      isSeeded: true,
      origin,
    }
  }

  /** A clock as it was when it was first set. One that showed the real time does so again. */
  function restarted(clock: ClockState): ClockState {
    const again = clockAt(clock, clock.base, world.real)
    const showedReal = clock.mode === 'running' && clock.base === clock.realStart
    return showedReal ? { ...again, base: again.realStart } : again
  }

  async function open(name: string, origin: Partial<DomainOrigin> = {}): Promise<{ domain: Domain; isNew: boolean }> {
    const known = lookUp(entryAt(name))
    if (known !== undefined) return { domain: known, isNew: false }
    const pending = opening.get(name.toLowerCase())
    if (pending !== undefined) return { domain: await pending, isNew: false }
    return { domain: await admit(name, () => make(name, origin)), isNew: true }
  }

  /** Makes a domain, if there may be one more of that name. Whoever asks for it meanwhile gets the same. */
  async function admit(name: string, build: () => Promise<Domain>): Promise<Domain> {
    refuseName(name)
    const made = dropIdle().then(() => {
      refuseOneMore()
      return build()
    })
    const settled = made.finally(() => opening.delete(name.toLowerCase()))
    opening.set(name.toLowerCase(), settled)
    return settled
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
    if (byName.size + opening.size > options.maxDomains)
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

  async function remove(name: string): Promise<void> {
    const { state } = entryOf(name)
    if (state.name === ROOT_DOMAIN) throw new EmulatorError('conflict', 'the root domain cannot be deleted: reset it')
    const own = snapshotsOf(state)
    const removed = world.domains.remove(state.key, ...own.map((snapshot) => snapshotOf(state, snapshot).key))
    byName.delete(state.name.toLowerCase())
    byId.delete(state.id)
    seeds.forget(state)
    for (const snapshot of own) snapshots.delete(snapshotName(state, snapshot).toLowerCase())
    await removed
    state.leave()
  }

  async function reset(name: string, clock?: ClockState): Promise<void> {
    const { state } = entryOf(name)
    // A clock that is put back before anything was made takes the seed along, and leaves what was set up.
    const begun = clock === undefined ? beginning(state.record.origin) : { clock, isTouched: false }
    const record = { ...state.record, ...begun }
    // In one step, and one after the other without a pause: nobody sees the domain without its seed, or with half of it.
    const first = seeds.first((begins) => createDomainState(begins, world))
    const replaced = world.domains.replace(record, first)
    await state.begin(record)
    await replaced
  }

  const snapshotName = (state: DomainState, snapshot: string): string => `${SNAPSHOT}/${state.id}/${snapshot}`

  function snapshotsOf(state: DomainState): string[] {
    const prefix = snapshotName(state, '')
    const own = [...snapshots].filter(([key]) => key.startsWith(prefix))
    return own.map(([, { name }]) => name.slice(prefix.length))
  }

  async function copyOf(state: DomainState, name: string): Promise<Domain> {
    const { key: _key, ...record } = { ...state.record, id: freshId(), name, clock: state.clock() }
    return register(await world.domains.copy({ from: state.key, to: record, keepTexts: false }))
  }

  function snapshotOf(state: DomainState, snapshot: string): DomainRecord {
    const record = snapshots.get(snapshotName(state, snapshot).toLowerCase())
    if (record === undefined)
      throw new EmulatorError('notFound', `there is no snapshot named ${snapshot.slice(0, 100)}`)
    return record
  }

  async function removeSnapshot(name: string, snapshot: string): Promise<void> {
    const { state } = entryOf(name)
    await world.domains.remove(snapshotOf(state, snapshot).key)
    snapshots.delete(snapshotName(state, snapshot).toLowerCase())
  }

  /** A domain that another process kept: its running clock goes on, and is never put back. */
  async function resumed(record: DomainRecord): Promise<DomainRecord> {
    if (record.clock.mode !== 'running') return record
    const newest = (await world.jobs.newest(record.key)) ?? -Infinity
    const isBehind = clockByCalendar(record.clock, world.real.calendar()) < newest
    const again = { ...record, clock: clockResumed(record.clock, newest, world.real) }
    // So that the next start goes on from here too, were the calendar earlier still.
    if (isBehind) await world.domains.save(again)
    return again
  }

  for (const record of await world.domains.all()) {
    if (!record.isSeeded) {
      await world.domains.remove(record.key)
      options.onUnfinished(record.name)
    } else if (record.name.startsWith(`${SNAPSHOT}/`)) snapshots.set(record.name.toLowerCase(), record)
    else register(await resumed(record))
  }
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
    reset: async (name, clock) => {
      await reset(name, clock)
      if (clock === undefined) entryOf(name).domain.requests.clear()
    },
    fork: async (name, to) => {
      const { state } = entryOf(name)
      if (byName.has(to.toLowerCase()) || opening.has(to.toLowerCase()))
        throw new EmulatorError('conflict', `there is a domain named ${to} already`)
      return admit(to, () => copyOf(state, to))
    },
    seed: async (name, document, adding) => {
      const { state } = entryOf(name)
      return seeds.add(state, options.readSeed(document, state.ownScenario), adding)
    },
    saveSnapshot: async (name, snapshot) => {
      const { state } = entryOf(name)
      refuseSnapshotName(snapshot)
      const hidden = snapshotName(state, snapshot)
      const { key: _key, ...record } = { ...state.record, id: freshId(), name: hidden, clock: state.clock() }
      const replacing = snapshots.get(hidden.toLowerCase())?.key
      snapshots.set(
        hidden.toLowerCase(),
        await world.domains.copy({ from: state.key, to: record, keepTexts: true, replacing }),
      )
    },
    loadSnapshot: async (name, snapshot) => {
      const { state } = entryOf(name)
      const saved = snapshotOf(state, snapshot)
      const clock = clockAt(saved.clock, saved.clock.base, world.real)
      const record = { ...saved, key: state.key, id: state.id, name: state.name, clock }
      await world.domains.replace(record, saved.key)
      await state.begin(record)
    },
    snapshots: (name) => snapshotsOf(entryOf(name).state).sort(),
    removeSnapshot,
    all: () => [...byName.values()].map(({ domain }) => domain),
    close: async () => {
      for (const { state } of byName.values())
        if (state.record.clock.mode === 'running') await state.save({ clock: state.clock() })
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
