import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { callMain } from './call-main.ts'
import { temporaryFolder } from './run-cli.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** Writes files and validates the named ones (default: all); returns the problems without the folder. */
async function problemsIn(files: Record<string, string>, ...names: string[]): Promise<string[]> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const paths = (names.length > 0 ? names : Object.keys(files)).map((name) => join(folder, name))
  const { code, stdout, stderr } = await callMain(['validate', ...paths])
  const lines = stderr.split('\n').slice(0, -1)
  expect({ code, isGood: /files? OK\n$/.test(stdout) }).toEqual({
    code: lines.length > 0 ? 2 : 0,
    isGood: lines.length === 0,
  })
  return lines.map((line) => line.replace(`${folder}/`, ''))
}

const captured = (id: string) => {
  const rest = { createdAt: '2026-01-01T00:00:00Z', overall_status: 'completed', operation: 'enablekey' }
  return JSON.stringify({ id, uri: `kylo:kylo:cckm:bulkjob:${id}`, ...rest })
}

describe('valid files', () => {
  it('accepts the shipped files', async () => {
    const { code, stdout, stderr } = await callMain(['validate', `${fixtures}seeds`, `${fixtures}scenarios`])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^\d\d files OK\n$/)
  })

  it('accepts one file', async () => {
    const one = await callMain(['validate', `${fixtures}scenarios/slow.json`])
    expect(one).toEqual({ code: 0, stdout: '1 file OK\n', stderr: '' })
  })

  it.each<[string, Record<string, string>]>([
    ['a configuration with comments only', { 'a.yaml': '# nothing yet\n' }],
    ['a list of captured jobs', { 'a.json': `[${captured('a')}]` }],
    ['a captured job', { 'a.json': captured('a') }],
    ['the same job in two files', { 'a.json': captured('a'), 'b.json': captured('a') }],
    ['one job a line', { 'a.ndjson': `{"domain":"ci-*"}\n${captured('a')}\n${captured('b')}\n` }],
    [
      'scenarios that extend those of other files',
      {
        'emulator.yaml': 'scenarios: { inline: { extends: mine } }\n',
        'mine.yaml': 'extends: default\nafter: 3s\n',
        'seed.json': `{"jobs":[{"job":${captured('a')},"scenario":"inline"}]}`,
      },
    ],
  ])('accepts %s', async (_name, files) => {
    expect(await problemsIn(files)).toEqual([])
  })

  it('accepts scenarios in the folder of a configuration', async () => {
    const files = {
      'emulator.yaml': 'scenariosDir: ./mine\n',
      'mine/long.json': '{"extends":"default","after":"1h"}',
      'seed.json': `{"jobs":[{"job":${captured('a')},"scenario":"long"}]}`,
    }
    expect(await problemsIn(files, 'emulator.yaml', 'seed.json')).toEqual([])
  })
})

describe('invalid files', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'a scenario',
      { 'a.yaml': 'extends: default\nitems:\n  - { every: 3, statos: x }\n' },
      ['a.yaml:3: /items/0/statos: is not a known field (did you mean status?)'],
    ],
    [
      'a seed',
      { 'a.json': `{\n"jobs": [\n{"job":${captured('a')},"scenario":"slwo"}]}` },
      ['a.json:3: /jobs/0/scenario: names no scenario: "slwo" (did you mean slow?)'],
    ],
    [
      'a request of a seed',
      { 'a.yaml': 'jobs:\n  - family: aws.bulkjob\n    request: { keys: [], operation: enablekey }\n' },
      ['a.yaml:3: /jobs/0/request/keys: must not have fewer than 1 items'],
    ],
    [
      'a line of a seed',
      { 'a.ndjson': `${captured('a')}\n{"id":1\n` },
      [
        'a.ndjson:2: expected complete JSON, with a comma or } here (the text ends), column 8; a line has one complete job',
      ],
    ],
    [
      'a duplicate id',
      { 'a.ndjson': `${captured('a')}\n${captured('a')}\n` },
      ['a.ndjson:2: the id a is taken by an earlier job of root'],
    ],
    [
      'a configuration',
      { 'a.yaml': 'port: 1\nusers:\n  - { name: a, password: b, groop: c }\n' },
      ['a.yaml:3: users.0.groop: is not a known field (did you mean groups?)'],
    ],
    [
      'a configuration without a valid key',
      { 'a.json': '{"prot":1}' },
      ['a.json:1: prot: is not a known setting (did you mean port?)'],
    ],
    [
      'a scenario in a configuration',
      { 'a.yaml': 'port: 1\nscenarios:\n  b:\n    extends: nothing\n' },
      ['a.yaml:4: scenarios.b.extends: names no scenario: nothing'],
    ],
    [
      'a file of an unknown kind',
      { 'a.json': '{"wibble":1}' },
      [expect.stringMatching(/^a.json: is not a seed/) as string],
    ],
    ['a value of an unknown kind', { 'a.json': '1' }, [expect.stringMatching(/^a.json: is not a seed/) as string]],
    ['broken JSON', { 'a.json': '[1,\n' }, [expect.stringMatching(/^a.json:2: expected complete JSON/) as string]],
    ['broken YAML', { 'a.yaml': 'a: [1\n' }, [expect.stringMatching(/^a.yaml:2: expected valid YAML/) as string]],
    ['an empty file', { 'a.json': '' }, ['a.json: is empty']],
    [
      'a file with an unknown extension',
      { 'a.txt': 'x' },
      [expect.stringMatching(/^a.txt: is not a file to check: /) as string],
    ],
  ])('reports file, line, place and expectation for %s', async (_name, files, problems) => {
    expect(await problemsIn(files)).toEqual(problems)
  })

  it('reports a missing file and an empty folder', async () => {
    expect(await problemsIn({ 'a/b.txt': '' }, 'a', 'none.json')).toEqual([
      expect.stringMatching(/^a: has no file to check: /),
      'none.json: there is no such file or folder',
    ])
  })

  it('reports each of several files, and no follow-up problems of seeds with invalid scenarios', async () => {
    const files = {
      'mine.json': '{"extends":"default","aftr":"1s"}',
      'other.json': '{"extends":"default","after":"1"}',
      'seed.json': `{"jobs":[{"job":${captured('a')},"scenario":"mine"}]}`,
    }
    expect(await problemsIn(files)).toEqual(['mine.json:1: /aftr: is not a known field (did you mean after?)'])
  })
})

it('exits with 2 if validate names no file', async () => {
  const stderr = `cckm-emulator: missing required argument 'file'\n`
  expect(await callMain(['validate'])).toEqual({ code: 2, stdout: '', stderr })
})
