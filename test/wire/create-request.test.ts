// The model of a create request; test/api tests its effects.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import type { FamilyName } from '../../src/model/family.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts'
import { canonicalJson, dotted, readCreateRequest, withoutNulls } from '../../src/wire/create-request.ts'
import { familyOf } from '../../src/wire/families/index.ts'

const PARAM = 'delete_key_backups_param'
const DELETE = { operation: 'delete-key-backups' }

function read(family: FamilyName, body: unknown, settings: Partial<Settings> = {}) {
  return readCreateRequest(familyOf(family), body, { ...DEFAULT_SETTINGS, ...settings })
}

const azure = (body: unknown, settings: Partial<Settings> = {}) => read('azure.bulkjobs', body, settings)
const aws = (body: unknown, settings: Partial<Settings> = {}) => read('aws.bulkjob', body, settings)

/** As JSON, without undefined values. */
const asJson = (body: object) => JSON.parse(JSON.stringify(body)) as unknown

it('knows no other family', () => {
  expect(() => familyOf('gcp.bulkjob')).toThrow('no such family: gcp.bulkjob')
})

describe('an Azure request', () => {
  it.each<[object, object]>([
    [{ backups: ['b', 'a', 'b'] }, { kind: 'ids', ids: ['b', 'a'] }],
    [{ backups: [] }, { kind: 'backups', keys: [] }],
    [
      { backups: ['b'], keys: ['x', 'y'] },
      { kind: 'ids', ids: ['b'] },
    ],
    [{}, { kind: 'backups', keys: [] }],
    [{ key_id: 'k' }, { kind: 'backups', keys: ['k'] }],
    [{ vault_id: 'v' }, { kind: 'backups', vault: 'v', keys: [] }],
    [{ keys: ['x', 'y', 'x'] }, { kind: 'backups', keys: ['x', 'y'] }],
    [{ keys: [] }, { kind: 'backups', keys: [] }],
    [
      { created_after: '2024-02-06T09:22:54Z', created_before: '2024-02-07T00:00:00Z' },
      { kind: 'backups', keys: [], after: 1_707_211_374_000_000, before: 1_707_264_000_000_000 },
    ],
  ])('asks with %j for these backups, nested or not', (selectors, items) => {
    for (const body of [
      { ...DELETE, ...selectors },
      { ...DELETE, [PARAM]: selectors },
    ])
      expect(azure(body)).toEqual({
        request: {
          ...{ ...DELETE, family: 'azure.bulkjobs', items, echoes: {} },
          action: { kind: 'azure.key-backup', change: { name: 'deleted' } },
          content: `azure.bulkjobs ${canonicalJson(body)}`,
        },
        ignored: [],
      })
  })

  it('may mix nested and other selectors', () => {
    expect(azure({ ...DELETE, key_id: 'k', [PARAM]: { backups: ['b'] } })).toMatchObject({
      request: { items: { kind: 'ids', ids: ['b'] } },
    })
  })

  const TIME = 'is not an RFC 3339 time such as 2024-02-06T09:22:54Z'
  const TWICE = 'is given twice: key_id is at the top level too'
  const others = (first: string, sent: string) =>
    `cannot go with ${first}: key_id, keys and vault_id exclude each other (${sent} was sent too)`
  it.each<[object, [pointer: string, message: string][]]>([
    [{ key_id: 'k', keys: ['k'] }, [['/keys', others('key_id', 'keys')]]],
    [
      { key_id: 'k', keys: ['k'], vault_id: 'v' },
      [
        ['/keys', others('key_id', 'keys')],
        ['/vault_id', others('key_id', 'vault_id')],
      ],
    ],
    [{ keys: ['k'], [PARAM]: { vault_id: 'v' } }, [[`/${PARAM}/vault_id`, others('keys', 'vault_id')]]],
    [{ key_id: 'k', [PARAM]: { key_id: 'k' } }, [[`/${PARAM}/key_id`, TWICE]]],
    [{ created_after: 'yesterday' }, [['/created_after', TIME]]],
    [
      { created_before: '2024-02-30T00:00:00Z', created_after: '' },
      [
        ['/created_after', TIME],
        ['/created_before', TIME],
      ],
    ],
    [{ [PARAM]: { created_before: 'x' } }, [[`/${PARAM}/created_before`, TIME]]],
    [{ key_id: '' }, [['/key_id', 'must not have fewer than 1 characters']]],
    [{ backups: [''] }, [['/backups/0', 'must not have fewer than 1 characters']]],
    [{ keys: 'k' }, [['/keys', 'must be array']]],
    [{ operation: 'enablekey' }, [['/operation', 'must be "delete-key-backups"']]],
    [{ operation: undefined }, [['/operation', 'is required']]],
  ])('refuses %j with reasons', (fields, issues) => {
    expect(azure(asJson({ ...DELETE, ...fields }))).toMatchObject({
      issues: issues.map(([pointer, message]) => ({ pointer, message })),
    })
  })

  it('may have unknown fields at both levels', () => {
    expect(azure({ ...DELETE, region: 'eu', [PARAM]: { key_vaults: ['v'] } })).toMatchObject({
      ignored: ['region', `${PARAM}.key_vaults`],
    })
  })

  it('may name backups like inherited properties', () => {
    expect(azure({ ...DELETE, backups: ['__proto__', '10'] })).toMatchObject({
      request: { items: { ids: ['__proto__', '10'] } },
    })
  })

  describe.each(['2.17', '2.9', '1.99'])('to CM %s', (cmVersion) => {
    it('may have keys and vault_id, which are ignored', () => {
      const body = {
        ...DELETE,
        vault_id: 'v',
        backups: ['b'],
        [PARAM]: { keys: ['k'], created_after: '2024-02-06T09:22:54Z' },
      }
      expect(azure(body, { cmVersion })).toMatchObject({
        request: { items: { kind: 'ids', ids: ['b'] } },
        ignored: ['vault_id', `${PARAM}.keys`],
      })
    })

    it('refuses them with strictFields', () => {
      const body = { ...DELETE, keys: ['k'], [PARAM]: { vault_id: 'v' }, other: 1 }
      expect(azure(body, { cmVersion, strictFields: true })).toMatchObject({
        issues: ['/keys', `/${PARAM}/vault_id`, '/other'].map((pointer) => ({
          ...{ pointer, message: 'is not a known field', unknown: pointer.split('/').at(-1) },
        })),
      })
    })

    it.each([5, 'text', null, [{ keys: ['k'] }]])('refuses a body that is not an object: %j', (body) => {
      expect(azure(body, { cmVersion })).toEqual(azure(body))
      expect(azure({ ...DELETE, [PARAM]: body }, { cmVersion })).toEqual(azure({ ...DELETE, [PARAM]: body }))
    })
  })

  it.each(['2.18', '2.100', '3.0', '10.1'])('may have keys and vault_id for CM %s', (cmVersion) => {
    expect(azure({ ...DELETE, keys: ['a', 'b'] }, { cmVersion })).toMatchObject({
      request: { items: { kind: 'backups', keys: ['a', 'b'] } },
      ignored: [],
    })
  })
})

describe('an AWS request', () => {
  const BODY = { keys: ['k'], operation: 'enablekey' }

  it('asks for each key once, and repeats the keys as sent', () => {
    expect(aws({ operation: 'disablekey', keys: ['b', 'a', 'b'] })).toEqual({
      request: {
        ...{ family: 'aws.bulkjob', operation: 'disablekey', items: { kind: 'ids', ids: ['b', 'a'] } },
        ...{
          echoes: { keys: '["b","a","b"]' },
          content: 'aws.bulkjob {"keys":["b","a","b"],"operation":"disablekey"}',
          action: { kind: 'aws.key', change: { name: 'disabled' } },
        },
      },
      ignored: [],
    })
  })

  it.each([
    { days: 7, operation: 'schedulekeydeletion' },
    { days: 30, operation: 'schedulekeydeletion' },
    { policy_template_id: 'p', operation: 'applypolicytemplate' },
    { days: null, policy_template_id: null },
  ])('may have the fields %j', (fields) => {
    expect(aws({ ...BODY, ...fields })).toMatchObject({ request: {}, ignored: [] })
  })

  it.each<[object, [pointer: string, message: string][]]>([
    [{ days: 6, operation: 'schedulekeydeletion' }, [['/days', 'must be >= 7']]],
    [{ days: 31, operation: 'schedulekeydeletion' }, [['/days', 'must be <= 30']]],
    [{ days: 7.5, operation: 'schedulekeydeletion' }, [['/days', 'must be integer']]],
    [
      { policy_template_id: '', operation: 'applypolicytemplate' },
      [['/policy_template_id', 'must not have fewer than 1 characters']],
    ],
    [{ keys: [] }, [['/keys', 'must not have fewer than 1 items']]],
    [{ keys: [''] }, [['/keys/0', 'must not have fewer than 1 characters']]],
    [{ keys: Array.from({ length: 101 }, String) }, [['/keys', 'must not have more than 100 items']]],
    [{ operation: undefined }, [['/operation', 'is required']]],
    [
      { keys: undefined, days: 5, operation: 'schedulekeydeletion' },
      [
        ['/keys', 'is required'],
        ['/days', 'must be >= 7'],
      ],
    ],
  ])('refuses %j with reasons', (fields, issues) => {
    expect(aws(asJson({ ...BODY, ...fields }))).toMatchObject({
      issues: issues.map(([pointer, message]) => ({ pointer, message })),
    })
  })

  it('may have unknown fields, except with strictFields', () => {
    expect(aws({ ...BODY, 'a/b': 1 })).toMatchObject({ ignored: ['a/b'] })
    expect(aws({ ...BODY, 'a/b': 1, days: 7 }, { strictFields: true })).toMatchObject({
      issues: [{ pointer: '/a~1b', message: 'is not a known field', unknown: 'a/b' }],
    })
  })
})

describe('a request of either family', () => {
  it('is empty without a body', () => {
    expect(aws(undefined)).toEqual(aws({}))
    expect(aws(null)).toEqual(aws({}))
  })

  it('draws like an equal request, in any order of fields, and unlike another', () => {
    const shuffled = fc
      .dictionary(fc.string(), fc.jsonValue())
      // After an object with the key `\`, JSON.parse of V8 13.6 takes the key `"` of another for it.
      .filter((value) => !JSON.stringify(value).includes('\\\\'))
      .chain((value) =>
        fc.tuple(fc.constant(value), fc.shuffledSubarray(Object.keys(value), { minLength: Object.keys(value).length })),
      )
    fc.assert(
      fc.property(shuffled, ([value, keys]) => {
        const other = Object.fromEntries(keys.map((key) => [key, value[key]]))
        expect(canonicalJson({ list: [other] })).toBe(canonicalJson({ list: [value] }))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(canonicalJson({ b: [2, { d: 'x', c: null }], a: undefined })).toBe('{"a":null,"b":[2,{"c":null,"d":"x"}]}')
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
  })

  it('may have null for an absent field at any depth', () => {
    expect(withoutNulls({ a: null, b: { c: null, d: 0 }, e: [null], f: '' })).toEqual({ b: { d: 0 }, e: [null], f: '' })
    for (const value of [null, 5, 'text', [null, { a: null }]]) expect(withoutNulls(value)).toEqual(value)
  })

  it('may have field names with dots', () => {
    expect(dotted('/a/b~1c/d~0e/0')).toBe('a.b/c.d~e.0')
  })
})
