// A captured job is sent as it was written: minified, and otherwise byte for byte.

import { fc } from '../support/fast-check.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSeeds } from '../../src/files/seeds.ts'
import type { SeedJob } from '../../src/model/seed.ts'
import { folderOf } from './folder.ts'
import { documents, oneLine, pretty, type Tokens } from './arbitraries.ts'

async function jobIn(path: string, json: string): Promise<SeedJob | undefined> {
  writeFileSync(path, json)
  const [seed] = (await openSeeds([path])).seeds()
  return [...(seed?.jobs ?? [])][0]
}

const wrap = (tokens: Tokens): Tokens => ['{', '"job"', ':', ...tokens, ',', '"scenario"', ':', '"slow"', '}']
const list = (tokens: Tokens): Tokens => ['{', '"jobs"', ':', '[', ...wrap(tokens), ']', '}']

it.each<[string, string, (tokens: Tokens) => Tokens, (tokens: Tokens, blanks: readonly string[]) => string]>([
  ['a line', 'a.ndjson', (tokens) => tokens, oneLine],
  ['a line with a scenario', 'a.ndjson', wrap, oneLine],
  ['a JSON file', 'a.json', (tokens) => tokens, pretty],
  ['a document of jobs', 'a.json', list, pretty],
])('reads the text of a job in %s as the minified original', async (_place, name, inside, write) => {
  const path = join(folderOf({}), name)
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(fc.constantFrom('', '', ' ', '\t', '\n', '\r\n', '   ')),
      async (made, blanks) => {
        const job = await jobIn(path, write(inside(made.tokens), blanks))
        expect(job).toMatchObject({ kind: 'captured', id: made.id, text: made.tokens.join('') })
        // One job, read in each way.
        expect(job).toMatchObject({ results: made.results })
      },
    ),
    { numRuns: 300 },
  )
})
