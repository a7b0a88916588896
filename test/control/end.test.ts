// `end` ends a test in any language: what is wrong, a report and a trace; the domain is gone then.

import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { listeningLog } from '../support/log.ts'
import { enable, JOBS, start, type Answer } from './enter.ts'

/** A domain whose client has created one job that never ends. */
async function withOpenJob() {
  const emulator = await start()
  const entered = await emulator.enter('t-1')
  await entered.world.defaultScenario('stuck')
  const { json } = await entered.client('POST', JOBS, enable('k1'))
  return { ...emulator, ...entered, server: emulator.admin, id: String(json.id) }
}

const rulesOf = ({ json }: Answer) => (json.problems as { rule: string }[]).map(({ rule }) => rule)

describe('end', () => {
  it('answers a good test with no problems, and the domain is gone', async () => {
    const { admin, client, id } = await withOpenJob()
    const { status, json } = await admin('POST', '/end')
    expect({ status, ...json }).toEqual({
      status: 200,
      ok: true,
      problems: [],
      text: 'cckm-emulator, domain t-1: no problems',
      trace: expect.stringContaining(id) as unknown,
    })
    expect((await client('GET', `${JOBS}/${id}`)).status).toBe(401)
    expect((await admin('POST', '/end')).status).toBe(404)
  })

  it('names jobs that the client left open, if asked, and none of a seed', async () => {
    const { world, admin, id } = await withOpenJob()
    const other = await world.jobs.create({ family: 'aws.bulkjob', request: enable('k2') })
    const { json } = await admin('POST', '/end?trace=false', { failOn: ['open-jobs'], title: 'enables keys' })
    expect(json).toEqual({
      ok: false,
      problems: [
        {
          rule: 'open-jobs',
          message: expect.stringMatching(
            new RegExp(`^A job of the client has not ended.*${id}: in_progress$`, 's'),
          ) as unknown,
        },
      ],
      text: expect.stringMatching(
        /^A job of the client .*\ncckm-emulator, domain t-1 of enables keys\nrunning jobs:\n/s,
      ) as unknown,
    })
    expect(JSON.stringify(json.problems)).not.toContain(other.id)
  })

  it('counts every rule and fault that was not used, or those that the test names', async () => {
    const { world, admin } = await withOpenJob()
    await world.nextJob({ scenario: 'partial-failure' })
    const fault = await world.fault({ on: { operation: 'aws.bulkjob.cancel' }, do: { lose: true } })
    const end = (body: object) => admin('POST', '/end?trace=false', { keep: true, ...body })
    expect(rulesOf(await end({}))).toEqual(['unused', 'unused'])
    expect(rulesOf(await end({ rules: [] }))).toEqual(['unused'])
    expect(rulesOf(await end({ rules: [], faults: [] }))).toEqual([])
    expect(rulesOf(await end({ faults: [fault.id], allow: ['unused'] }))).toEqual([])
    expect(rulesOf(await end({ failOn: ['5xx'] }))).toEqual([])
    expect((await end({})).json.text).toMatch(
      /No job matched the rule "partial-failure"[^]*never hit: 0 calls matched it/,
    )
  })

  it('finds server errors, calls that are not emulated, and refusals, unless they are allowed', async () => {
    const { client, admin } = await withOpenJob()
    await client('GET', '/cckm/aws/upload-key-jobs')
    await client('POST', JOBS, { operation: 'no' })
    const end = (body: object) => admin('POST', '/end?trace=false', { keep: true, ...body })
    expect(rulesOf(await end({ failOn: ['5xx', '501', '4xx'] }))).toContain('4xx')
    const allow = [{ operation: 'aws.bulkjob.create', status: 400 }]
    expect(rulesOf(await end({ failOn: ['4xx'], allow }))).not.toContain('4xx')
  })

  it('tells a test that failed by itself everything, and calls nothing a problem', async () => {
    const { world, admin } = await withOpenJob()
    await world.nextJob({ scenario: 'slow' })
    const { json } = await admin('POST', '/end?trace=problems', { hasFailed: true })
    expect(json).toMatchObject({ ok: true, problems: [], trace: expect.stringContaining('<html') as unknown })
    expect(json.text).toMatch(/running jobs:[^]*the last 1 of 1 requests:[^]*still queued: slow/)
  })

  it('names the request that is most similar to the last query of the test', async () => {
    const { admin } = await withOpenJob()
    const { json } = await admin('POST', '/end', { hasFailed: true, asked: { operation: 'azure.*' } })
    expect(json.text).toMatch(/the test asked for {"operation":"azure.\*"}: 0 requests match;\n {2}nearest: .*POST/)
  })

  it('answers what waits: 401, and counts it if asked', async () => {
    const { world, server, admin, client, access } = await withOpenJob()
    await world.fault({ on: { operation: 'aws.bulkjob.list' }, do: { delay: '1h' } })
    const list = client('GET', JOBS)
    const wait = admin('POST', '/requests/wait', { operation: 'none', timeout: '1h' })
    // Both have arrived.
    while ((await world.requestsInFlight()).length === 0) await server('GET', '/info')
    const ended = await admin('POST', '/end?trace=false', { failOn: ['in-flight'] })
    expect(rulesOf(ended)).toEqual(['in-flight'])
    expect(ended.json.text).toMatch(
      /2 requests are not answered;[^]*GET .*bulkjob -> in flight[^]*POST .*requests\/wait -> in flight/,
    )
    expect((await list).status).toBe(401)
    expect(await wait).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } })
    expect(access.name).toBe('t-1')
  })

  it('resets the root domain, and answers what waits there with 503', async () => {
    const { admin, emulator } = await start()
    const root = emulator.domain('root')
    await root.nextJob({ scenario: 'slow' })
    const wait = admin('POST', '/requests/wait', { operation: 'none', timeout: '1h' })
    await admin('GET', '/info')
    expect((await admin('POST', '/end?trace=false', { failOn: ['in-flight'] })).json.ok).toBe(false)
    expect((await wait).status).toBe(503)
    expect(await root.rules()).toEqual([])
    expect((await admin('POST', '/end', {})).status).toBe(200)
  })

  it.each([
    [{ failOn: ['6xx'] }, '/failOn/0'],
    [{ fail: [] }, '/fail'],
    [{ allow: [{ since: 'soon' }] }, '/allow/0/since'],
    [{ asked: { status: 99 } }, '/asked/status'],
  ])('refuses %j, and the domain stays', async (body, pointer) => {
    const { admin } = await withOpenJob()
    expect(await admin('POST', '/end', body)).toMatchObject({ status: 400, json: { error: { pointer } } })
    expect((await admin('POST', '/end?trace=maybe')).status).toBe(400)
    expect((await admin('POST', '/end')).status).toBe(200)
  })
})

it('report.txt is the report at any time', async () => {
  const { admin, world } = await withOpenJob()
  const { status, body, headers } = await admin('GET', '/report.txt')
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
  // Past a second it adds why that may be.
  expect(body).toMatch(/^running jobs:\n[^]*the last request arrived .* ago \(real time\); nothing is in flight.*\n$/)
  const withoutTime = (text: string) => text.replace(/the last request arrived .*/, '')
  expect(withoutTime(await world.report())).toBe(withoutTime(body))
})

it('a client that runs on is told when its domain was deleted, and the log says so once', async () => {
  const reading = readOptions({ seed: 'none' })
  if ('problems' in reading) throw new Error('the options are wrong')
  const { log, line, lines } = listeningLog()
  const emulator = await startEmulator(reading.config, { log })
  onTestFinished(() => emulator.close())
  const world = emulator.domain('t-1')
  const { jwt } = await world.access()
  await world.end()
  const poll = () => emulator.inject({ url: `/api/v1${JOBS}`, headers: { authorization: `Bearer ${jwt}` } })
  const { statusCode, headers } = await poll()
  expect(statusCode).toBe(401)
  expect(headers['x-emulator-hint']).toMatch(
    /^the domain t-1 was deleted [\d.]+m?s before this request \(real time\): sign in/,
  )
  await poll()
  await line('a client runs on after its test: the domain t-1 was deleted')
  expect(lines.filter((each) => each.includes('runs on'))).toEqual([])
})
