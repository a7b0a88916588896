import type { Database } from 'better-sqlite3'
import type { DomainKey, JobStore } from './job-store.ts'
import type { DomainRecord, DomainRecordCopy, DomainStore } from './store.ts'

interface DomainRow {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly state: string
}

/** Domains in SQLite: one row each, with all but its name and id as JSON. */
export function createSqliteDomainStore(database: Database, jobs: JobStore): DomainStore {
  const all = database.prepare('select key, id, name, state from domain order by key')
  const insert = database.prepare('insert into domain (id, name, state) values (?, ?, ?)')
  const update = database.prepare('update domain set state = ? where key = ?')
  const erase = database.prepare('delete from domain where key = ?')

  const add = (domain: Omit<DomainRecord, 'key'>): DomainRecord => ({
    ...domain,
    key: Number(insert.run(domain.id, domain.name, stateOf(domain)).lastInsertRowid),
  })
  const save = (domain: DomainRecord): void => void update.run(stateOf(domain), domain.key)
  const remove = database.transaction((key: DomainKey) => {
    void jobs.dropDomain(key)
    erase.run(key)
  })
  const copy = database.transaction(({ from, to, keepTexts, replacing }: DomainRecordCopy) => {
    if (replacing !== undefined) remove(replacing)
    const made = add(to)
    void jobs.copyDomain({ from, to: made.key, keepTexts })
    return made
  })
  const replace = database.transaction((domain: DomainRecord, jobsOf: DomainKey | undefined) => {
    void jobs.dropDomain(domain.key)
    if (jobsOf !== undefined) void jobs.copyDomain({ from: jobsOf, to: domain.key, keepTexts: true })
    save(domain)
  })
  return {
    all: () => (all.all() as DomainRow[]).map(toDomain),
    add,
    save,
    remove: (key) => {
      remove(key)
    },
    copy: (wanted) => copy(wanted),
    replace: (domain, jobsOf) => {
      replace(domain, jobsOf)
    },
  }
}

function stateOf(domain: Omit<DomainRecord, 'key'>): string {
  return JSON.stringify(domain)
}

function toDomain({ key, id, name, state }: DomainRow): DomainRecord {
  const kept = JSON.parse(state) as Omit<DomainRecord, 'key' | 'id' | 'name'>
  // Data of a version that had no faults has none.
  return { ...{ faults: [] }, ...kept, key, id, name }
}
