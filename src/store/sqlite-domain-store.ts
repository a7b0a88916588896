import type { Database } from 'better-sqlite3'
import Type from 'typebox'
import { checkOf } from '../model/validate.ts'
import { readRow } from './damage.ts'
import type { DomainOrigin, DomainRecord, DomainStore } from './store.ts'

interface DomainRow {
  readonly key: number
  readonly id: string
  readonly name: string
  readonly content: number
  readonly visible_to: number | null
  readonly state: string
  /** Not part of the state, because it may hold a large seed and rarely changes. */
  readonly origin: string
}

/** The part of a record that is stored as JSON, without fields that are undefined. */
type State = Omit<DomainRecord, 'key' | 'id' | 'name' | 'content' | 'visibleTo' | 'origin' | 'isDirty'> & {
  /** `isDirty`, under its name of format 1. */
  readonly isTouched: boolean
}

/** The domain store on SQLite: a row for each domain. */
export function createDomainStore(database: Database): DomainStore {
  const all = database.prepare('select * from domain order by key')
  const withPrefix = database.prepare('select * from domain where name >= ? and name < ? order by key')
  const insert = database.prepare(
    'insert into domain (id, name, content, visible_to, state, origin) values (?, ?, ?, ?, ?, ?)',
  )
  const update = database.prepare('update domain set content = ?, visible_to = ?, state = ? where key = ?')
  const updateOrigin = database.prepare('update domain set origin = ? where key = ?')
  const removeTokens = database.prepare(
    'delete from refresh_token where domain_id = (select id from domain where key = ?)',
  )
  const remove = database.prepare('delete from domain where key = ?')
  return {
    all: () => (all.all() as DomainRow[]).map(toDomain),
    withPrefix: (prefix) => (withPrefix.all(prefix, `${prefix}\u{10ffff}`) as DomainRow[]).map(toDomain),
    add: (domain) => {
      const { id, name, content, visibleTo, origin } = domain
      const values = [id, name, content, visibleTo ?? null, stateOf(domain), JSON.stringify(origin)]
      return { ...domain, key: Number(insert.run(values).lastInsertRowid) }
    },
    save: (domain) => void update.run(domain.content, domain.visibleTo ?? null, stateOf(domain), domain.key),
    saveOrigin: ({ key, origin }) => void updateOrigin.run(JSON.stringify(origin), key),
    remove: (key) => {
      removeTokens.run(key)
      remove.run(key)
    },
  }
}

function stateOf(domain: Omit<DomainRecord, 'key'>): string {
  const { randomSeed, clock, settings, users, scenario, scenarios, rules, faults, isDirty: isTouched } = domain
  const state: State = { randomSeed, clock, settings, users, scenario, scenarios, rules, faults, isTouched }
  return JSON.stringify(state)
}

/** Sets every field, so that spreading the record over another one leaves no field of that. */
function toDomain({ key, id, name, content, visible_to, state, origin }: DomainRow): DomainRecord {
  return readRow(`the domain ${JSON.stringify(name)} (table domain)`, () => {
    const place = { key, id, name, content, visibleTo: visible_to ?? undefined }
    return { ...place, ...stateFrom(JSON.parse(state)), origin: originFrom(JSON.parse(origin)) }
  })
}

function stateFrom(stored: unknown): Omit<State, 'isTouched'> & Pick<DomainRecord, 'isDirty'> {
  // Data of a version without faults lacks the field.
  const whole = { faults: [], ...(stored as object) } as unknown
  assertValid('state', checkState(whole))
  const { randomSeed, clock, settings, users, scenario, scenarios, rules, faults, isTouched: isDirty } = whole as State
  return { randomSeed, clock, settings, users, scenario, scenarios, rules, faults, isDirty }
}

function originFrom(stored: unknown): DomainOrigin {
  assertValid('origin', checkOrigin(stored))
  const { clock, settings, users, randomSeed, scenario, seed } = stored as DomainOrigin
  return { clock, settings, users, randomSeed, scenario, seed }
}

// Only the types that opening a domain relies on. Deeper values were checked when they were set.

const AnyList = Type.Array(Type.Unknown())
const AnyObject = Type.Object({})
const checkState = checkOf(
  Type.Object({
    randomSeed: Type.Number(),
    clock: Type.Object({
      mode: Type.String(),
      base: Type.Number(),
      realStart: Type.Number(),
      rate: Type.Number(),
    }),
    settings: AnyObject,
    users: AnyList,
    scenarios: AnyObject,
    rules: AnyList,
    faults: AnyList,
    isTouched: Type.Boolean(),
  }),
)
const checkOrigin = checkOf(Type.Object({ settings: AnyObject, users: AnyList }))

function assertValid(column: string, checked: ReturnType<typeof checkState> | ReturnType<typeof checkOrigin>): void {
  if ('value' in checked) return
  const [issue] = checked.issues
  throw new TypeError(`its ${column} is wrong: ${issue?.pointer ?? ''} ${issue?.message ?? ''}`)
}
