import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { allOf, openIn, temporaryFolder } from './backends.ts'
import { domain } from './domains.ts'
import { writeOf } from './job-writes.ts'

const fileIn = (folder: string) => join(folder, 'emulator.db')

/** The one line of the error message. */
function refusal(folder: string): string {
  try {
    openIn(folder).close()
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    const { message } = error as StartError
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('it opened')
}

it('creates a missing folder and its parents', () => {
  using folder = temporaryFolder()
  const deep = join(folder.path, 'a', 'b')
  openIn(deep).close()
  expect(existsSync(fileIn(deep))).toBe(true)
})

it('reads what was stored', () => {
  using folder = temporaryFolder()
  const first = openIn(folder.path)
  first.jobs.insert(1, writeOf('a'))
  first.secrets.set('key', 'value')
  first.close()
  const second = openIn(folder.path)
  expect(second.jobs.find(allOf(1), 'a')).toEqual(writeOf('a').job)
  expect(second.secrets.get('key')).toBe('value')
  second.close()
})

it.skipIf(process.platform === 'win32')(
  'makes the files unreadable for other users, since they contain the signing key',
  () => {
    using folder = temporaryFolder()
    const store = openIn(folder.path)
    store.domains.add(domain('id', 'root'))
    store.secrets.set('key', 'value')
    for (const file of [fileIn(folder.path), `${fileIn(folder.path)}-wal`])
      expect(statSync(file).mode & 0o777).toBe(0o600)
    store.close()
  },
)

it('refuses data of a newer version', () => {
  using folder = temporaryFolder()
  const newer = new Database(fileIn(folder.path))
  newer.pragma('user_version = 99')
  newer.close()
  expect(refusal(folder.path)).toMatch(/written by a newer cckm-emulator \(format 99/)
})

it('refuses a file that is not a database, and leaves it unchanged', () => {
  using folder = temporaryFolder()
  writeFileSync(fileIn(folder.path), 'a letter to my aunt, which is long enough to be looked at. '.repeat(9))
  const before = readFileSync(fileIn(folder.path))
  expect(refusal(folder.path)).toContain('emulator.db is not a database of this emulator')
  expect(readFileSync(fileIn(folder.path))).toEqual(before)
})

it.each([0, 1])('refuses the database of another program (format %i), and leaves it unchanged', (version) => {
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
])('refuses a database that is damaged %s, and leaves it unchanged', (_where, damage) => {
  using folder = temporaryFolder()
  const first = openIn(folder.path)
  for (let n = 0; n < 50; n += 1) first.jobs.insert(1, writeOf(`job-${n}`))
  first.close()
  writeFileSync(fileIn(folder.path), damage(readFileSync(fileIn(folder.path))))
  const before = readFileSync(fileIn(folder.path))
  expect(refusal(folder.path)).toContain('emulator.db is damaged')
  expect(readFileSync(fileIn(folder.path))).toEqual(before)
})

it('refuses a folder in use, which is free again after closing', () => {
  using folder = temporaryFolder()
  const first = openIn(folder.path)
  expect(refusal(folder.path)).toContain('another cckm-emulator is using it')
  first.close()
  openIn(folder.path).close()
})

describe.skipIf(process.platform === 'win32')('a folder that cannot be created', () => {
  it.each<[string, (root: string) => string, RegExp]>([
    ['below /proc', () => '/proc/cckm', /: no folder can be created in \/proc$/],
    ['deep below /proc', () => '/proc/a/b/c', /: no folder can be created in \/proc$/],
    ['below /sys', () => '/sys/cckm', /: (no permission to write to it|no folder can be created in \/sys)$/],
    ['below a device', () => '/dev/null/x', /: \/dev\/null is a file, not a folder$/],
    ['deep below a device', () => '/dev/null/x/y', /: \/dev\/null is a file, not a folder$/],
    ['where a file is', (root) => join(root, 'file'), /file is a file, not a folder$/],
    ['below a file', (root) => join(root, 'file', 'a', 'b'), /file is a file, not a folder$/],
    ['where a link leads nowhere', (root) => join(root, 'dangling'), /dangling is a link that leads nowhere$/],
    [
      'below a link that leads nowhere',
      (root) => join(root, 'dangling', 'a'),
      /dangling is a link that leads nowhere$/,
    ],
    ['where a link leads to itself', (root) => join(root, 'loop'), /loop is a link to itself$/],
    ['with a very long name', (root) => join(root, 'n'.repeat(300)), /a name in it is too long for the file system$/],
    ['with a very long path', (root) => join(root, 'n/'.repeat(3000)), /a name in it is too long for the file system$/],
  ])('is refused %s', (_where, pathIn, message) => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    symlinkSync('nowhere', join(folder.path, 'dangling'))
    symlinkSync('loop', join(folder.path, 'loop'))
    const path = pathIn(folder.path)
    expect(refusal(path)).toMatch(message)
    expect(refusal(path)).toContain(`cannot use the data in ${path}: `)
  })

  it('is created behind a valid link', () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'real'))
    symlinkSync('real', join(folder.path, 'link'))
    openIn(join(folder.path, 'link', 'deep')).close()
    expect(existsSync(fileIn(join(folder.path, 'real', 'deep')))).toBe(true)
  })
})

it('notices that its file was removed or replaced', () => {
  using folder = temporaryFolder()
  const store = openIn(folder.path)
  expect(store.isInPlace()).toBe(true)
  rmSync(fileIn(folder.path))
  expect(store.isInPlace()).toBe(false)
  writeFileSync(fileIn(folder.path), '')
  expect(store.isInPlace()).toBe(false)
  store.close()
  const inMemory = openIn(undefined)
  expect(inMemory.isInPlace()).toBe(true)
  inMemory.close()
})

it.skipIf(process.getuid?.() === 0)('refuses a folder without write permission', () => {
  using folder = temporaryFolder()
  chmodSync(folder.path, 0o500)
  expect(refusal(folder.path)).toContain(`cannot use the data in ${folder.path}`)
  chmodSync(folder.path, 0o700)
})
