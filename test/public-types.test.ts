// The public types, and the sources of their doc comments.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { typeFiles } from '../scripts/write-types.ts'
import { CONFIG_OPTIONS, exampleOf } from '../src/config/config.ts'

const files = await typeFiles()

it.each([...files])('match the output of scripts/write-types.ts: %s', (path, text) => {
  expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text)
})

it.each(CONFIG_OPTIONS.map((option) => [option.key ?? option.flag, option] as const))(
  'have a description and an example of the option %s',
  (_name, option) => {
    expect(option.schema.description).toMatch(/\w/)
    expect(exampleOf(option)).not.toBe('')
  },
)
