// The published JSON Schemas match those of the source and accept the shipped files.

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CONFIG_OPTIONS, readOptions } from '../../src/config/config.ts'
import { SCHEMAS } from '../../scripts/write-schemas.ts'

const root = new URL('../../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8')
const valueOf = (path: string): unknown => JSON.parse(textOf(path))
const validatorOf = (name: string) => new Ajv2020().compile(valueOf(`schemas/${name}.schema.json`) as object)

describe('the published schemas', () => {
  it.each(Object.entries(SCHEMAS))('match the output of scripts/write-schemas.ts: %s', (name, text) => {
    expect(textOf(`schemas/${name}`)).toBe(text)
  })

  it.each(['scenario', 'seed'])('accept every shipped %s', (name) => {
    const validate = validatorOf(name)
    const files = globSync(`fixtures/${name}s/*.json`, { cwd: fileURLToPath(root) })
    expect(files).not.toEqual([])
    expect(files.filter((file) => !validate(valueOf(file)))).toEqual([])
  })

  it.each([
    ['scenario', '{"$schema":"./scenario.schema.json","extends":"default"}'],
    ['seed', '$schema: ./seed.schema.json\njobs: []'],
    ['config', '$schema: ./config.schema.json\nport: 0'],
  ])('allow a %s to name its schema', (name, text) => {
    expect(validatorOf(name)(parse(text))).toBe(true)
  })

  it('describe each key of a configuration file', () => {
    const { properties } = valueOf('schemas/config.schema.json') as { properties: Record<string, object> }
    const keys = CONFIG_OPTIONS.flatMap(({ key }) => key?.replace(/\..*/, '') ?? [])
    expect(Object.keys(properties).sort()).toEqual(['$schema', ...new Set(keys)].sort())
    for (const key of Object.keys(properties)) expect(properties[key], key).toHaveProperty('description')
  })

  it.each([
    'port: 7443\nhost: 0.0.0.0\nauth: { mode: off }\nusers: ["a:b", { name: c, password: d, groups: [admin] }]',
    'auth: { mode: strict, algorithm: ES256, tokenTtl: 5m }\nclock: { mode: frozen, now: 2026-01-01T00:00:00Z }\nrate: 60',
    'scenarios: { mine: { extends: default, after: 3s } }\nseed: none\nsettings: { createStatus: 200 }\nadmin: false',
    'scenariosDir: ./mine\nseed: [a.json, b.yaml]\ntls: { certFile: a.pem, keyFile: b.pem }\nallowHost: [a, b]\nlogLevel: warn',
  ])('accept the configuration that the emulator accepts: %j', (text) => {
    const validate = validatorOf('config')
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
    expect(readOptions(parse(text) as object)).toHaveProperty('config')
  })

  it.each([
    'prot: 1',
    'port: 70000',
    'rate: 0',
    'rate: 1000001',
    'auth: { mod: off }',
    'auth: off',
    'tokenTtl: 5m',
    'scenarios: ./mine',
    'user: [a:b]',
    'noAdmin: true',
    'logLevel: loud',
    'users: [{ name: a }]',
  ])('refuse the configuration that the emulator refuses: %s', (text) => {
    expect(validatorOf('config')(parse(text))).toBe(false)
    expect(readOptions(parse(text) as object)).toHaveProperty('problems')
  })

  it('refuse an unknown field, and a duration without a unit', () => {
    const validate = validatorOf('scenario')
    expect([{ after: '5s' }, { aftr: '5s' }, { after: 5 }].map((source) => validate(source))).toEqual([
      true,
      false,
      false,
    ])
  })
})
