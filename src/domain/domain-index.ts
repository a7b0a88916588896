import { toMicros, type Micros } from '../model/time.ts'
import type { Domain } from './domain.ts'
import type { RealClock } from './real-clock.ts'
import type { DomainState } from './state.ts'

/** A domain with its internal state. */
export interface IndexEntry {
  readonly domain: Domain
  readonly state: DomainState
}

/** A domain that is no longer there. */
export interface RemovedDomain {
  readonly name: string
  /** Real time since it was removed. */
  readonly ago: Micros
}

const MAX_REMOVED = 1000

/** Domains by id and by name, with the time of their last use. Names are equal without case. */
interface DomainIndex {
  readonly count: () => number
  readonly add: (entry: IndexEntry) => void
  readonly remove: (state: DomainState) => void
  readonly byId: (id: string) => IndexEntry | undefined
  /** By id or name. An id wins: no name can stand for another domain's id. */
  readonly find: (idOrName: string) => IndexEntry | undefined
  readonly all: () => readonly IndexEntry[]
  /** What is known of a domain that was removed; undefined for others, and for those before the last 1,000. */
  readonly removed: (id: string) => RemovedDomain | undefined
  /** Counts as a use of the domain. */
  readonly use: (entry: IndexEntry | undefined) => Domain | undefined
  readonly unusedFor: (time: Micros) => readonly Domain[]
}

export function createDomainIndex({ elapsed }: RealClock): DomainIndex {
  const byId = new Map<string, IndexEntry>()
  const byName = new Map<string, IndexEntry>()
  /** By the monotonic clock: a jump of the calendar makes no domain idle. */
  const lastUsed = new WeakMap<IndexEntry, Micros>()
  const removed = new Map<string, { readonly name: string; readonly at: Micros }>()
  const use = (entry: IndexEntry | undefined): Domain | undefined => {
    if (entry !== undefined) lastUsed.set(entry, elapsed())
    return entry?.domain
  }
  return {
    count: () => byName.size,
    add: (entry) => {
      byId.set(entry.state.id, entry)
      byName.set(entry.state.name.toLowerCase(), entry)
      use(entry)
    },
    remove: ({ id, name }) => {
      byId.delete(id)
      byName.delete(name.toLowerCase())
      const [oldest] = removed.size < MAX_REMOVED ? [] : removed.keys()
      if (oldest !== undefined) removed.delete(oldest)
      removed.set(id, { name, at: elapsed() })
    },
    removed: (id) => {
      const known = removed.get(id)
      return known && { name: known.name, ago: toMicros(elapsed() - known.at) }
    },
    byId: (id) => byId.get(id),
    find: (idOrName) => {
      const key = idOrName.toLowerCase()
      return byId.get(key) ?? byName.get(key)
    },
    all: () => [...byName.values()],
    use,
    unusedFor: (time) =>
      [...byName.values()].filter((entry) => (lastUsed.get(entry) ?? 0) < elapsed() - time).map(({ domain }) => domain),
  }
}
