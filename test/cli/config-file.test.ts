import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { readConfigFile, type ConfigFile } from '../../src/files/config-file.ts'
import { temporaryFolder } from './run-cli.ts'

function write(text: string | Uint8Array, name = 'emulator.yaml'): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

const read = (text: string, name?: string): Promise<ConfigFile> => readConfigFile(write(text, name))

describe('a configuration file', () => {
  it('reads YAML and JSON', async () => {
    const values = { port: 7443, users: [{ name: 'a', password: 'b' }] }
    expect((await read(JSON.stringify(values, null, '\t'), 'emulator.json')).values).toEqual(values)
    expect((await read('port: 7443\nusers: [{ name: a, password: b }]\n')).values).toEqual(values)
  })

  it('reads instants, and words such as off, as strings', async () => {
    const { values } = await read('clock: frozen@2026-01-01T00:00:00Z\nauth: off\nat: 2026-01-01T00:00:00Z\n')
    expect(values).toEqual({ clock: 'frozen@2026-01-01T00:00:00Z', auth: 'off', at: '2026-01-01T00:00:00Z' })
  })

  it('accepts an empty file', async () => {
    expect((await read('# nothing yet\n')).values).toBeNull()
    expect((await read('\n')).values).toBeNull()
  })

  it('ignores a byte order mark', async () => {
    expect((await read('\ufeffport: 1\n')).values).toEqual({ port: 1 })
  })

  it.each(['$schema: ./schemas/config.schema.json\nport: 1\n', '{"$schema":"./config.schema.json","port":1}'])(
    'accepts a reference to its JSON Schema: %j',
    async (text) => {
      expect((await read(text)).values).toEqual({ port: 1 })
    },
  )

  it('returns the folder of the file', async () => {
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
    ['nothing', 1],
  ])('says where %s is: line %s', async (key, line) => {
    const { lineOf } = await read('port: 1\nusers:\n  - { name: a, password: b }\n  - name: c\n    password: d\n')
    expect(lineOf(key)).toBe(line)
  })
})

/** The problems that a start reports for a configuration file, without its folder. */
async function problemsIn(text: string | Uint8Array): Promise<readonly string[]> {
  const path = write(text)
  const error: unknown = await readConfigFile(path).catch((reason: unknown) => reason)
  return error instanceof StartError ? error.problems.map((line) => line.replace(`${dirname(path)}/`, '')) : []
}

describe('an unreadable configuration file', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['a syntax error', 'port: 1\nhost: [a\nrate: 2\n', 'emulator.yaml:3: expected valid YAML (Flow sequence'],
    ['a duplicate key', 'port: 1\nport: 2\n', 'emulator.yaml:2: expected valid YAML (Map keys must be unique)'],
    ['an alias without an anchor', 'port: *p\n', 'emulator.yaml:1: /port: *p has no anchor &p before it'],
    ['UTF-16', Buffer.from('\ufeffport: 1\n', 'utf16le'), 'emulator.yaml: is not UTF-8: it looks like UTF-16'],
    ['UTF-16 without a mark', Buffer.from('port: 1\n', 'utf16le'), 'emulator.yaml: is not UTF-8: it looks like UTF-16'],
    [
      'UTF-16 in the other byte order',
      Buffer.from('port: 1\n', 'utf16le').swap16(),
      'emulator.yaml: is not UTF-8: it looks',
    ],
    ['Latin-1', Buffer.from('host: caf\u00e9\n', 'latin1'), 'emulator.yaml: is not UTF-8'],
    ['a NUL', 'port: 1\nhost: a\0b\n', 'emulator.yaml: is not text: it has NUL bytes'],
    ['a schema that is not a string', 'port: 1\n$schema: [a]\n', 'emulator.yaml:2: /$schema: must be text'],
  ])('reports %s with its line', async (_name, text, expected) => {
    expect(await problemsIn(text)).toEqual([expect.stringContaining(expected)])
  })

  it('reports a missing file', async () => {
    const path = join(temporaryFolder(), 'none.yaml')
    await expect(readConfigFile(path)).rejects.toThrow(`${path}: there is no such file or folder`)
  })

  it('reports a folder in place of a file', async () => {
    const path = join(temporaryFolder(), 'folder.yaml')
    mkdirSync(path)
    await expect(readConfigFile(path)).rejects.toThrow(`${path}: is a folder, not a file`)
  })
})
