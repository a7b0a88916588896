import { describe, expect, it } from 'vitest'
import { FAMILIES } from '../../src/wire/families/index.ts'
import { readCapturedJob, type CapturedJobHints } from '../../src/wire/captured-job.ts'

const AZURE = {
  id: 'a',
  uri: 'kylo:kylo:cckm:azure-bulkjob:a',
  createdAt: '2024-02-06T09:22:54.5Z',
  overall_status: 'completed',
  operation: 'delete-key-backups',
}
const CREATED = 1_707_211_374_500_000

function read(document: object, hints?: CapturedJobHints) {
  return readCapturedJob(JSON.stringify(document), document, hints)
}

describe('reading a captured job', () => {
  it('requires only the fields that identify it', () => {
    expect(read(AZURE)).toEqual({
      job: {
        ...{
          kind: 'captured',
          family: 'azure.bulkjobs',
          id: 'a',
          operation: 'delete-key-backups',
          cloud: 'AzureCloud',
        },
        ...{ text: JSON.stringify(AZURE), createdAt: CREATED, updatedAt: CREATED, completedAt: undefined },
        ...{ status: 'completed', abort: false, results: [], pending: [], scenario: undefined },
        action: { kind: 'azure.key-backup', change: { name: 'deleted' } },
      },
    })
  })

  it('reads every field', () => {
    const whole = {
      ...AZURE,
      ...{ updatedAt: '2024-02-06T09:22:56Z', completed_at: '2024-02-06T09:22:55Z', abort: true, cloud: 'gov' },
      ...{ detailed_status: { k1: 'Success', k2: 'Error: locked' }, whatever: [1, { else: null }] },
    }
    expect(read(whole)).toMatchObject({
      job: {
        ...{ updatedAt: CREATED + 1_500_000, completedAt: CREATED + 500_000, abort: true, cloud: 'gov' },
        results: [
          { id: 'k1', status: 'Success' },
          { id: 'k2', status: 'Error: locked' },
        ],
      },
    })
  })

  it.each([
    ['kylo:kylo:cckm:azure-bulkjob:a', undefined, 'azure.bulkjobs'],
    ['kylo:kylo-1:cckm:bulkjob:a', undefined, 'aws.bulkjob'],
    ['kylo:kylo:cckm:bulkjob:a:b', 'AzureCloud', 'aws.bulkjob'],
    [undefined, 'AzureCloud', 'azure.bulkjobs'],
    [undefined, 'aws', 'aws.bulkjob'],
  ])('finds by the uri %s and the cloud %s the family %s', (uri, cloud, family) => {
    const { uri: _uri, ...rest } = AZURE
    expect(read({ ...rest, ...(uri !== undefined && { uri }), ...(cloud !== undefined && { cloud }) })).toMatchObject({
      job: { family },
    })
  })

  it('prefers the family that the seed names', () => {
    expect(read(AZURE, { family: 'aws.bulkjob' })).toMatchObject({ job: { family: 'aws.bulkjob', cloud: 'aws' } })
    const { uri: _uri, ...rest } = AZURE
    expect(read(rest, { family: 'aws.bulkjob' })).toMatchObject({ job: { family: 'aws.bulkjob' } })
  })

  it('keeps the order of the results, also for numeric ids', () => {
    const text = `{"detailed_status":{"old":"x"},"a":{"detailed_status":{}},"detailed_status":{"b":"Success","10":"Er\\"ror","9":"Success"},"end":{"x":"y"}}`
    const { detailed_status } = JSON.parse(text) as { detailed_status: object }
    expect(readCapturedJob(text, { ...AZURE, detailed_status })).toMatchObject({
      job: {
        results: [
          { id: 'b', status: 'Success' },
          { id: '10', status: 'Er"ror' },
          { id: '9', status: 'Success' },
        ],
      },
    })
    const long = '{"detailed_status":{"b":"Success","10":"Success"}}'
    expect(readCapturedJob(long, { ...AZURE, ...(JSON.parse(long) as object) })).toMatchObject({
      job: { results: [{ id: 'b' }, { id: '10' }] },
    })
    expect(read({ ...AZURE, detailed_status: { b: 'x', '1a': 'y', a: 'z' } })).toMatchObject({
      job: { results: [{ id: 'b' }, { id: '1a' }, { id: 'a' }] },
    })
  })

  it('reads null as no results', () => {
    expect(read({ ...AZURE, detailed_status: null })).toMatchObject({ job: { results: [] } })
  })

  it('leaves keys without a result unfinished while the job runs', () => {
    const running = { ...AZURE, overall_status: 'in_progress' }
    const half = { keys: ['k1', 'k2', 'k3'], detailed_status: { k2: 'Success' } }
    expect(read({ ...running, ...half })).toMatchObject({ job: { pending: ['k1', 'k3'] } })
    expect(read(running)).toMatchObject({ job: { pending: [] } })
    expect(read({ ...AZURE, ...half })).toMatchObject({ job: { pending: [] } })
  })

  const INSTANT = 'is not an RFC 3339 instant such as 2024-02-06T09:22:54.517569Z'
  const NO_FAMILY = `does not identify a family; name one: ${FAMILIES.map(({ name }) => name).join(' or ')}`
  it.each<[object, [pointer: string, message: string][]]>([
    [{ uri: 'kylo:kylo:cckm:gcp-bulkjob:a' }, [['/uri', NO_FAMILY]]],
    [{ uri: 'bulkjob' }, [['/uri', NO_FAMILY]]],
    [{ uri: undefined, cloud: 'ibm' }, [['/uri', NO_FAMILY]]],
    [{ uri: undefined }, [['/uri', NO_FAMILY]]],
    [{ createdAt: 'yesterday' }, [['/createdAt', INSTANT]]],
    [{ createdAt: 'yesterday', updatedAt: '2024-02-06T09:22:54Z' }, [['/createdAt', INSTANT]]],
    [{ updatedAt: 'yesterday' }, [['/updatedAt', INSTANT]]],
    [{ completed_at: '2024-02-30T00:00:00Z' }, [['/completed_at', INSTANT]]],
    [
      { uri: '', createdAt: 'x', updatedAt: 'y', completed_at: 'z' },
      [
        ['/uri', NO_FAMILY],
        ['/createdAt', INSTANT],
        ['/updatedAt', INSTANT],
        ['/completed_at', INSTANT],
      ],
    ],
    [{ id: '' }, [['/id', 'must not have fewer than 1 characters']]],
    [{ id: undefined }, [['/id', 'is required']]],
    [{ uri: 5 }, [['/uri', 'must be string']]],
    [{ createdAt: '' }, [['/createdAt', 'must not have fewer than 1 characters']]],
    [{ createdAt: undefined }, [['/createdAt', 'is required']]],
    [{ updatedAt: 5 }, [['/updatedAt', 'must be string']]],
    [{ completed_at: null }, [['/completed_at', 'must be string']]],
    [{ overall_status: '' }, [['/overall_status', 'must not have fewer than 1 characters']]],
    [{ operation: '' }, [['/operation', 'must not have fewer than 1 characters']]],
    [{ operation: undefined }, [['/operation', 'is required']]],
    [{ abort: 'no' }, [['/abort', 'must be boolean']]],
    [{ cloud: 5 }, [['/cloud', 'must be string']]],
    [{ keys: 'k' }, [['/keys', 'must be array']]],
    [{ keys: [5] }, [['/keys/0', 'must be string']]],
    [{ detailed_status: { k: 5 } }, [['/detailed_status/k', 'must be string']]],
    [{ detailed_status: { 'line\nbreak': 5 } }, [['/detailed_status/line\nbreak', 'must be string']]],
  ])('refuses %j with reasons', (fields, issues) => {
    const document = JSON.parse(JSON.stringify({ ...AZURE, ...fields })) as object
    expect(read(document)).toEqual({ issues: issues.map(([pointer, message]) => ({ pointer, message })) })
  })
})
