// The published JSON Schemas are those of the source, and take what ships.

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { SCHEMAS } from '../../scripts/write-schemas.ts'

const root = new URL('../../', import.meta.url)
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8')
const valueOf = (path: string): unknown => JSON.parse(textOf(path))
const validatorOf = (name: string) => new Ajv2020().compile(valueOf(`schemas/${name}.schema.json`) as object)

describe('The published schemas', () => {
  it.each(Object.entries(SCHEMAS))('%s is what scripts/write-schemas.ts writes', (name, text) => {
    expect(textOf(`schemas/${name}`)).toBe(text)
  })

  it.each(['scenario', 'seed'])('take every %s that ships', (name) => {
    const validate = validatorOf(name)
    const files = globSync(`fixtures/${name}s/*.json`, { cwd: fileURLToPath(root) })
    expect(files).not.toEqual([])
    expect(files.filter((file) => !validate(valueOf(file)))).toEqual([])
  })

  it('refuse a field that nobody knows, and a duration without a unit', () => {
    const validate = validatorOf('scenario')
    expect([{ after: '5s' }, { aftr: '5s' }, { after: 5 }].map((source) => validate(source))).toEqual([
      true,
      false,
      false,
    ])
  })
})
