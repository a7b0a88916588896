import { describe, expect, it } from 'vitest'
import { AWS, AZURE, NOW, refusal, start, UUID } from '../support/world.ts'

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `key-${index}`)

describe('creating an AWS job', () => {
  it('answers 201 with the new AWS job and repeats the keys', async () => {
    const { admin } = await start()
    const keys = ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fg']
    const { status, text, job } = await admin.post(AWS, { keys, operation: 'enablekey' })
    expect(status).toBe(201)
    expect(job.id).toMatch(UUID)
    expect(text).toBe(
      JSON.stringify({
        id: job.id,
        uri: `kylo:kylo:cckm:bulkjob:${job.id}`,
        account: 'kylo:kylo:admin:accounts:kylo',
        createdAt: NOW,
        updatedAt: NOW,
        overall_status: 'in_progress',
        detailed_status: {},
        abort: false,
        cloud: 'aws',
        keys,
        operation: 'enablekey',
      }),
    )
  })

  it.each([
    { operation: 'enablekey' },
    { operation: 'disablekey' },
    { operation: 'cancelkeydeletion' },
    { operation: 'schedulekeydeletion' },
    { operation: 'schedulekeydeletion', days: 7 },
    { operation: 'schedulekeydeletion', days: 30 },
    { operation: 'applypolicytemplate' },
    { operation: 'applypolicytemplate', policy_template_id: 'p' },
  ])('accepts the AWS request %j', async (body) => {
    const { admin } = await start({ settings: { strictFields: true } })
    const answer = await admin.post(AWS, { ...body, keys: ['k'] })
    expect([answer.status, answer.job.operation]).toEqual([201, body.operation])
    for (const echo of ['days', 'policy_template_id']) expect(answer.job).not.toHaveProperty(echo)
  })

  it('accepts 1 to 100 keys', async () => {
    const { admin } = await start()
    const create = (keys: unknown) => admin.post(AWS, { operation: 'enablekey', keys })
    expect((await create(numbered(100))).status).toBe(201)
    expect(refusal(await create(numbered(101)), 400)).toMatch(/\nkeys: .*100/)
    expect(refusal(await create([]), 400)).toMatch(/\nkeys: /)
  })

  it('gives each key a result, in the order of the request', async () => {
    const keys = ['z', '10', '9', '2', 'a', '__proto__', 'constructor', 'a b/ü', '007']
    const { admin } = await start({ scenario: 'instant' })
    const { job } = await admin.post(AWS, { operation: 'enablekey', keys })
    const { text } = await admin.get(`${AWS}/${job.id}`)
    const results = keys.map((key) => `${JSON.stringify(key)}:"Success"`).join(',')
    expect(text).toContain(`"detailed_status":{${results}}`)
    expect(text).toContain(`"keys":${JSON.stringify(keys)}`)
  })

  it('gives a repeated key one result and repeats it twice', async () => {
    const { admin } = await start({ scenario: 'instant' })
    const { job } = await admin.post(AWS, { operation: 'enablekey', keys: ['a', 'b', 'a'] })
    expect(job.keys).toEqual(['a', 'b', 'a'])
    expect((await admin.get(`${AWS}/${job.id}`)).job.detailed_status).toEqual({ a: 'Success', b: 'Success' })
  })

  it('creates the same jobs, with the same ids, for the same calls and random seed', async () => {
    const run = async (randomSeed: number): Promise<string[]> => {
      const { admin } = await start({ randomSeed })
      const bodies = [{ keys: ['a'] }, { keys: ['b'] }, { keys: ['a'] }]
      const jobs = []
      for (const body of bodies) jobs.push((await admin.post(AWS, { ...body, operation: 'enablekey' })).job.id)
      return jobs
    }
    const first = await run(42)
    expect(new Set(first).size).toBe(3)
    expect(await run(42)).toEqual(first)
    expect(await run(43)).not.toEqual(first)
  })
})

describe('refusals of an AWS job', () => {
  const ENABLE = { operation: 'enablekey', keys: ['k'] }
  const SCHEDULE = { operation: 'schedulekeydeletion', keys: ['k'] }

  it.each([
    ['no body', undefined, ['keys', 'operation']],
    ['no keys', { operation: 'enablekey' }, ['keys']],
    ['no operation', { keys: ['k'] }, ['operation']],
    ['an operation of Azure', { ...ENABLE, operation: 'delete-key-backups' }, ['operation: ']],
    ['an operation in another case', { ...ENABLE, operation: 'EnableKey' }, ['operation: ']],
    ['keys that are a string', { ...ENABLE, keys: 'k' }, ['keys: must be array']],
    ['a key that is a number', { ...ENABLE, keys: ['k', 5] }, ['keys.1: must be string']],
    ['an empty key', { ...ENABLE, keys: [''] }, ['keys.0: ']],
    ['a key that is null', { ...ENABLE, keys: [null] }, ['keys.0: must be string']],
    ['six days', { ...SCHEDULE, days: 6 }, ['days: must be >= 7']],
    ['31 days', { ...SCHEDULE, days: 31 }, ['days: must be <= 30']],
    ['half a day', { ...SCHEDULE, days: 7.5 }, ['days: must be integer']],
    ['days that are a string', { ...SCHEDULE, days: '7' }, ['days: must be integer']],
    ['days that are a string, of another operation', { ...ENABLE, days: '7' }, ['days: must be integer']],
    ['a template that is a number', { ...ENABLE, policy_template_id: 5 }, ['policy_template_id: must be string']],
  ])('refuses to create an AWS job: %s', async (_what, body, fields) => {
    const { admin } = await start()
    const message = refusal(await admin.post(AWS, body), 400)
    for (const field of fields) expect(message).toContain(field)
    expect((await admin.get(AWS)).page.total).toBe(0)
  })
})

describe('a field of another operation', () => {
  const ENABLE = { operation: 'enablekey', keys: ['k'] }
  const SCHEDULE = { operation: 'schedulekeydeletion', keys: ['k'], days: 7 }
  const DAYS = 'days (applies only to the operation schedulekeydeletion)'
  const TEMPLATE = 'policy_template_id (applies only to the operation applypolicytemplate)'

  it.each([
    [{ ...ENABLE, days: 9 }, DAYS],
    [{ ...ENABLE, days: 99 }, DAYS],
    [{ ...ENABLE, policy_template_id: '' }, TEMPLATE],
    [{ ...SCHEDULE, policy_template_id: 'p' }, TEMPLATE],
    [{ ...ENABLE, operation: 'applypolicytemplate', policy_template_id: 'p', days: 7 }, DAYS],
    [{ ...ENABLE, days: 9, policy_template_id: 'p' }, `${DAYS}, ${TEMPLATE}`],
    [{ ...ENABLE, region: 'r', days: 9 }, `region, ${DAYS}`],
  ])('ignores a field of another operation and names it in the hint: %j', async (body, named) => {
    const { admin } = await start()
    const answer = await admin.post(AWS, body)
    expect([answer.status, answer.hint]).toEqual([201, `ignored, since the vendor does not document it: ${named}`])
    expect(Object.keys(answer.job)).not.toContain('days')
  })

  it.each([
    [{ ...ENABLE, days: 9 }, 'days: applies only to the operation schedulekeydeletion'],
    [{ ...SCHEDULE, policy_template_id: 'p' }, 'policy_template_id: applies only to the operation applypolicytemplate'],
  ])('refuses a field of another operation with strictFields: %j', async (body, line) => {
    const { admin } = await start({ settings: { strictFields: true } })
    expect(refusal(await admin.post(AWS, body), 400)).toBe(`Validation errors:\n${line}`)
  })

  it('ignores a field of the other cloud like an unknown one', async () => {
    const { admin } = await start()
    const azure = await admin.post(AZURE, { operation: 'delete-key-backups', days: 9, policy_template_id: 5 })
    const aws = await admin.post(AWS, { ...ENABLE, delete_key_backups_param: { backups: 1 } })
    expect([azure.status, azure.hint, aws.status, aws.hint]).toEqual([
      201,
      'ignored, since the vendor does not document it: days, policy_template_id',
      201,
      'ignored, since the vendor does not document it: delete_key_backups_param',
    ])
  })
})
