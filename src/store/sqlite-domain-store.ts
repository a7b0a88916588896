import type { Database } from 'better-sqlite3'
import Type from 'typebox'
import { checkOf } from '../model/validate.ts'
import { readRow } from './damage.ts'
import type { DomainKey } from './job-store.ts'
import type { SqliteJobStore } from './sqlite-job-store.ts'
import type { DomainOrigin, DomainRecord, DomainRecordCopy, DomainStore, FirstJobs } from './store.ts'

interface DomainRow {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly state: string
  /** Apart from the state, since it may hold a large seed and hardly ever changes. */
  readonly origin: string
}

export interface DomainStoreOptions {
  readonly jobs: SqliteJobStore
  /** Called when the first domain of this process has been made. */
  readonly onBegun: () => void
}

/** Domains in SQLite: one row each, with all but its name and id as JSON. */
export function createSqliteDomainStore(database: Database, { jobs, onBegun }: DomainStoreOptions): DomainStore {
  const all = database.prepare('select key, id, name, state, origin from domain order by key')
  const insert = database.prepare('insert into domain (id, name, state, origin) values (?, ?, ?, ?)')
  const insertLike = database.prepare(
    'insert into domain (id, name, state, origin) select ?, ?, ?, origin from domain where key = ?',
  )
  const update = database.prepare('update domain set state = ? where key = ?')
  const updateOrigin = database.prepare('update domain set origin = ? where key = ?')
  const copyOrigin = database.prepare(
    'update domain set origin = (select origin from domain where key = ?) where key = ?',
  )
  const erase = database.prepare('delete from domain where key = ?')
  const eraseTokens = database.prepare(
    'delete from refresh_token where domain_id = (select id from domain where key = ?)',
  )

  let hasBegun = false
  const fill = (domain: DomainRecord, { writes, onTaken }: FirstJobs): void => {
    const { taken } = jobs.insertAll(domain.key, writes(domain))
    if (taken !== undefined) onTaken(taken, domain)
  }
  const add = database.transaction((domain: Omit<DomainRecord, 'key'>, first?: FirstJobs): DomainRecord => {
    const { lastInsertRowid } = insert.run(domain.id, domain.name, stateOf(domain), JSON.stringify(domain.origin))
    const made = { ...domain, key: Number(lastInsertRowid) }
    if (first !== undefined) fill(made, first)
    return made
  })
  const save = (domain: DomainRecord): void => void update.run(stateOf(domain), domain.key)
  const remove = database.transaction((keys: readonly DomainKey[]) => {
    for (const key of keys) {
      void jobs.dropDomain(key)
      eraseTokens.run(key)
      erase.run(key)
    }
  })
  const copy = database.transaction(({ from, to, keepTexts, replacing }: DomainRecordCopy) => {
    if (replacing !== undefined) remove([replacing])
    const key = Number(insertLike.run(to.id, to.name, stateOf(to), from).lastInsertRowid)
    void jobs.copyDomain({ from, to: key, keepTexts })
    return { ...to, key }
  })
  const replace = database.transaction((domain: DomainRecord, others: DomainKey | FirstJobs) => {
    void jobs.dropDomain(domain.key)
    save(domain)
    if (typeof others === 'number') {
      void jobs.copyDomain({ from: others, to: domain.key, keepTexts: true })
      copyOrigin.run(others, domain.key)
    } else {
      fill(domain, others)
      updateOrigin.run(JSON.stringify(domain.origin), domain.key)
    }
  })
  return {
    all: () => (all.all() as DomainRow[]).map(toDomain),
    add: (domain, first) => {
      const made = add(domain, first)
      if (!hasBegun) onBegun()
      hasBegun = true
      return made
    },
    save,
    remove: (...keys) => {
      remove(keys)
    },
    copy: (wanted) => copy(wanted),
    replace: (domain, others) => {
      replace(domain, others)
    },
  }
}

function stateOf({ origin: _origin, ...state }: Omit<DomainRecord, 'key'>): string {
  return JSON.stringify(state)
}

function toDomain({ key, id, name, state, origin: given }: DomainRow): DomainRecord {
  return readRow(`the domain ${JSON.stringify(name)} (table domain)`, () => {
    // Data of a version that had no faults has none.
    const kept: unknown = { ...{ faults: [] }, ...(JSON.parse(state) as object) }
    const origin = JSON.parse(given) as unknown
    refuse('state', checkState(kept))
    refuse('origin', checkOrigin(origin))
    return { ...(kept as KeptState), origin: origin as DomainOrigin, key, id, name }
  })
}

type KeptState = Omit<DomainRecord, 'key' | 'id' | 'name' | 'origin'>

// What opening a domain relies on. What is inside was checked when it was set.

const Anything = Type.Array(Type.Unknown())
const Fields = Type.Object({})
const checkState = checkOf(
  Type.Object({
    randomSeed: Type.Number(),
    clock: Type.Object({
      mode: Type.String(),
      base: Type.Number(),
      realStart: Type.Number(),
      rate: Type.Number(),
    }),
    settings: Fields,
    users: Anything,
    scenarios: Fields,
    rules: Anything,
    faults: Anything,
    isTouched: Type.Boolean(),
    isSeeded: Type.Boolean(),
  }),
)
const checkOrigin = checkOf(Type.Object({ settings: Fields, users: Anything }))

function refuse(column: string, checked: ReturnType<typeof checkState> | ReturnType<typeof checkOrigin>): void {
  if ('value' in checked) return
  const [violation] = checked.violations
  throw new TypeError(`its ${column} is wrong: ${violation?.pointer ?? ''} ${violation?.message ?? ''}`)
}
