import { describe, expect, it } from 'vitest'
import { readListQuery, readPaging, SORTABLE, type ListQuery, type RawQuery } from '../../src/wire/list-query.ts'

const ALL: ListQuery = { skip: 0, limit: 10, ids: [], statuses: [], clouds: [], operations: [], sort: [] }

describe('the query of a list', () => {
  it.each<[RawQuery, Partial<ListQuery>]>([
    [{}, {}],
    [
      { skip: '7', limit: '3' },
      { skip: 7, limit: 3 },
    ],
    [
      { skip: '0', limit: '0' },
      { skip: 0, limit: 0 },
    ],
    [{ limit: '-1' }, { limit: undefined }],
    [{ skip: '999999999999999' }, { skip: 999_999_999_999_999 }],
    [{ skip: '', limit: '' }, {}],
    [{ skip: ['', '4'] }, { skip: 4 }],
    [{ id: 'a' }, { ids: ['a'] }],
    [{ id: ['a', '', 'b'] }, { ids: ['a', 'b'] }],
    [
      { overall_status: 'error', operation: 'enablekey' },
      { statuses: ['error'], operations: ['enablekey'] },
    ],
    [{ cloud: 'aws', cloud_name: ['AzureCloud', 'gcp'] }, { clouds: ['aws', 'AzureCloud', 'gcp'] }],
    [{ id: '', overall_status: '', cloud: '', operation: '' }, {}],
    [{ sort: 'createdAt' }, { sort: [{ field: 'createdAt', descending: false }] }],
    [{ sort: '-updatedAt' }, { sort: [{ field: 'updatedAt', descending: true }] }],
    [
      { sort: ['cloud,,-id', ' operation ,- overall_status '] },
      {
        sort: [
          { field: 'cloud', descending: false },
          { field: 'id', descending: true },
          { field: 'operation', descending: false },
          { field: 'overall_status', descending: true },
        ],
      },
    ],
  ])('is read: %j', (raw, meant) => {
    expect(readListQuery(raw)).toEqual({ query: { ...ALL, ...meant }, ignored: [] })
  })

  it.each(SORTABLE)('sorts by %s', (field) => {
    expect(readListQuery({ sort: field })).toMatchObject({ query: { sort: [{ field, descending: false }] } })
  })

  it('names only unknown fields as ignored', () => {
    const known = { skip: '1', limit: '1', sort: 'id', id: 'a', overall_status: 'x', cloud: 'a', cloud_name: 'a' }
    expect(readListQuery({ ...known, operation: 'o', page: '2', status: 'x' })).toMatchObject({
      ignored: ['page', 'status'],
    })
  })

  it.each<[RawQuery, pointer: string, message: string]>([
    [{ skip: '-1' }, '/skip', 'is not a whole number from 0: -1'],
    [{ limit: '-2' }, '/limit', 'is not a whole number from -1: -2'],
    [{ limit: '1.5' }, '/limit', 'is not a whole number from -1: 1.5'],
    [{ limit: '1e3' }, '/limit', 'is not a whole number from -1: 1e3'],
    [{ limit: ' 1' }, '/limit', 'is not a whole number from -1:  1'],
    [{ limit: '1 ' }, '/limit', 'is not a whole number from -1: 1 '],
    [{ limit: '--1' }, '/limit', 'is not a whole number from -1: --1'],
    [{ limit: '-' }, '/limit', 'is not a whole number from -1: -'],
    [{ limit: 'ten' }, '/limit', 'is not a whole number from -1: ten'],
    [{ limit: '1000000000000000' }, '/limit', 'is not a whole number from -1: 1000000000000000'],
    [{ limit: ['1', '2'] }, '/limit', 'is not a whole number from -1: 1, 2'],
    [{ sort: 'name' }, '/sort', `knows no property name; it takes ${SORTABLE.join(', ')}`],
    [{ sort: '--id' }, '/sort', `knows no property --id; it takes ${SORTABLE.join(', ')}`],
    [{ sort: '-' }, '/sort', `knows no property -; it takes ${SORTABLE.join(', ')}`],
    [{ sort: 'id,-nothing' }, '/sort', `knows no property -nothing; it takes ${SORTABLE.join(', ')}`],
  ])('is refused with a reason: %j', (raw, pointer, message) => {
    expect(readListQuery(raw)).toEqual({ issues: [{ pointer, message }] })
  })

  it('reports all problems at once', () => {
    const reading = readListQuery({ skip: 'x', limit: 'y', sort: 'a,b' })
    expect(reading).toMatchObject({
      issues: [{ pointer: '/skip' }, { pointer: '/limit' }, { pointer: '/sort' }, { pointer: '/sort' }],
    })
  })
})

describe('the paging of a list without other fields', () => {
  it('reads only skip and limit', () => {
    expect(readPaging({ skip: '2', limit: '-1', sort: 'nonsense' })).toEqual({ skip: 2, limit: undefined })
    expect(readPaging({})).toEqual({ skip: 0, limit: 10 })
  })

  it('refuses the same values as other lists', () => {
    expect(readPaging({ limit: 'x' })).toMatchObject({ issues: [{ pointer: '/limit' }] })
  })
})
