import type { Database } from 'better-sqlite3'
import type { ContentKey, ContentStore, JobScope } from './job-store.ts'
import { DATA_COLUMNS } from './rows.ts'

/** The number of jobs that one statement copies or deletes, which takes one to two milliseconds. */
const STEP_JOBS = 200

/** The content store on SQLite. */
export function createContentStore(database: Database): ContentStore {
  const pluck = (text: string) => database.prepare(text).pluck()
  const create = database.prepare('insert into content default values')
  const lastSeq = pluck('select coalesce(max(seq), 0) from job where content = cast(? as integer)')
  const stepEnd = pluck('select max(seq) from (select seq from job where content = ? and seq > ? order by seq limit ?)')
  const copyItems = database.prepare(
    'insert into item (content, job, item, at) select ?, job, item, at from item where content = ? and job > ? and job <= ?',
  )
  const deleteJobs = database.prepare('delete from job where content = ? and seq > ? and seq <= ?')
  const deleteItems = database.prepare('delete from item where content = ? and job > ? and job <= ?')
  const deleteContent = database.prepare('delete from content where key = ?')
  const unnamed = pluck('select key from content where key not in (select content from domain) order by key')
  const copyJobs = (keepTexts: boolean) => {
    const columns = DATA_COLUMNS.join(', ')
    const kept = keepTexts
      ? columns
      : columns.replace('final_text', 'case when document is null then null else final_text end')
    return database.prepare(
      `insert into job (content, seq, ${columns}) select ?, seq, ${kept} from job where content = ? and seq > ? and seq <= ?`,
    )
  }
  const [copyWithTexts, copyWithoutTexts] = [copyJobs(true), copyJobs(false)]

  /** Divides the `seq` of a content after `first` and up to `last` into spans of STEP_JOBS jobs. */
  function* steps(content: ContentKey, first = 0, last = Infinity): Generator<{ from: number; to: number }, void> {
    for (let from = first; ;) {
      const to = stepEnd.get(content, from, STEP_JOBS) as number | null
      if (to === null || from >= last) return
      yield { from, to: Math.min(to, last) }
      from = to
    }
  }

  function* trim(content: ContentKey, after: number): Generator<void, void> {
    for (const { from, to } of steps(content, after)) {
      deleteJobs.run(content, from, to)
      deleteItems.run(content, from, to)
      yield
    }
  }

  return {
    create: () => Number(create.run().lastInsertRowid),
    lastSeq: (content) => lastSeq.get(content) as number,
    *copy({ content, visibleTo }: JobScope, target, { keepTexts }) {
      const copy = keepTexts ? copyWithTexts : copyWithoutTexts
      for (const { from, to } of steps(content, 0, visibleTo)) {
        copy.run(target, content, from, to)
        copyItems.run(target, content, from, to)
        yield
      }
    },
    trim,
    *drop(content) {
      yield* trim(content, 0)
      deleteContent.run(content)
    },
    unnamed: () => unnamed.all() as ContentKey[],
  }
}
