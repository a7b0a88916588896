import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSeedElement } from '../../src/files/seed-element.ts'
import { openSeeds } from '../../src/files/seeds.ts'
import { temporaryFolder } from '../store/backends.ts'

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '7', ' ', ',', ':', '{', '}', '[', '.', '*', '$', 'é', '😀') }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u2028') }),
  fc.constantFrom('in_progress', 'completed', '12', 'constructor'),
)
const instant = fc.constantFrom('2024-02-06T09:22:54.517569Z', '2024-02-06T09:22:55Z', '2024-02-06T09:22:54.5+01:00')

/** Values of the members that a document has; which ones it has, and in what order, is the same in all lines of a file. */
const values = {
  uri: fc.constantFrom('kylo:kylo:cckm:azure-bulkjob:1', 'kylo:kylo:cckm:bulkjob:2'),
  createdAt: instant,
  updatedAt: instant,
  completed_at: instant,
  overall_status: fc.oneof(
    text.map((status) => `s${status}`),
    fc.constant('in_progress'),
  ),
  detailed_status: fc.oneof(fc.dictionary(text, text, { noNullPrototype: true }), fc.constant(null)),
  abort: fc.boolean(),
  cloud: text,
  operation: text.map((operation) => `o${operation}`),
  keys: fc.array(text, { maxLength: 3 }),
  'odd "name" (.*)': text,
  number: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(1)),
  nested: fc.constantFrom({ a: ['b'] }, {}, [1], 'a'),
}
const REQUIRED = ['uri', 'createdAt', 'overall_status', 'operation']

const files = fc
  .tuple(
    fc.shuffledSubarray(Object.keys(values) as (keyof typeof values)[], { minLength: 4 }),
    fc.boolean(),
    fc.array(fc.record(values), { minLength: 2, maxLength: 12 }),
  )
  .map(([names, isWrapped, jobs]) => {
    const all = [...names, ...REQUIRED.filter((name) => !names.includes(name as keyof typeof values))]
    return jobs.map((job, index) => {
      const members = all.map((name) => [name, job[name as keyof typeof job]] as const)
      const document = Object.fromEntries([['id', `job ${index}`], ...members])
      return JSON.stringify(isWrapped ? { job: document } : document)
    })
  })

it('lines that are like others are read as each of them would be alone', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'seed.ndjson')
  await fc.assert(
    fc.asyncProperty(files, async (lines) => {
      writeFileSync(file, lines.join('\n'))
      const [seed] = [...(await openSeeds([file])).seeds()]
      const alone = lines.map((json) => readSeedElement(JSON.parse(json), { json }))
      expect([...seed!.jobs].map((job) => ({ job }))).toEqual(alone)
    }),
    { numRuns: 300 },
  )
})

it.each<[string, object | string, string]>([
  ['an instant that is none', { createdAt: 'yesterday' }, '/createdAt: is not an RFC 3339 instant'],
  ['no id', { id: '' }, '/id: must not have fewer than 1 characters'],
  ['an escape that is none', '{"id":"\\x"}', 'expected a whole job on one line'],
  ['a bare control character', '{"id":"\u0001"}', 'expected a whole job on one line'],
])('a line that is like others but for %s is told about', async (_what, wrong, message) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'seed.ndjson')
  const job = { id: 'a', uri: 'kylo:kylo:cckm:bulkjob:a', createdAt: '2024-02-06T09:22:55Z' }
  const good = { ...job, overall_status: 'completed', operation: 'enablekey' }
  const bad = typeof wrong === 'string' ? wrong : JSON.stringify({ ...good, ...wrong })
  writeFileSync(file, `${JSON.stringify(good)}\n${bad}\n`)
  const [seed] = [...(await openSeeds([file])).seeds()]
  expect(() => [...seed!.jobs]).toThrow(`${file}:2: ${message}`)
})
