import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME } from '../model/domain.ts'
import type { DomainRecord } from '../store/store.ts'
import { clockAt } from './clock-state.ts'
import type { Contents } from './contents.ts'
import { draftOf } from './origin.ts'
import { scopeOf, type DomainState } from './state.ts'
import type { World } from './services.ts'

/** The snapshots of all domains. Saving and loading copy the jobs in slices. */
export interface Snapshots {
  /** Takes in a snapshot that the store kept. */
  register: (record: DomainRecord) => void
  /** A snapshot of that name is replaced. */
  save: (state: DomainState, snapshot: string) => Promise<void>
  load: (state: DomainState, snapshot: string) => Promise<void>
  remove: (state: DomainState, snapshot: string) => void
  /** The names of a domain's snapshots, sorted. */
  names: (state: DomainState) => readonly string[]
  records: (state: DomainState) => readonly DomainRecord[]
  /** Forgets those of a domain, which the store has removed. */
  forget: (state: DomainState) => void
}

/** Snapshots are domains that no client can name: a domain's own name has no slash. */
const SNAPSHOT = '.snapshot'

export function isSnapshot({ name }: DomainRecord): boolean {
  return name.startsWith(`${SNAPSHOT}/`)
}

export function createSnapshots({ store, real }: World, contents: Contents): Snapshots {
  const byName = new Map<string, DomainRecord>()

  const hiddenName = (state: DomainState, snapshot: string): string => `${SNAPSHOT}/${state.id}/${snapshot}`

  function records(state: DomainState): DomainRecord[] {
    const prefix = hiddenName(state, '')
    return [...byName.values()].filter(({ name }) => name.startsWith(prefix))
  }

  function find(state: DomainState, snapshot: string): DomainRecord {
    const record = byName.get(hiddenName(state, snapshot).toLowerCase())
    if (record === undefined)
      throw new EmulatorError('notFound', `there is no snapshot named ${snapshot.slice(0, 100)}`)
    return record
  }

  function register(record: DomainRecord): void {
    byName.set(record.name.toLowerCase(), record)
  }

  return {
    register,
    records,
    names: (state) => {
      const { length } = hiddenName(state, '')
      return records(state)
        .map(({ name }) => name.slice(length))
        .sort()
    },
    forget: (state) => {
      for (const { name } of records(state)) byName.delete(name.toLowerCase())
    },
    save: async (state, snapshot) => {
      refuseName(snapshot)
      const content = await contents.build((copy) => store.contents.copy(state.scope, copy, { keepTexts: true }))
      const name = hiddenName(state, snapshot)
      const replaced = byName.get(name.toLowerCase())
      try {
        const saved = store.transaction(() => {
          if (replaced !== undefined) store.domains.remove(replaced.key)
          return store.domains.add({ ...draftOf(state, name), content, visibleTo: undefined })
        })
        register(saved)
      } catch (error) {
        contents.drop(content)
        throw error
      }
      if (replaced !== undefined) contents.drop(replaced.content)
    },
    load: async (state, snapshot) => {
      const saved = find(state, snapshot)
      const content = await contents.build((copy) => store.contents.copy(scopeOf(saved), copy, { keepTexts: true }))
      const clock = clockAt(saved.clock, saved.clock.base, real)
      contents.replace(state, { ...saved, key: state.key, id: state.id, name: state.name, clock, content })
    },
    remove: (state, snapshot) => {
      const { key, content, name } = find(state, snapshot)
      store.transaction(() => {
        store.domains.remove(key)
      })
      byName.delete(name.toLowerCase())
      contents.drop(content)
    },
  }
}

function refuseName(name: string): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError('badRequest', 'a snapshot has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
}
