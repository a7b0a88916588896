import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfigFile, type ConfigFile } from '../../src/files/config-file.ts'
import { temporaryFolder } from './run-cli.ts'

function write(text: string, name = 'emulator.yaml'): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

async function read(text: string, name?: string): Promise<ConfigFile> {
  const file = await readConfigFile(write(text, name))
  if ('problem' in file) throw new Error(file.problem.message)
  return file
}

describe('A configuration file', () => {
  it('is YAML or JSON', async () => {
    const values = { port: 7443, users: [{ name: 'a', password: 'b' }] }
    expect((await read(JSON.stringify(values, null, '\t'), 'emulator.json')).values).toEqual(values)
    expect((await read('port: 7443\nusers: [{ name: a, password: b }]\n')).values).toEqual(values)
  })

  it('keeps instants, and words such as off, as text', async () => {
    const { values } = await read('clock: frozen@2026-01-01T00:00:00Z\nauth: off\nat: 2026-01-01T00:00:00Z\n')
    expect(values).toEqual({ clock: 'frozen@2026-01-01T00:00:00Z', auth: 'off', at: '2026-01-01T00:00:00Z' })
  })

  it('may be empty', async () => {
    expect((await read('# nothing yet\n')).values).toBeNull()
  })

  it('knows its folder', async () => {
    const path = write('port: 1\n')
    expect(await readConfigFile(path)).toMatchObject({ folder: dirname(path) })
  })

  it.each([
    ['port', 1],
    ['users', 2],
    ['users.1', 4],
    ['users.1.name', 4],
    ['users.1.password', 5],
    ['users.1.nothing', 4],
    ['users.9', 2],
    ['nothing', undefined],
  ])('says where %s is: line %s', async (key, line) => {
    const { lineOf } = await read('port: 1\nusers:\n  - { name: a, password: b }\n  - name: c\n    password: d\n')
    expect(lineOf(key)).toBe(line)
  })
})

describe('A configuration file that cannot be read says why:', () => {
  it.each([
    [
      'a mistake',
      'port: 1\nhost: [a\nrate: 2\n',
      { line: 3, message: expect.stringContaining('Flow sequence') as string },
    ],
    ['a key twice', 'port: 1\nport: 2\n', { line: 2, message: 'Map keys must be unique' }],
    ['a reference to nothing', 'port: *p\n', { message: expect.stringContaining('Unresolved alias') as string }],
  ])('%s', async (_name, text, problem) => {
    expect(await readConfigFile(write(text))).toEqual({ problem })
  })

  it('there is none', async () => {
    const path = join(temporaryFolder(), 'none.yaml')
    expect(await readConfigFile(path)).toEqual({ problem: { message: 'there is no such file' } })
  })

  it('it is a folder', async () => {
    const path = join(temporaryFolder(), 'folder.yaml')
    mkdirSync(path)
    expect(await readConfigFile(path)).toEqual({ problem: { message: 'cannot be read (EISDIR)' } })
  })
})
