// The page of the job families is as its generator writes it.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { familiesPage } from '../scripts/write-families.ts'

it('docs/reference/families.md is up to date', () => {
  const page = readFileSync(new URL('../docs/reference/families.md', import.meta.url), 'utf8')
  // Prettier pads the table.
  const bare = (text: string) => text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---')
  expect(bare(page)).toBe(bare(familiesPage()))
})
