// Records: filled in completely and deterministically, as the OpenAPI document describes them.

import { fileURLToPath } from 'node:url'
import { fc } from '../support/fast-check.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { toInstant } from '../../src/model/time.ts'
import type { ResourceRecord } from '../../src/model/resource.ts'
import { fillRecord, KINDS, kindOf, recordIssues } from '../../src/wire/resources/index.ts'
import { closed, createCheck, readDocument } from '../openapi/read-document.ts'
import { fromSchema } from '../support/from-schema.ts'

let check: ReturnType<typeof createCheck>
beforeAll(async () => {
  check = createCheck(closed(await readDocument()))
})

const context = (number?: number) => ({
  ...{ domainId: '00000000-0000-0000-0000-000000000000', now: toInstant(1_700_000_000_000_000), find: () => undefined },
  drawId: (purpose: string) => `00000000-0000-4000-8000-${String(purpose.length).padStart(12, '0')}`,
  ...(number !== undefined && { number }),
})
const fill = (name: string, partial: ResourceRecord, number?: number) =>
  fillRecord(kindOf(name), partial, context(number))

/** Words with a meaning in records. Most are no instants, so few records of parts that need one are drawn. */
const WORDS = {
  texts: ['2024-01-01T00:00:00Z', '2023-11-05T06:07:08.123456Z', 'vault::sub', 'alias/a', 'Disabled', 'RSA_2048', ''],
  durations: [],
}

/** The schema with every member, on every level, left out at times. */
function withoutRequired(schema: object): Readonly<Record<string, unknown>> {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) => (name === 'required' ? undefined : value)),
  ) as Readonly<Record<string, unknown>>
}

it.each(['seeds', 'demo'])('fills in records of fixtures/%s that fit the document', async (name) => {
  const seed = fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))
  await using emulator = await createEmulator({ seed, clock: 'frozen' })
  const { resources } = await emulator.domain('root').resources.list({ limit: -1, hidden: true })
  expect(new Set(resources.map(({ kind }) => kind))).toEqual(new Set(KINDS.map((kind) => kind.name)))
  for (const { kind, record } of resources)
    expect({ record, errors: check({ $ref: `#/components/schemas/${kind}.Record` }, record) }).toMatchObject({
      errors: [],
    })
})

describe.each(KINDS)('$name', (kind) => {
  it('makes a record of nothing, twice the same, that fits the document', () => {
    const record = fill(kind.name, {})
    expect(fill(kind.name, {})).toEqual(record)
    expect(check({ $ref: `#/components/schemas/${kind.name}.Record` }, record)).toEqual([])
    expect(record.uri).toBe(`kylo:kylo:cckm:${kind.uriKind}:${String(record.id)}`)
  })

  it('makes records of random parts that fit the document', () => {
    fc.assert(
      fc.property(fromSchema(withoutRequired(kind.record), WORDS), fc.option(fc.nat(99)), (value, number) => {
        const partial = value as ResourceRecord
        fc.pre(recordIssues(kind, partial).length === 0)
        const record = fill(kind.name, partial, number ?? undefined)
        expect(check({ $ref: `#/components/schemas/${kind.name}.Record` }, record)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('keeps a whole record to the byte', () => {
    expect(JSON.stringify(fill(kind.name, kind.sample))).toBe(JSON.stringify(kind.sample))
  })

  it('has an index for each of its sorts, and reads no record for a filter', () => {
    const { indexed, facets = [], lookups = [] } = kind.behaviour
    expect(indexed.length).toBeLessThanOrEqual(12)
    expect(indexed).toEqual(expect.arrayContaining(Object.values(kind.sorts)))
    const known = [...indexed, ...facets, ...lookups].map((path) => path.join('.'))
    const words = { text: 'x', flag: true, count: 1 }
    const read = Object.values(kind.filters).flatMap(({ form, filtersOf }) => filtersOf([words[form]], () => undefined))
    const paths = read.flatMap((each) => ('anyOf' in each ? each.anyOf.flat() : [each])).map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(0)
    // A filter by a tag's name reads a part of the facet of tags.
    for (const path of paths) expect(known.some((each) => `${path.join('.')}.`.startsWith(`${each}.`))).toBe(true)
  })

  it('says where a partial record is wrong', () => {
    expect(recordIssues(kind, {})).toEqual([])
    expect(recordIssues(kind, kind.sample)).toEqual([])
    expect(recordIssues(kind, { createdAt: 7 })).toMatchObject([{ pointer: '/createdAt' }])
  })
})

it('numbers the names of records that one element of a seed stands for', () => {
  expect(fill('aws.key', { aws_param: { Alias: ['alias/demo'] } }, 7)).toMatchObject({
    aws_param: { Alias: ['alias/demo-0007'] },
  })
  expect(fill('azure.key', { key_name: 'k' }, 12)).toMatchObject({ key_name: 'k-0012' })
  expect(fill('azure.vault', { name: 'v::s' }, 1)).toMatchObject({ name: 'v-0001::s', azure_name: 'v-0001' })
})

it('derives what a partial record implies', () => {
  expect(fill('aws.key', { aws_param: { KeyState: 'PendingDeletion' } })).toMatchObject({
    ...{ deletion_date: '2023-12-14T22:13:20Z', aws_param: { Enabled: false } },
  })
  expect(fill('aws.key', { aws_param: { Enabled: false } })).toMatchObject({ aws_param: { KeyState: 'Disabled' } })
  expect(fill('aws.key', { deletion_date: '2024-01-01T00:00:00Z' })).toMatchObject({
    aws_param: { KeyState: 'PendingDeletion', Enabled: false },
  })
  expect(fill('azure.key', { status: 'SOFT-DELETED' })).toMatchObject({
    key_soft_deleted_in_azure: true,
    deleted: false,
  })
  expect(recordIssues(kindOf('aws.kms'), { regions: 'x' })).toMatchObject([{ pointer: '/regions' }])
  expect(recordIssues(kindOf('aws.key'), { aws_param: { Enabled: 'no' } })).toMatchObject([
    { pointer: '/aws_param/Enabled' },
  ])
})
