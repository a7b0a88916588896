import type { Database } from 'better-sqlite3'
import type { DomainKey } from './job-store.ts'
import type { DomainRecord, DomainStore } from './store.ts'

interface DomainRow {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly state: string
}

/** Domains in SQLite: one row each, with all but its name and id as JSON. */
export function createSqliteDomainStore(database: Database): DomainStore {
  const all = database.prepare('select key, id, name, state from domain order by key')
  const add = database.prepare('insert into domain (id, name, state) values (?, ?, ?)')
  const save = database.prepare('update domain set state = ? where key = ?')
  const drop = [
    database.prepare('delete from job where domain = ?'),
    database.prepare('delete from domain where key = ?'),
  ]
  const remove = database.transaction((key: DomainKey) => {
    for (const statement of drop) statement.run(key)
  })
  return {
    all: () => (all.all() as DomainRow[]).map(toDomain),
    add: (domain) => ({ ...domain, key: Number(add.run(domain.id, domain.name, stateOf(domain)).lastInsertRowid) }),
    save: (domain) => void save.run(stateOf(domain), domain.key),
    remove: (key) => {
      remove(key)
    },
  }
}

function stateOf({ id: _id, name: _name, ...state }: Omit<DomainRecord, 'key'>): string {
  return JSON.stringify(state)
}

function toDomain({ key, id, name, state }: DomainRow): DomainRecord {
  const kept = JSON.parse(state) as Omit<DomainRecord, 'key' | 'id' | 'name'>
  return { ...kept, key, id, name, scenario: kept.scenario }
}
