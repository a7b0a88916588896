// Records: filled in completely and deterministically, as the OpenAPI document describes them.

import { beforeAll, describe, expect, it } from 'vitest'
import { toInstant } from '../../src/model/time.ts'
import type { ResourceRecord } from '../../src/model/resource.ts'
import { fillRecord, KINDS, kindOf, recordIssues } from '../../src/wire/resources/index.ts'
import { closed, createCheck, readDocument } from '../openapi/read-document.ts'

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

describe.each(KINDS)('$name', (kind) => {
  it('makes a record of nothing, twice the same, that fits the document', () => {
    const record = fill(kind.name, {})
    expect(fill(kind.name, {})).toEqual(record)
    expect(check({ $ref: `#/components/schemas/${kind.name}.Record` }, record)).toEqual([])
    expect(record.uri).toBe(`kylo:kylo:cckm:${kind.uriKind}:${String(record.id)}`)
  })

  it('keeps a whole record to the byte', () => {
    expect(JSON.stringify(fill(kind.name, kind.sample))).toBe(JSON.stringify(kind.sample))
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
