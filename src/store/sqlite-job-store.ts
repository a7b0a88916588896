import type { Database } from 'better-sqlite3'
import { toInstant, type Instant } from '../model/time.ts'
import type { EntryRequest, JobStore, PageEntry } from './job-store.ts'
import {
  appendValues,
  DATA_COLUMNS,
  dataValues,
  itemsText,
  JOB_COLUMNS,
  MIN_INSTANT,
  TIME_COLUMNS,
  toJob,
  type JobRow,
} from './rows.ts'
import { createPager } from './sqlite-pages.ts'
import { createSequence } from './sequence.ts'

/**
 * A parameter in statements with min() or max(). With a bare `?`, SQLite 3.54 prepares such a statement again at each call,
 * which takes three times as long as the statement itself.
 */
const VALUE = 'cast(? as integer)'

/**
 * The condition of visibility must not select the index: it is true for nearly all jobs, and SQLite would scan them. A unary
 * `+` excludes a column from the choice of the index.
 */
const OWN_SEQ = '+seq'
const OWN_JOB = '+job'

/** The job store on SQLite. */
export function createJobStore(database: Database): JobStore {
  const find = database.prepare(`select ${JOB_COLUMNS} from job where content = ? and id = ? and seq <= ?`)
  const finalText = database
    .prepare(
      `select coalesce(final_text, document) from job where content = ? and id = ? and seq <= ? and family = ?
      and ends_at <= ? and exists_from <= ? and (deleted_at is null or deleted_at > ?)`,
    )
    .pluck()
  const append = database
    .prepare(
      `update job set events = json_insert(events, '$[#]', json(?)), changed_at = ?,
      ${TIME_COLUMNS.map((column) => `${column} = ?`).join(', ')}, final_text = ?
      where content = ? and id = ? and seq <= ? returning seq`,
    )
    .pluck()
  const writeItems = createItemWriter(database)
  const nextOccurrence = database
    .prepare(
      `select coalesce(max(occurrence) + 1, 0) from job
      where content = ${VALUE} and request_hash = ${VALUE} and ${OWN_SEQ} <= ${VALUE}`,
    )
    .pluck()
  const actingOn = database.prepare(
    `select resource, job from (select distinct value as wanted from json_each(?))
    cross join effect on content = ? and resource = wanted and job <= ? order by job`,
  )
  const endsOver = database.prepare(
    `select item.job as seq, at from effect cross join item on item.content = effect.content and item.job = effect.job
    where effect.content = ? and resource = ? and effect.job <= ? and at <= ? group by 1, 2 order by at desc, 1 limit ? offset ?`,
  )
  const count = database.prepare('select count(*) from job where content = ? and seq <= ?').pluck()
  const newest = database
    .prepare(
      `select max((select max(exists_from) from job where content = ${VALUE} and seq <= ${VALUE}),
      coalesce((select max(changed_at) from job where content = ${VALUE} and changed_at is not null), ${MIN_INSTANT}))`,
    )
    .pluck()
  return {
    insert: createInsert(database),
    find: ({ content, visibleTo }, id) => {
      const row = find.get(content, id, visibleTo)
      return row === undefined ? undefined : toJob(row as JobRow)
    },
    finalText: ({ content, visibleTo }, { family, id, at }) =>
      (finalText.get(content, id, visibleTo, family, at, at, at) as string | null | undefined) ?? undefined,
    page: createPager(database),
    entries: createEntryReader(database),
    ...createTransitionReader(database),
    append: (scope, change) => {
      const seq = append.get(appendValues(scope, change)) as number
      if (change.items.length > 0) writeItems(scope.content, seq, change.items)
    },
    endsOver: ({ content, visibleTo }, container, { to, skip, limit }) =>
      endsOver.all(content, container, visibleTo, to, limit, skip) as ReturnType<JobStore['endsOver']>,
    actingOn: ({ content, visibleTo }, resources) => {
      const rows = actingOn.all(JSON.stringify(resources), content, visibleTo) as { resource: string; job: number }[]
      const byResource = Map.groupBy(rows, ({ resource }) => resource)
      return new Map(Array.from(byResource, ([resource, found]) => [resource, found.map(({ job }) => job)]))
    },
    nextOccurrence: ({ content, visibleTo }, requestHash) =>
      nextOccurrence.get(content, requestHash, visibleTo) as number,
    count: ({ content, visibleTo }) => count.get(content, visibleTo) as number,
    newest: ({ content, visibleTo }) => (newest.get(content, visibleTo, content) as Instant | null) ?? undefined,
  }
}

/** Prepares the insert of a job after everything else in its content. */
function createInsert(database: Database): JobStore['insert'] {
  const nextSeq = createSequence(database)
  const insert = database.prepare(
    `insert into job (content, seq, ${DATA_COLUMNS.join(', ')}) values (?, ?, ${DATA_COLUMNS.map(() => '?').join(', ')})
    on conflict (content, id) do nothing`,
  )
  const writeItems = createItemWriter(database)
  const writeTargets = database.prepare(
    'insert or ignore into effect (content, job, resource) select ?, ?, value from json_each(?)',
  )
  return (content, write) => {
    const seq = nextSeq(content)
    // Not `returning seq`, which creates a temporary table: a third of the time of the insert.
    const isInserted = insert.run(content, seq, ...dataValues(write)).changes === 1
    if (isInserted && write.items.length > 0) writeItems(content, seq, write.items)
    if (isInserted && write.targets.length > 0) writeTargets.run(content, seq, JSON.stringify(write.targets))
    return isInserted
  }
}

/** Prepares the insert of items of a job; for existing items, it updates the instant of their end. */
function createItemWriter(database: Database) {
  const write = database.prepare(
    `insert into item (content, job, item, at) select ?, ?, value ->> 0, value ->> 1 from json_each(?) where true
    on conflict (content, job, item) do update set at = excluded.at`,
  )
  return (content: number, seq: number, items: Parameters<typeof itemsText>[0]): void => {
    write.run(content, seq, itemsText(items))
  }
}

function createEntryReader(database: Database): JobStore['entries'] {
  const read = database.prepare(
    `select ${JOB_COLUMNS}, case when ends_at <= ? then coalesce(final_text, document) end as final
    from (select key as place, value as wanted from json_each(?)) cross join job on content = ? and seq = wanted
    order by place`,
  )
  const toEntry = ({ final, ...row }: JobRow & { final: string | null }, asText: boolean): PageEntry =>
    final === null || !asText ? { job: toJob(row) } : { text: final }
  return ({ content }, seqs, { at, asText }: EntryRequest) => {
    const rows = read.all(at, JSON.stringify(seqs), content) as (JobRow & { final: string | null })[]
    return rows.map((row) => toEntry(row, asText))
  }
}

const ENDS = `from job where content = ${VALUE} and ends_at > ${MIN_INSTANT} and deleted_at is null and ${OWN_SEQ} <= ${VALUE}`
const ITEMS = `from item where content = ${VALUE} and at is not null and ${OWN_JOB} <= ${VALUE}`

/** Prepares the reads of changes by time: ends of jobs and of items. */
function createTransitionReader(database: Database): Pick<JobStore, 'due' | 'countDue' | 'nextTransitionAt' | 'span'> {
  const pluck = (text: string) => database.prepare(text).pluck()
  const due = database.prepare(
    `select seq, ${JOB_COLUMNS} from job where content = ${VALUE} and seq in (
      select seq from (select seq ${ENDS} and (ends_at, seq) > (?, ?) and ends_at <= ? order by ends_at, seq limit ?)
      union select job from (select job ${ITEMS} and (at, job) > (?, ?) and at <= ? order by at, job limit ?)
    ) order by seq`,
  )
  const countEnds = pluck(`select count(*) ${ENDS} and ends_at > ? and ends_at <= ?`)
  const countItems = pluck(`select count(*) ${ITEMS} and at > ? and at <= ?`)
  const nextEnd = pluck(`select min(ends_at) ${ENDS} and ends_at > ?`)
  const nextItem = pluck(`select min(at) ${ITEMS} and at > ?`)
  const firstExists = pluck(`select min(exists_from) from job where content = ${VALUE} and seq <= ${VALUE}`)
  const lastEnd = pluck(`select max(ends_at) ${ENDS}`)
  const lastItem = pluck(`select max(at) ${ITEMS}`)
  const present = (...instants: unknown[]): Instant[] => instants.filter((at): at is Instant => at !== null)
  return {
    due: ({ content, visibleTo }, { from, to, limit }) => {
      const span = [content, visibleTo, from.at, from.seq, to, limit]
      const rows = due.all(content, ...span, ...span) as (JobRow & { readonly seq: number })[]
      return rows.map(({ seq, ...row }) => ({ seq, job: toJob(row) }))
    },
    countDue: ({ content, visibleTo }, from, to) =>
      (countEnds.get(content, visibleTo, from, to) as number) +
      (countItems.get(content, visibleTo, from, to) as number),
    nextTransitionAt: ({ content, visibleTo }, after) => {
      const next = present(nextEnd.get(content, visibleTo, after), nextItem.get(content, visibleTo, after))
      return next.length === 0 ? undefined : toInstant(Math.min(...next))
    },
    span: ({ content, visibleTo }) => {
      const from = firstExists.get(content, visibleTo) as Instant | null
      if (from === null) return undefined
      const last = present(lastEnd.get(content, visibleTo), lastItem.get(content, visibleTo))
      return { from, to: last.length === 0 ? undefined : toInstant(Math.max(...last)) }
    },
  }
}
