import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { INSERT_COLUMNS, insertValues } from '../../src/store/rows.ts'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { START } from '../laws/histories.ts'
import { temporaryFolder } from './backends.ts'
import { domain } from './domains.ts'
import { writeOf } from './job-writes.ts'

const COLUMNS = INSERT_COLUMNS.filter((column) => column !== 'occurrence')
const ORIGIN = { settings: {}, users: [], scenario: 'slow' }
const ALL = {
  ...{ at: START, family: undefined, ids: [], statuses: [], clouds: [], operations: [] },
  ...{ sort: [], skip: 0, limit: undefined, asText: true },
}

it('data of the first format is taken over', async () => {
  using folder = temporaryFolder()
  const writes = ['a', 'b', 'c'].map((id) => writeOf(id))
  const old = new Database(join(folder.path, 'emulator.db'))
  old.exec(MIGRATIONS[0]!)
  old.pragma('user_version = 1')
  const insert = old.prepare(`insert into job (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`)
  for (const write of writes)
    insert.run(insertValues(1, write).filter((_, index) => INSERT_COLUMNS[index] !== 'occurrence'))
  old
    .prepare('insert into domain (id, name, state) values (?, ?, ?)')
    .run('id', 'root', JSON.stringify({ ...domain('id', 'root'), origin: ORIGIN }))
  old.close()
  for (let opened = 0; opened < 2; opened += 1) {
    const store = openSqliteStore(folder.path)
    expect(await store.jobs.page(1, ALL)).toEqual({
      total: 3,
      entries: writes.map(({ job }) => ({ stored: { job, version: 0 } })),
    })
    const [taken] = await store.domains.all()
    expect(taken).toMatchObject({ isSeeded: true, origin: ORIGIN })
    await store.domains.save({ ...taken!, isTouched: true })
    await store.close()
  }
})
