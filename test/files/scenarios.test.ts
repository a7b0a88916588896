import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createScenarioCatalogue, readScenarioFiles } from '../../src/files/scenarios.ts'
import type { ScenarioSource } from '../../src/model/scenario.ts'
import { readScenario } from '../../src/model/read-scenario.ts'
import { folderOf, problemsOf, type Files } from './folder.ts'
import { DURATION_EXPECTED } from '../../src/model/duration.ts'

const shipped = (name: string): ScenarioSource | undefined => (name === 'default' ? { after: '5s' } : undefined)

describe('a folder of scenarios', () => {
  it.each<Files>([
    { 'mine.json': '{"$schema":"./scenario.schema.json","extends":"base"}' },
    {
      'mine.yaml':
        '# yaml-language-server: $schema=./scenario.schema.json\n$schema: ./scenario.schema.json\nextends: base\n',
    },
  ])('accepts a reference to the JSON Schema: %j', async (files) => {
    const folder = folderOf({ ...files, 'base.json': '{"after":"5s"}' })
    const read = await readScenarioFiles(folder, () => undefined)
    expect(readScenario(read.get('mine'), 'mine', (name) => read.get(name))).toHaveProperty('scenario.name', 'mine')
  })

  it('reads one scenario a file, named after it, in JSON or YAML', async () => {
    const folder = folderOf({
      'mine.yaml': 'extends: base\npolls: 2\n',
      'base.json': '{"name":"base","extends":"default","cancel":"ignored"}',
      'README.md': 'Nothing.',
    })
    expect(await readScenarioFiles(folder, shipped)).toEqual(
      new Map<string, ScenarioSource>([
        ['base', { name: 'base', extends: 'default', cancel: 'ignored' }],
        ['mine', { extends: 'base', polls: 2 }],
      ]),
    )
  })

  it('accepts an empty folder, since it may be watched', async () => {
    expect(await readScenarioFiles(folderOf({}), shipped)).toEqual(new Map())
  })

  it.each<[string, Files, unknown[]]>([
    ['text that is not YAML', { 'a.yml': 'after: [\n' }, [expect.stringMatching(/^a.yml:2: expected valid YAML \(/)]],
    ['a list', { 'a.json': '[]' }, ['a.json:1: must be object (found a list)']],
    [
      'an unknown field',
      { 'a.yaml': 'after: 5s\nitms: []\n' },
      ['a.yaml:2: /itms: is not a known field (did you mean items?)'],
    ],
    [
      'an unknown field of a rule',
      { 'a.yaml': 'after: 5s\nitems:\n  - index: 1\n    stat: x\n' },
      ['a.yaml:4: /items/0/stat: is not a known field (did you mean status?)'],
    ],
    [
      'a number where a duration belongs',
      { 'a.json': '{\n"after": 5}' },
      [`a.json:2: /after: must be ${DURATION_EXPECTED} (found 5)`],
    ],
    [
      'a duration without unit',
      { 'a.yaml': 'after: "5"\n' },
      [expect.stringMatching(/^a.yaml:1: \/after: "5" is not a duration such as 150ms.*$/)],
    ],
    [
      'a cancel of an unknown kind',
      { 'a.yaml': '# mine\nafter: 5s\ncancel: maybe\n' },
      [
        'a.yaml:3: /cancel: must be "effective", or must be "ignored", or must be "rejected", or must be object (found "maybe")',
      ],
    ],
    [
      'no end',
      { 'a.yaml': 'cancel: ignored\n' },
      ['a.yaml:1: does not say how the job ends: after, polls, signal or never'],
    ],
    [
      'a rule that an earlier one hides',
      { 'a.yaml': 'after: 5s\nitems:\n  - { every: 1 }\n  - { index: 3 }\n' },
      ['a.yaml:4: /items/1: can never apply: rule 0 takes each of its items first'],
    ],
    [
      'an unknown scenario in extends',
      { 'a.yaml': 'extends: nothing\n' },
      ['a.yaml:1: /extends: names no scenario: nothing'],
    ],
    [
      'a circle',
      { 'a.yaml': 'extends: b\n', 'b.yaml': 'extends: a\n' },
      [
        'a.yaml:1: /extends: extends itself, directly or through others',
        'b.yaml:1: /extends: extends itself, directly or through others',
      ],
    ],
    [
      'another name in the file',
      { 'a.yaml': 'after: 5s\nname: b\n' },
      [`a.yaml:2: /name: must be the file's own name, a (found "b")`],
    ],
    [
      'an invalid name',
      { 'my own.yaml': 'after: 5s\n' },
      ['my own.yaml:1: has no valid name for a scenario: 1 to 64 of A-Z a-z 0-9 . _ - before the extension'],
    ],
    [
      'a duplicate name',
      { 'a.json': '{"after":"5s"}', 'a.yaml': 'after: 5s\n' },
      ['a.yaml: is the same scenario as a.json: a'],
    ],
    [
      'errors of a file but not those of files that extend it',
      { 'a.yaml': 'extends: b\n', 'b.yaml': 'after: 5\n' },
      [`b.yaml:1: /after: must be ${DURATION_EXPECTED} (found 5)`],
    ],
  ])('refuses %s', async (_case, files, expected) => {
    const folder = folderOf(files)
    expect(await problemsOf(folder, () => readScenarioFiles(folder, shipped))).toEqual(expected)
  })

  it('refuses a missing folder', async () => {
    const folder = folderOf({})
    const told = await problemsOf(folder, () => readScenarioFiles(join(folder, 'none'), shipped))
    expect(told).toEqual(['none: there is no such file or folder'])
  })
})

describe('the catalogue of scenarios', () => {
  const catalogueOf = (files: Files, user: Record<string, ScenarioSource> = {}) => {
    const folder = folderOf(files)
    const shippedDir = pathToFileURL(`${folder}/`)
    return { folder, catalogue: createScenarioCatalogue({ shippedDir, user: new Map(Object.entries(user)) }) }
  }

  it("has shipped scenarios and the user's, which take precedence", () => {
    const { catalogue } = catalogueOf(
      { 'a.json': '{"after":"1s"}', 'b.json': '{"after":"2s"}' },
      { b: { after: '3s' }, c: { extends: 'a' } },
    )
    expect(catalogue.names()).toEqual(['a', 'b', 'c'])
    expect(catalogue.source('b')).toEqual({ after: '3s' })
    expect(catalogue.scenario('c')).toMatchObject({ name: 'c', after: 1_000_000 })
    expect(catalogue.scenario('d')).toBeUndefined()
  })

  it('reads a file once, when it is first requested', () => {
    const { catalogue, folder } = catalogueOf({ 'a.json': '{"after":"1s"}' })
    writeFileSync(join(folder, 'a.json'), '{"after":"2s"}')
    expect(catalogue.scenario('a')).toMatchObject({ after: 2_000_000 })
    rmSync(join(folder, 'a.json'))
    expect(catalogue.scenario('a')).toBe(catalogue.scenario('a'))
    expect(catalogue.source('a')).toEqual({ after: '2s' })
  })

  it.each(['../secret', '..', '', 'a/../a', 'a\0', 'x'.repeat(300), '%2e%2e/secret', 'C:a'])(
    'reads no file for the name %j',
    (name) => {
      const { folder } = catalogueOf({ 'secret.json': '{"after":"1s"}', 'in/a.json': '{"after":"1s"}' })
      const catalogue = createScenarioCatalogue({ shippedDir: pathToFileURL(`${folder}/in/`) })
      expect(catalogue.source(name)).toBeUndefined()
    },
  )

  it("reports an invalid user's scenario when it is requested", async () => {
    const { catalogue, folder } = catalogueOf({}, { mine: { extends: 'nothing' } })
    expect(await problemsOf(folder, () => catalogue.scenario('mine'))).toEqual([
      'scenario mine: /extends: names no scenario: nothing',
    ])
  })

  it('reports a shipped file that cannot be read', () => {
    const { catalogue } = catalogueOf({ 'a.json/b': '' })
    expect(() => catalogue.source('a')).toThrow(/EISDIR/)
  })
})
