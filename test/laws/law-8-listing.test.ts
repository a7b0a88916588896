import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { play, type Made } from './playing.ts'
import { change, enter, FAMILY_PATHS, OPTIONS, type World } from './worlds.ts'

interface Listing {
  readonly total: number
  readonly resources: readonly Document[]
}

type Document = Readonly<Record<string, unknown>> & { readonly id: string }

const SORTABLE = ['id', 'createdAt', 'updatedAt', 'completed_at', 'overall_status', 'cloud', 'operation'] as const

interface Wish {
  readonly filters: Readonly<Record<string, readonly string[]>>
  readonly sort: readonly { readonly field: (typeof SORTABLE)[number]; readonly descending: boolean }[]
  readonly page: number
}

const some = (...values: string[]) => fc.subarray(values, { minLength: 1, maxLength: 2 })
const sort = fc.array(fc.record({ field: fc.constantFrom(...SORTABLE), descending: fc.boolean() }), { maxLength: 2 })
const filters = fc.record(
  {
    overall_status: some('in_progress', 'completed', 'error', 'aborted', 'partial'),
    cloud: some('AzureCloud', 'aws'),
    operation: some('enablekey', 'disablekey', 'delete-key-backups'),
    /** Indexes into the whole list, since ids are not known in advance. */
    id: some('0', '1', '2', '99'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Wish['filters']>
const wish: fc.Arbitrary<Wish> = fc.record({ filters, sort, page: fc.integer({ min: 1, max: 3 }) })

it(
  'lists exactly the matching jobs in filtered, sorted and paged lists, each as its GET shows it',
  PATIENTLY,
  async () => {
    await using emulator = await createEmulator(OPTIONS)
    let worlds = 0
    const calls = fc.array(change, { minLength: 3, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(calls, wish, fc.constantFrom(...FAMILY_PATHS), async (before, wanted, path) => {
        const world = await enter(emulator, `w${(worlds += 1)}`)
        const made: Made = []
        await play(world, before, made)
        const whole = await list(world, `${path}?limit=-1`)
        const query = queryOf(wanted, whole.resources)
        const filtered = await list(world, `${path}?limit=-1&${query}`)
        expect(filtered.resources).toEqual(expected(wanted, whole.resources))
        expect(filtered.total).toBe(filtered.resources.length)
        expect(await paged(world, { path, query, size: wanted.page })).toEqual(filtered)
        await agreesWithGet(world, path, whole.resources.at(-1))
      }),
      { numRuns: CASES },
    )
  },
)

/** Byte for byte, running jobs too: after a GET of one the clock remains where the GET moved it. */
async function agreesWithGet(world: World, path: string, job: Document | undefined): Promise<void> {
  if (job === undefined) return
  const { body } = await world.call('GET', `${path}/${job.id}`)
  const listed = await world.call('GET', `${path}?limit=1&id=${job.id}`)
  expect(listed.body).toBe(`{"skip":0,"limit":1,"total":1,"resources":[${body}]}`)
}

async function list({ call }: World, path: string): Promise<Listing> {
  const answer = await call('GET', path)
  expect(answer.status).toBe(200)
  return JSON.parse(answer.body) as Listing
}

async function paged(
  world: World,
  { path, query, size }: { path: string; query: string; size: number },
): Promise<Listing> {
  const resources: Document[] = []
  for (;;) {
    const page = await list(world, `${path}?skip=${resources.length}&limit=${size}&${query}`)
    resources.push(...page.resources)
    if (page.resources.length === 0 || resources.length >= page.total)
      return { ...page, skip: 0, limit: -1, resources } as Listing
  }
}

function idsOf(places: readonly string[], whole: readonly Document[]): string[] {
  return places.map((place) => whole[Number(place)]?.id ?? 'nobody')
}

function queryOf({ filters: wanted, sort: order }: Wish, whole: readonly Document[]): string {
  const query = Object.entries(wanted).flatMap(([key, values]) =>
    (key === 'id' ? idsOf(values, whole) : values).map((value) => `${key}=${value}`),
  )
  if (order.length > 0) query.push(`sort=${order.map((by) => `${by.descending ? '-' : ''}${by.field}`).join(',')}`)
  return query.join('&')
}

/** The same result by the simplest implementation. */
function expected({ filters: wanted, sort: order }: Wish, whole: readonly Document[]): Document[] {
  const kept = whole.filter((document) =>
    Object.entries(wanted).every(([key, values]) =>
      (key === 'id' ? idsOf(values, whole) : values).includes(String(document[key])),
    ),
  )
  return [...kept].sort((a, b) => {
    for (const { field, descending } of order) {
      const [left, right] = [sortKey(a[field]), sortKey(b[field])]
      if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1)
    }
    return 0
  })
}

/** Absent values come first; timestamps without trailing zeros do not sort as strings. */
function sortKey(value: unknown): string {
  return typeof value === 'string'
    ? value.replace(/(?:\.(\d+))?Z$/, (_, fraction = '') => `.${String(fraction).padEnd(6, '0')}`)
    : ''
}
