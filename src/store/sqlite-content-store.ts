import type { Database, Statement } from 'better-sqlite3'
import type { ContentKey, ContentStore, JobScope } from './job-store.ts'
import { RESOURCE_COLUMNS, STEP_COLUMNS } from './resource-rows.ts'
import { DATA_COLUMNS } from './rows.ts'
import { createLastSeq } from './sequence.ts'

/** The number of rows that one statement copies or deletes, which takes one to two milliseconds. */
const STEP_ROWS = 200

/** What goes along with the jobs or the resources of a content: by the column that names them, and the columns copied as they are. */
interface Companion {
  readonly table: string
  readonly owner: string
  readonly columns: string
}

const ITEM: Companion = { table: 'item', owner: 'job', columns: 'item, at' }
const EFFECT: Companion = { table: 'effect', owner: 'job', columns: 'resource' }
const RESOURCE: Companion = { table: 'resource', owner: 'seq', columns: RESOURCE_COLUMNS.join(', ') }
const STEP: Companion = { table: 'step', owner: 'resource', columns: STEP_COLUMNS.join(', ') }
const FACET: Companion = { table: 'facet', owner: 'key', columns: 'kind, members' }
const NAME: Companion = { table: 'resource_name', owner: 'resource', columns: 'name' }

/** The content store on SQLite. */
export function createContentStore(database: Database): ContentStore {
  const create = database.prepare('insert into content default values')
  const lastSeq = createLastSeq(database)
  const deleteContent = database.prepare('delete from content where key = ?')
  const unnamed = database
    .prepare('select key from content where key not in (select content from domain) order by key')
    .pluck()
  const jobs = jobTables(database)
  const resources = createWalk(database, RESOURCE)
  const facets = createWalk(database, FACET)
  const inventory = [RESOURCE, STEP, NAME]
  let readdress = (record: string): string => record
  database.function('readdressed', (record: unknown) => (typeof record === 'string' ? readdress(record) : null))
  const copyResources = inventory.map((table) => copier(database, table))
  const copyReaddressed = inventory.map((table) =>
    copier(database, table, table.columns.replace(/\brecord\b/, 'readdressed(record)')),
  )
  const [copyFacets, deleteFacets] = [copier(database, FACET), deleter(database, FACET)]
  const deleteResources = inventory.map((table) => deleter(database, table))

  function* trim(content: ContentKey, after: number): Generator<void, void> {
    for (const { from, to } of jobs.walk(content, after)) {
      for (const each of jobs.delete) each.run(content, from, to)
      yield
    }
    for (const { from, to } of resources(content, after)) {
      for (const each of deleteResources) each.run(content, from, to)
      yield
    }
  }

  return {
    create: () => Number(create.run().lastInsertRowid),
    lastSeq,
    *copy({ content, visibleTo }: JobScope, target, recordOf) {
      for (const { from, to } of jobs.walk(content, 0, visibleTo)) {
        for (const each of recordOf === undefined ? jobs.copyWithTexts : jobs.copyWithoutTexts)
          each.run(target, content, from, to)
        yield
      }
      for (const { from, to } of resources(content, 0, visibleTo)) {
        if (recordOf !== undefined) readdress = recordOf
        for (const each of recordOf === undefined ? copyResources : copyReaddressed) each.run(target, content, from, to)
        yield
      }
      for (const { from, to } of facets(content)) {
        copyFacets.run(target, content, from, to)
        yield
      }
    },
    trim,
    *drop(content) {
      yield* trim(content, 0)
      for (const { from, to } of facets(content)) {
        deleteFacets.run(content, from, to)
        yield
      }
      deleteContent.run(content)
    },
    unnamed: () => unnamed.all() as ContentKey[],
  }
}

/** The spans of numbers of rows that the steps of a walk over a content take, after `first` and up to `last`. */
type Walk = (content: ContentKey, first?: number, last?: number) => Generator<{ from: number; to: number }, void>

function createWalk(database: Database, { table, owner }: Pick<Companion, 'table' | 'owner'>): Walk {
  const stepEnd = database
    .prepare(
      `select max(${owner}) from (select ${owner} from ${table} where content = ? and ${owner} > ? order by ${owner} limit ?)`,
    )
    .pluck()
  return function* (content, first = 0, last = Infinity) {
    for (let from = first; ;) {
      const to = stepEnd.get(content, from, STEP_ROWS) as number | null
      if (to === null || from >= last) return
      yield { from, to: Math.min(to, last) }
      from = to
    }
  }
}

/** Jobs, and what goes along with them. */
function jobTables(database: Database) {
  const columns = DATA_COLUMNS.join(', ')
  const ownTexts = columns.replace('final_text', 'case when document is null then null else final_text end')
  const companions = [ITEM, EFFECT].map((table) => copier(database, table))
  const job = { table: 'job', owner: 'seq', columns }
  return {
    walk: createWalk(database, job),
    copyWithTexts: [copier(database, job), ...companions],
    copyWithoutTexts: [copier(database, job, ownTexts), ...companions],
    delete: [job, ITEM, EFFECT].map((table) => deleter(database, table)),
  }
}

function copier(database: Database, { table, owner, columns }: Companion, copied = columns): Statement {
  return database.prepare(
    `insert into ${table} (content, ${owner}, ${columns})
    select ?, ${owner}, ${copied} from ${table} where content = ? and ${owner} > ? and ${owner} <= ?`,
  )
}

function deleter(database: Database, { table, owner }: Companion): Statement {
  return database.prepare(`delete from ${table} where content = ? and ${owner} > ? and ${owner} <= ?`)
}
