// The public types, and what their doc comments are made of.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { typeFiles } from '../scripts/write-types.ts'
import { CONFIG_OPTIONS, exampleOf } from '../src/config/config.ts'

const files = await typeFiles()

it.each([...files])('%s is what scripts/write-types.ts writes', (path, text) => {
  expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text)
})

it.each(CONFIG_OPTIONS.map((option) => [option.key ?? option.flag, option] as const))(
  'the option %s has a description and an example',
  (_name, option) => {
    expect(option.schema.description).toMatch(/\w/)
    expect(exampleOf(option)).not.toBe('')
  },
)
