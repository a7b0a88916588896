import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openSqliteStore, StoreOpenError } from '../../src/store/sqlite-store.ts'
import { temporaryFolder } from './backends.ts'
import { domain } from './domains.ts'
import { writeOf } from './job-writes.ts'

const fileIn = (folder: string) => join(folder, 'emulator.db')

/** What a user is told: one line. */
function refusal(folder: string): string {
  try {
    void openSqliteStore(folder).close()
  } catch (error) {
    expect(error).toBeInstanceOf(StoreOpenError)
    const { message } = error as StoreOpenError
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('it opened')
}

it('a folder that is not there yet is made, with those above it', async () => {
  using folder = temporaryFolder()
  const deep = join(folder.path, 'a', 'b')
  await openSqliteStore(deep).close()
  expect(existsSync(fileIn(deep))).toBe(true)
})

it('what was kept is there again', async () => {
  using folder = temporaryFolder()
  const first = openSqliteStore(folder.path)
  await first.jobs.insert(1, writeOf('a'))
  first.secrets.set('key', 'value')
  await first.close()
  const second = openSqliteStore(folder.path)
  expect(await second.jobs.find(1, 'a')).toEqual({ job: writeOf('a').job, version: 0 })
  expect(second.secrets.get('key')).toBe('value')
  await second.close()
})

it.skipIf(process.platform === 'win32')(
  'nobody else may read the files, since the signing key is in them',
  async () => {
    using folder = temporaryFolder()
    const store = openSqliteStore(folder.path)
    await store.domains.add(domain('id', 'root'))
    store.secrets.set('key', 'value')
    for (const file of [fileIn(folder.path), `${fileIn(folder.path)}-wal`])
      expect(statSync(file).mode & 0o777).toBe(0o600)
    await store.close()
  },
)

it('data of a newer emulator is left to it', () => {
  using folder = temporaryFolder()
  const newer = new Database(fileIn(folder.path))
  newer.pragma('user_version = 99')
  newer.close()
  expect(refusal(folder.path)).toMatch(/written by a newer cckm-emulator \(format 99/)
})

it('a file that is no database is refused and left as it was', () => {
  using folder = temporaryFolder()
  writeFileSync(fileIn(folder.path), 'a letter to my aunt, which is long enough to be looked at. '.repeat(9))
  const before = readFileSync(fileIn(folder.path))
  expect(refusal(folder.path)).toContain('emulator.db is not a database of this emulator')
  expect(readFileSync(fileIn(folder.path))).toEqual(before)
})

it.each([0, 1])('a database of somebody else (format %i) is refused and left as it was', (version) => {
  using folder = temporaryFolder()
  const other = new Database(fileIn(folder.path))
  other.exec('create table aunt (name text)')
  other.pragma(`user_version = ${version}`)
  other.close()
  expect(refusal(folder.path)).toContain('emulator.db is not a database of this emulator')
  const again = new Database(fileIn(folder.path), { timeout: 0 })
  expect(again.prepare('select name from sqlite_schema').pluck().all()).toEqual(['aunt'])
  again.close()
})

it.each([
  [
    'in the middle',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 9000), Buffer.alloc(5000, 7), bytes.subarray(14_000)]),
  ],
  ['at its end, which is missing', (bytes: Buffer) => bytes.subarray(0, 20_000)],
])('a database that is damaged %s is refused and left as it was', async (_where, damage) => {
  using folder = temporaryFolder()
  const first = openSqliteStore(folder.path)
  for (let n = 0; n < 50; n += 1) await first.jobs.insert(1, writeOf(`job-${n}`))
  await first.close()
  writeFileSync(fileIn(folder.path), damage(readFileSync(fileIn(folder.path))))
  const before = readFileSync(fileIn(folder.path))
  expect(refusal(folder.path)).toContain('emulator.db is damaged')
  expect(readFileSync(fileIn(folder.path))).toEqual(before)
})

it('a folder that is in use is refused, and free again when it is closed', async () => {
  using folder = temporaryFolder()
  const first = openSqliteStore(folder.path)
  expect(refusal(folder.path)).toContain('another cckm-emulator is using it')
  await first.close()
  await openSqliteStore(folder.path).close()
})

it('a file where the folder should be is refused', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'data')
  writeFileSync(file, '')
  expect(refusal(file)).toContain(`cannot use the data in ${file}`)
})

it.skipIf(process.getuid?.() === 0)('a folder that may not be written to is refused', () => {
  using folder = temporaryFolder()
  chmodSync(folder.path, 0o500)
  expect(refusal(folder.path)).toContain(`cannot use the data in ${folder.path}`)
  chmodSync(folder.path, 0o700)
})
