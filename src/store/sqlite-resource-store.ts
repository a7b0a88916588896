import type { Database } from 'better-sqlite3'
import { isRecord } from '../model/is-record.ts'
import { RECORDS_PER_READ, type Change, type ResourceRecord } from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import type { ContentKey } from './job-store.ts'
import {
  RESOURCE_COLUMNS,
  resourceValues,
  STEP_COLUMNS,
  stepRows,
  isRowOf,
  toResource,
  untilOf,
  type ResourceRow,
  type StepRow,
} from './resource-rows.ts'
import type { DueStep, LifeWrite, NoticedResource, ResourceStore, ShownResource } from './resource-store.ts'
import { createSequence } from './sequence.ts'
import { createPageReader } from './sqlite-pages.ts'
import { NOTICED } from './schema.ts'
import { shownPage } from './sqlite-resource-query.ts'

/** See `VALUE` in sqlite-job-store.ts. */
const VALUE = 'cast(? as integer)'

/** Resources in SQLite. */
export function createResourceStore(database: Database): ResourceStore {
  database.function('has_members', { deterministic: true }, hasMembers)
  const find = database.prepare('select * from resource where content = ? and id = ? and seq <= ?')
  const append = database.prepare(
    `update resource set events = json_insert(events, '$[#]', json(?)) where content = ? and seq = ?`,
  )
  const nextOccurrence = database
    .prepare(
      `select coalesce(max(occurrence) + 1, 0) from resource
      where content = ${VALUE} and request_hash = ${VALUE} and +seq <= ${VALUE}`,
    )
    .pluck()
  const count = database.prepare('select count(*) from resource where content = ? and seq <= ?').pluck()
  return {
    insert: createInsert(database),
    find: ({ content, visibleTo }, id) => {
      const row = find.get(content, id, visibleTo)
      return row === undefined ? undefined : toResource(row as ResourceRow)
    },
    ...createReader(database),
    append: (content, seq, event) => void append.run(JSON.stringify(event), content, seq),
    rewrite: createRewriter(database),
    nextOccurrence: ({ content, visibleTo }, requestHash) =>
      nextOccurrence.get(content, requestHash, visibleTo) as number,
    count: ({ content, visibleTo }) => count.get(content, visibleTo) as number,
    ...createDueReader(database),
    ...createSightings(database),
  }
}

/** Whether a member has all members of one of the wanted objects; of a list, whether an element has. Both are JSON. */
function hasMembers(value: unknown, wanted: unknown): number {
  if (typeof value !== 'string') return 0
  const member = parsed(value)
  const objects = (JSON.parse(String(wanted)) as unknown[]).map((each) => parsed(String(each)))
  const candidates: unknown[] = Array.isArray(member) ? member : [member]
  return Number(objects.some((object) => candidates.some((candidate) => contains(candidate, object))))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function contains(candidate: unknown, object: unknown): boolean {
  if (!isRecord(candidate) || !isRecord(object)) return false
  return Object.entries(object).every(
    ([name, value]) => Object.hasOwn(candidate, name) && JSON.stringify(candidate[name]) === JSON.stringify(value),
  )
}

function createInsert(database: Database): ResourceStore['insert'] {
  const nextSeq = createSequence(database)
  const insert = database.prepare(
    `insert into resource (content, seq, ${RESOURCE_COLUMNS.join(', ')})
    values (?, ?, ${RESOURCE_COLUMNS.map(() => '?').join(', ')}) on conflict (content, id) do nothing`,
  )
  const writeSteps = createStepWriter(database)
  return (content, write) => {
    const seq = nextSeq(content)
    if (insert.run(content, seq, ...resourceValues(write)).changes === 0) return false
    writeSteps({ content, seq, kind: write.resource.kind }, { ...write, first: 0 })
    return true
  }
}

/** Writes the steps of a life from the n-th on. */
function createStepWriter(database: Database) {
  const writeStep = database.prepare(
    `insert into step (content, resource, ${STEP_COLUMNS.join(', ')}) values (?, ?, ${STEP_COLUMNS.map(() => '?').join(', ')})`,
  )
  const writeName = database.prepare('insert or ignore into resource_name (content, name, resource) values (?, ?, ?)')
  const keepFacet = createFacetKeeper(database)
  return (
    { content, seq, kind }: { content: ContentKey; seq: number; kind: string },
    write: LifeWrite & { first: number },
  ): void => {
    const facetOf = (facets: ResourceRecord): number => keepFacet(content, kind, JSON.stringify(facets))
    for (const { row, names } of stepRows(kind, { ...write, facetOf })) {
      writeStep.run(content, seq, ...row)
      for (const name of names) writeName.run(content, name, seq)
    }
  }
}

/** Keeps each combination of facets once; returns its key. */
function createFacetKeeper(database: Database): (content: ContentKey, kind: string, members: string) => number {
  const find = database.prepare('select key from facet where content = ? and kind = ? and members = ?').pluck()
  const add = database.prepare(
    `insert into facet (content, key, kind, members)
    select ?, coalesce((select max(key) from facet where content = ?), 0) + 1, ?, ?`,
  )
  return (content, kind, members) => {
    const known = find.get(content, kind, members) as number | undefined
    if (known !== undefined) return known
    add.run(content, content, kind, members)
    return find.get(content, kind, members) as number
  }
}

function createRewriter(database: Database): ResourceStore['rewrite'] {
  const remove = database.prepare('delete from step where content = ? and resource = ? and n >= ?')
  const end = database.prepare('update step set until = ? where content = ? and resource = ? and n = ? and until <> ?')
  const writeSteps = createStepWriter(database)
  const stored = database.prepare(
    'select since, is_due, change, by from step where content = ? and resource = ? and n >= ? order by n',
  )
  return (content, { seq, kind }, { from, life, valuesOf }) => {
    const later = life.findIndex(({ at }) => at >= from)
    const start = later === -1 ? life.length : later
    const rows = stored.all(content, seq, start) as StepRow[]
    const differing = rows.findIndex((row, index) => !isRowOf(row, life[start + index]))
    const first = start + (differing === -1 ? rows.length : differing)
    if (differing !== -1) remove.run(content, seq, first)
    // The last step that is kept ends where the first rewritten one begins.
    const until = untilOf(life, first - 1)
    end.run(until, content, seq, first - 1, until)
    writeSteps({ content, seq, kind }, { life, valuesOf, first })
  }
}

const SHOWN = `resource.seq as seq, id, step.kind as kind, step.is_hidden as is_hidden, is_lost, coalesce(step.record, resource.record) as text,
  exists_from as existsFrom, since`

/** The step of a resource at an instant. Without the hint SQLite scans the index `step_page`. */
const ITS_STEP = `cross join step indexed by step_n on step.content = resource.content and step.resource = resource.seq
  and since <= ? and until > ? and step.is_hidden <= ? and (? is null or step.kind = ?)`

interface ShownRow {
  readonly seq: number
  readonly id: string
  readonly kind: string
  readonly is_hidden: number
  readonly is_lost: number
  readonly existsFrom: Instant
  readonly since: Instant
  readonly text: string
}

function toShown({ is_hidden, is_lost, ...row }: ShownRow): ShownResource {
  return { ...row, isHidden: is_hidden === 1, isLost: is_lost === 1 }
}

function createReader(database: Database): Pick<ResourceStore, 'shown' | 'page' | 'entries'> {
  const readPage = createPageReader(database, { table: 'step', seq: 'resource' })
  const byId = database.prepare(
    `select ${SHOWN} from (select ? as content, ? as id, ? as last) as wanted
    cross join resource using (content, id) ${ITS_STEP} where resource.seq <= last`,
  )
  const byName = database.prepare(
    `select ${SHOWN} from (select ? as content, ? as name, ? as last) as wanted
    cross join resource_name as named using (content, name)
    cross join resource on resource.content = named.content and resource.seq = named.resource ${ITS_STEP}
    where resource.seq <= last order by resource.seq`,
  )
  const entries = database.prepare(
    `select ${SHOWN} from (select key as place, value as wanted from json_each(?))
    cross join resource on resource.content = ? and resource.seq = wanted ${ITS_STEP} order by place`,
  )
  return {
    shown: ({ content, visibleTo }, { kind = null, idOrName, at, withHidden = false }) => {
      const values = [content, idOrName, visibleTo, at, at, Number(withHidden), kind, kind]
      const row = byId.get(values)
      const rows = row === undefined ? byName.all(values) : [row]
      return (rows as ShownRow[]).map(toShown)
    },
    page: (scope, query) => readPage(shownPage(scope, query), query),
    entries: ({ content }, seqs, at) =>
      (entries.all(JSON.stringify(seqs), content, at, at, 1, null, null) as ShownRow[]).map(toShown),
  }
}

type DueRow = Omit<DueStep, 'change'> & { readonly change: string }

/** What time alone changes of resources. */
function createDueReader(database: Database): Pick<ResourceStore, 'isActedOn' | 'due' | 'countDue' | 'nextDueAt'> {
  const own = `from step where content = ${VALUE} and is_due = 1 and +resource <= ${VALUE}`
  const due = database.prepare(
    `select resource.seq as seq, id, step.kind as kind, step.since as at, step.change as change,
      coalesce(former.record, resource.record) as before
    from (select resource, n ${own} and (since, resource) > (?, ?) and since <= ? order by since, resource limit ?) as next
    cross join step indexed by step_n on step.content = ? and step.resource = next.resource and step.n = next.n
    cross join step as former indexed by step_n on former.content = step.content and former.resource = step.resource
      and former.n = step.n - 1
    cross join resource on resource.content = step.content and resource.seq = step.resource
    order by at, seq, step.n`,
  )
  const isActedOn = database
    .prepare(
      `select exists (select 1 from resource
      cross join step indexed by step_n on step.content = resource.content and step.resource = resource.seq
      where resource.content = ? and resource.id = ? and resource.seq <= ? and since = ? and step.by ->> '$.job' = ?)`,
    )
    .pluck()
  const countDue = database.prepare(`select count(*) ${own} and since > ? and since <= ?`).pluck()
  const next = database.prepare(`select min(since) ${own} and since > ?`).pluck()
  return {
    isActedOn: ({ content, visibleTo }, { id, job, at }) => isActedOn.get(content, id, visibleTo, at, job) === 1,
    due: ({ content, visibleTo }, { from, to, limit }) => {
      const rows = due.all(content, visibleTo, from.at, from.seq, to, limit, content) as DueRow[]
      return rows.map((row) => ({ ...row, change: JSON.parse(row.change) as Change }))
    },
    countDue: ({ content, visibleTo }, from, to) => countDue.get(content, visibleTo, from, to) as number,
    nextDueAt: ({ content, visibleTo }, after) => (next.get(content, visibleTo, after) as Instant | null) ?? undefined,
  }
}

/** What synchronizations need to know of resources, and what they make. */
function createSightings(
  database: Database,
): Pick<ResourceStore, 'hiddenOrLost' | 'madeBy' | 'unmake' | 'appearedOrVanishedBy'> {
  const hiddenOrLost = database.prepare(
    `select * from resource where content = ? and seq in
      (select distinct resource from step indexed by step_unseen
      where content = ? and resource > ? and resource <= ? and (is_hidden = 1 or is_lost = 1) and until > ?
      order by resource limit ${RECORDS_PER_READ})
    order by seq`,
  )
  const made = `from resource where content = ${VALUE} and seq <= ${VALUE} and by = json_object('job', ?)`
  const madeBy = database.prepare(`select id, kind, exists_from as existsFrom ${made} order by seq`)
  const planned = database.prepare(`select seq ${made} and exists_from > ?`).pluck()
  const deletions = [
    ['resource', 'seq'],
    ['step', 'resource'],
    ['resource_name', 'resource'],
  ].map(([table, seq]) => database.prepare(`delete from ${table} where content = ? and ${seq} = ?`))
  const appearedOrVanishedBy = database.prepare(
    `select id, resource.kind as kind, since as at, change from step indexed by step_noticed
    cross join resource on resource.content = step.content and resource.seq = step.resource
    where step.content = ? and change in (${NOTICED}) and step.by = json_object('job', ?) and seq <= ? order by since, seq`,
  )
  return {
    *hiddenOrLost({ content, visibleTo }, after) {
      let seq = 0
      for (;;) {
        const batch = (hiddenOrLost.all(content, content, seq, visibleTo, after) as ResourceRow[]).map(toResource)
        if (batch.length > 0) yield batch
        seq = batch.at(-1)?.seq ?? 0
        if (batch.length < RECORDS_PER_READ) return
      }
    },
    madeBy: ({ content, visibleTo }, job) => madeBy.all(content, visibleTo, job) as ReturnType<ResourceStore['madeBy']>,
    unmake: ({ content, visibleTo }, job, after) => {
      for (const seq of planned.all(content, visibleTo, job, after))
        for (const each of deletions) each.run(content, seq)
    },
    appearedOrVanishedBy: ({ content, visibleTo }, job) =>
      (
        appearedOrVanishedBy.all(content, job, visibleTo) as (Omit<NoticedResource, 'change'> & {
          readonly change: string
        })[]
      ).map((row) => ({
        ...row,
        change: JSON.parse(row.change) as Change,
      })),
  }
}
