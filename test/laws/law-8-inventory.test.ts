// Each list of resources with each filter in each order, against a filter, a sort and a slice of the whole list.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { estate } from './estates.ts'
import { play } from './playing.ts'
import { LISTS, memberOf, type ResourceList, type WireRecord } from './resource-lists.ts'
import { changeOfEstate, enter, OPTIONS, type World } from './worlds.ts'

interface Page {
  readonly total: number
  readonly resources: readonly WireRecord[]
}

/** What one query asks for. */
interface Wish {
  readonly filters: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[]
  readonly skip: number
  readonly limit: number
}

/** Each case makes hundreds of queries. */
const numRuns = CASES / 100

describe.each(Object.keys(LISTS))('the list of %s', (kind) => {
  const list = LISTS[kind]!

  it(
    'has exactly the matching records in the wanted order, whatever the filter, sort and page',
    PATIENTLY,
    async () => {
      await using emulator = await createEmulator(OPTIONS)
      let worlds = 0
      const calls = fc.array(changeOfEstate, { minLength: 4, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(estate, calls, fc.infiniteStream(fc.nat()), async (resources, before, chance) => {
          const world = await enter(emulator, `w${(worlds += 1)}`, resources)
          await play(world, before)
          const whole = await read(world, `${list.path}?limit=-1`)
          expect(whole.total).toBe(whole.resources.length)
          for (const record of whole.resources) await agreesWithGet(world, list, record)
          for (const wish of wishes(list, whole.resources, chance[Symbol.iterator]())) {
            const query = queryOf(wish)
            const { total, resources: page } = await read(world, `${list.path}?${query}`)
            const matching = expected(list, wish, whole.resources)
            expect({ query, total, page }).toEqual({
              query,
              total: matching.length,
              page: matching.slice(wish.skip, wish.skip + wish.limit),
            })
          }
        }),
        { numRuns },
      )
    },
  )

  it('takes no other filters and sorts than those that are tried', async () => {
    await using emulator = await createEmulator(OPTIONS)
    const { paths } = (await emulator.inject('/openapi.json')).json<{ paths: Record<string, Paths> }>()
    const { parameters } = paths[`/v1/${list.path.replace('z1', '{id}')}`]!.get
    const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name)
    expect(names.sort()).toEqual([...Object.keys(list.filters), 'skip', 'limit', 'sort'].sort())
    const sort = parameters.find(({ name }) => name === 'sort')!
    for (const name of Object.keys(list.sorts)) expect(sort.description).toMatch(new RegExp(`[ ,]${name}[,.]`))
  })
})

interface Paths {
  readonly get: {
    readonly parameters: readonly { readonly name: string; readonly in: string; readonly description: string }[]
  }
}

/** Each filter with each order, and some with a second one. */
function* wishes(list: ResourceList, whole: readonly WireRecord[], chance: Iterator<number>): Generator<Wish> {
  const draw = (below: number): number => Number(chance.next().value) % below
  const one = <T>(values: readonly T[]): T => values[draw(values.length)]!
  const filterBy = (name: string): Wish['filters'][number] => {
    const { values, isRepeatable } = list.filters[name]!
    const known = values(whole)
    const isNewest = name === 'version' && list.versionsOf !== undefined && draw(2) === 0
    if (isNewest) return { name, values: ['-1'] }
    return { name, values: isRepeatable && draw(3) === 0 ? [one(known), one(known)] : [one(known)] }
  }
  const sortBy = (name: string): Wish['sort'][number] => ({ name, descending: draw(2) === 0 })
  const filters = Object.keys(list.filters)
  const sorts = Object.keys(list.sorts)
  for (const filter of [undefined, ...filters])
    for (const sort of [undefined, ...sorts]) {
      const others = filters.filter((name) => name !== filter)
      const second = draw(3) === 0 ? [filterBy(one(others))] : []
      yield {
        filters: [...(filter === undefined ? [] : [filterBy(filter)]), ...second],
        sort: [...(sort === undefined ? [] : [sortBy(sort)]), ...(draw(3) === 0 ? [sortBy(one(sorts))] : [])],
        skip: draw(3),
        limit: 1 + draw(4),
      }
    }
}

function queryOf({ filters, sort, skip, limit }: Wish): string {
  const query = new URLSearchParams({ skip: String(skip), limit: String(limit) })
  for (const { name, values } of filters) for (const value of values) query.append(name, value)
  if (sort.length > 0)
    query.append('sort', sort.map(({ name, descending }) => `${descending ? '-' : ''}${name}`).join())
  return query.toString()
}

function expected(list: ResourceList, { filters, sort }: Wish, whole: readonly WireRecord[]): readonly WireRecord[] {
  const matching = whole.filter((record) =>
    filters.every(({ name, values }) =>
      name === 'version' && values[0] === '-1'
        ? isNewest(list, record, whole)
        : values.some((value) => list.filters[name]!.holds(record, value)),
    ),
  )
  return matching.toSorted((a, b) => {
    for (const { name, descending } of sort) {
      const [left, right] = [a, b].map((record) => sortKey(memberOf(record, list.sorts[name]!)))
      if (left! !== right!) return (left! < right! ? -1 : 1) * (descending ? -1 : 1)
    }
    return 0
  })
}

function isNewest({ versionsOf = [] }: ResourceList, record: WireRecord, whole: readonly WireRecord[]): boolean {
  const group = (each: WireRecord): string => JSON.stringify(versionsOf.map((path) => memberOf(each, path)))
  return whole.findLast((other) => group(other) === group(record)) === record
}

/** Absent values come first; timestamps without trailing zeros do not sort as texts. */
function sortKey(value: unknown): string {
  if (typeof value === 'number') return String(value).padStart(20)
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return ''
  return `!${value.replace(/(?:\.(\d+))?Z$/, (_, fraction = '') => `.${String(fraction).padEnd(6, '0')}`)}`
}

async function read(world: World, path: string): Promise<Page> {
  const { status, body } = await world.call('GET', `/${path}`)
  expect(status, body).toBe(200)
  return JSON.parse(body) as Page
}

async function agreesWithGet(world: World, { path }: ResourceList, record: WireRecord): Promise<void> {
  const { body } = await world.call('GET', `/${path}/${record.id}`)
  expect(body).toBe(JSON.stringify(record))
}
