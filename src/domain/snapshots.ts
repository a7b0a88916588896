import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME } from '../model/domain.ts'
import type { DomainRecord } from '../store/store.ts'
import { clockAt } from './clock-state.ts'
import { buildCopy } from './new-domain.ts'
import { scopeOf, type DomainState } from './state.ts'

/** Named states of a domain. Saving and loading copy the jobs in slices. */
export interface Snapshots {
  /** Sorted. */
  names: () => readonly string[]
  /** Replaces a snapshot of the same name. */
  save: (name: string) => Promise<void>
  load: (name: string) => Promise<void>
  remove: (name: string) => Promise<void>
}

/** Snapshots are stored as domains that no client can name: the name of a domain has no slash. */
const SNAPSHOT = '.snapshot'

export function isSnapshot({ name }: DomainRecord): boolean {
  return name.startsWith(`${SNAPSHOT}/`)
}

export function createSnapshots(state: DomainState): Snapshots {
  const { store, contents, real } = state.services
  const prefix = prefixOf(state)
  const find = (name: string): DomainRecord | undefined =>
    recordsOf(state).find((record) => record.name.toLowerCase() === `${prefix}${name}`.toLowerCase())

  function findOrThrow(name: string): DomainRecord {
    const record = find(name)
    if (record === undefined) throw new EmulatorError('notFound', `there is no snapshot named ${name.slice(0, 100)}`)
    return record
  }

  return {
    names: () =>
      recordsOf(state)
        .map(({ name }) => name.slice(prefix.length))
        .sort(),
    save: (name) =>
      state.runAlone(async () => {
        if (!DOMAIN_NAME.test(name))
          throw new EmulatorError('badRequest', 'a snapshot has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
        const built = await buildCopy(state, `${prefix}${name}`)
        const replaced = find(name)
        try {
          store.transaction(() => {
            if (replaced !== undefined) store.domains.remove(replaced.key)
            store.domains.add(built)
          })
        } catch (error) {
          contents.drop(built.content)
          throw error
        }
        if (replaced !== undefined) contents.drop(replaced.content)
      }),
    load: (name) =>
      state.runAlone(async () => {
        const saved = findOrThrow(name)
        const content = await contents.build((copy) => store.contents.copy(scopeOf(saved), copy))
        const clock = clockAt(saved.clock, saved.clock.base, real)
        state.replace({ ...saved, key: state.key, id: state.id, name: state.name, clock, content })
      }),
    remove: (name) =>
      state.runAlone(() => {
        const saved = findOrThrow(name)
        store.transaction(() => {
          store.domains.remove(saved.key)
        })
        contents.drop(saved.content)
      }),
  }
}

/** Removes a domain and its snapshots from the store. */
export function removeWithSnapshots(state: DomainState): void {
  const { store, contents } = state.services
  const removed = [state.record, ...recordsOf(state)]
  store.transaction(() => {
    for (const { key } of removed) store.domains.remove(key)
  })
  contents.drop(...removed.map(({ content }) => content))
}

function prefixOf({ id }: DomainState): string {
  return `${SNAPSHOT}/${id}/`
}

function recordsOf(state: DomainState): readonly DomainRecord[] {
  return state.services.store.domains.withPrefix(prefixOf(state))
}
