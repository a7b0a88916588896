import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createScenarioCatalogue } from '../../src/files/scenarios.ts'
import { openSeeds } from '../../src/files/seeds.ts'
import { folderOf } from './folder.ts'

const root = new URL('../../', import.meta.url)
const page = readFileSync(fileURLToPath(new URL('docs/reference/seeds.md', root)), 'utf8')
const scenarios = createScenarioCatalogue({ shippedDir: new URL('fixtures/scenarios/', root) })

it.each([
  ['json', 'json', 3],
  ['yaml', 'yaml', 1],
  ['text', 'ndjson', 1],
])('accepts the %s seeds of docs/reference/seeds.md', async (language, ending, count) => {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code)
  const seeds = blocks.filter((code) => !code.startsWith('seeds/'))
  expect(seeds).toHaveLength(count)
  for (const [index, code] of seeds.entries()) {
    const set = await openSeeds([folderOf({ [`${index}.${ending}`]: code })], { scenarios })
    for (const { jobs, resources } of set.seeds()) expect([...jobs].length + [...resources].length).toBeGreaterThan(0)
  }
})
