// The fixture in runs of vitest: a separate domain for each test, deleted afterwards, and reasons for failures.

import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { runVitest, type Run } from './run-vitest.ts'

const JOBS = '/api/v1/cckm/azure/bulkjobs'

const HEAD = `
import { afterEach, describe, vi } from 'vitest'
import { expect, test, withCckm } from 'cckm-emulator/vitest'
const call = async (cckm, method, path, body) =>
  fetch(cckm.url + '/api/v1' + path, {
    method,
    headers: { authorization: 'Bearer ' + (await cckm.token()), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
const create = async (cckm) => (await call(cckm, 'POST', '/cckm/azure/bulkjobs', { operation: 'delete-key-backups' })).json()
`

const RED = `${HEAD}
test('not emulated', async ({ cckm }) => void (await call(cckm, 'GET', '/vault/keys2')))
test('not emulated, allowed', async ({ cckm }) => {
  cckm.allow('501')
  await call(cckm, 'GET', '/vault/keys2')
})
test('not emulated, one allowed', async ({ cckm }) => {
  cckm.allow({ path: '/api/v1/vault/*' })
  await call(cckm, 'GET', '/vault/keys2')
  await call(cckm, 'GET', '/other')
})
test('refused', async ({ cckm }) => void (await call(cckm, 'GET', '/cckm/azure/bulkjobs/nothing')))
describe('strict', () => {
  test.override({ cckmOptions: { strict: true } })
  test('refused', async ({ cckm }) => void (await call(cckm, 'GET', '/cckm/azure/bulkjobs/nothing')))
})
test('a rule that nothing met', async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'stuck', when: { family: 'aws.bulkjob' } })
  await create(cckm)
})
test('a fault that nothing met', async ({ cckm }) => {
  await cckm.fault({ on: { operation: 'azure.bulkjobs.cancel' }, do: { lose: true } })
  await create(cckm)
})
test('a fault that came to nothing', async ({ cckm }) => {
  await cckm.fault({ on: { operation: 'azure.bulkjobs.create', nth: 2 }, do: { lose: true } })
  await create(cckm)
})
test('unused, allowed', async ({ cckm }) => {
  cckm.allow('unused')
  await cckm.fault({ do: { lose: true } })
})
describe('frozen', () => {
  test.override({ cckmOptions: { clock: 'frozen@2026-03-01T00:00:00Z' } })
  test('an assertion', async ({ cckm }) => {
    await create(cckm)
    expect(await cckm.requests({ operation: 'auth.tokens.create' })).toHaveLength(2)
  })
})
test('a time-out', { timeout: 5000 }, async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'stuck' })
  await create(cckm)
  await new Promise(() => {})
})
test('impolite', async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'instant' })
  const { id } = await create(cckm)
  for (const _ of 'abc') await call(cckm, 'GET', '/cckm/azure/bulkjobs/' + id)
  await expect(cckm).toHavePolledPolitely({ allow: ['under-one-second'] })
})
withCckm(test, { clok: 'frozen' })('an unknown option', async ({ cckm }) => void cckm)
test('an unknown kind', ({ cckm }) => cckm.allow('6xx'))
`

const GREEN = `${HEAD}
const seen = (cckm, name) => console.log('SEEN ' + JSON.stringify([name, cckm.name]))
test('beginning', async ({ cckm }) => {
  const { mode, now } = await cckm.clock.read()
  expect([mode, now]).toEqual(['step', '2026-01-01T00:00:00Z'])
  const { randomSeed } = await cckm.settings()
  seen(cckm, 'beginning ' + randomSeed)
})
test('places', async ({ cckm }) => {
  const { url, httpsUrl, host, ca, caFile, credentials, env } = cckm
  expect([url, httpsUrl]).toEqual(['http://' + host, 'https://' + host])
  const { readFileSync } = await import('node:fs')
  expect(readFileSync(caFile, 'utf8')).toBe(ca)
  expect(env).toMatchObject({
    CCKM_EMULATOR_URL: url,
    CCKM_EMULATOR_HTTPS_URL: httpsUrl,
    CCKM_EMULATOR_CA_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    CCKM_EMULATOR_DOMAIN: credentials.domain,
    CCKM_EMULATOR_USERNAME: credentials.username,
    CCKM_EMULATOR_PASSWORD: credentials.password,
  })
  const { get } = await import('node:https')
  const status = await new Promise((resolve, reject) =>
    get(httpsUrl + '${JOBS}', { ca, headers: { authorization: 'Bearer ' + env.CCKM_EMULATOR_TOKEN } }, (answer) =>
      resolve(answer.resume().statusCode)).on('error', reject))
  expect(status).toBe(200)
})
describe.concurrent('at once', () => {
  test.for([1, 2, 3, 4])('the same name', async (_number, { cckm }) => {
    await create(cckm)
    await cckm.waitForRequest({ operation: 'azure.bulkjobs.create' })
    expect((await cckm.jobs.list()).total).toBe(1)
    seen(cckm, 'concurrent')
  })
})
let tries = 0
test('tried again', { retry: 2 }, async ({ cckm }) => {
  tries += 1
  await cckm.nextJob({ scenario: 'instant' })
  seen(cckm, 'retry')
  await create(cckm)
  expect((await cckm.jobs.list()).total).toBe(1)
  expect(tries).toBe(2)
})
test('repeated', { repeats: 1 }, ({ cckm }) => seen(cckm, 'repeat'))
test('dropped by the test', ({ cckm }) => cckm.drop())
test('forked', async ({ cckm }) => void (await cckm.fork(cckm.name + '-fork')))
test('skipped in its middle', async ({ cckm, skip }) => {
  await cckm.nextJob({ scenario: 'stuck' })
  skip()
})
test.fails('to fail', async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'stuck' })
  throw new Error('as it is to be')
})
test('left its timers and its fetch fake', async ({ cckm }) => {
  await cckm.nextJob({ scenario: 'stuck' })
  await create(cckm)
  vi.useFakeTimers()
  vi.stubGlobal('fetch', () => Promise.reject(new Error('no fetch')))
  expect((await cckm.jobs.list()).total).toBe(1)
})
withCckm(test.extend({ backups: ['k1'] }), { randomSeed: 5 })('with fixtures of its own', async ({ cckm, backups }) => {
  expect(backups).toEqual(['k1'])
  expect(await cckm.settings()).toMatchObject({ randomSeed: 5 })
})
`

async function server(): Promise<{ emulator: Emulator; env: Record<string, string> }> {
  const emulator = await createEmulator({ seed: 'none' })
  onTestFinished(() => emulator.close())
  const { url } = await emulator.listen()
  return { emulator, env: { CCKM_EMULATOR_URL: `${url}/`, CCKM_EMULATOR_RUN_ID: 'run1' } }
}

/** Names of the existing domains, from the control API. */
async function domainsOf(emulator: Emulator): Promise<string[]> {
  const { domains } = (await emulator.inject('/__admin/domains')).json<{ domains: { name: string }[] }>()
  return domains.map(({ name }) => name)
}

function seenIn({ output }: Run): [string, string][] {
  return [...output.matchAll(/SEEN (.*)/g)].map(([, json]) => JSON.parse(json!) as [string, string])
}

describe('the fixture', () => {
  it('fails passing tests for what the emulator saw, says why, and deletes their domains', async () => {
    const { emulator, env } = await server()
    const { tests, output } = await runVitest({ files: { 'red.test.ts': RED }, env })
    const statuses = Object.fromEntries(Object.entries(tests).map(([name, { status }]) => [name, status]))
    expect(statuses, output).toEqual({
      'not emulated': 'failed',
      'not emulated, allowed': 'passed',
      'not emulated, one allowed': 'failed',
      refused: 'passed',
      'strict refused': 'failed',
      'a rule that nothing met': 'failed',
      'a fault that nothing met': 'failed',
      'a fault that came to nothing': 'failed',
      'unused, allowed': 'passed',
      'frozen an assertion': 'failed',
      'a time-out': 'failed',
      impolite: 'failed',
      'an unknown option': 'failed',
      'an unknown kind': 'failed',
    })
    const reasons = (name: string): string => tests[name]!.reason
    expect(reasons('not emulated')).toContain(
      'A request was made that asked for a part of the API that is not emulated',
    )
    expect(reasons('not emulated')).toContain(
      "if that is intended, allow '501'\n  2026-01-01T00:00:00Z  GET /api/v1/vault/keys2 -> 501",
    )
    expect(reasons('not emulated, one allowed').split('last 2 of 2')[0]).not.toContain('vault')
    expect(reasons('strict refused')).toContain('GET /api/v1/cckm/azure/bulkjobs/nothing -> 404')
    expect(reasons('a rule that nothing met')).toMatch(
      /No job matched the rule "stuck" for {"family":"aws.bulkjob"}.*created were:\n.*POST/,
    )
    expect(reasons('a fault that nothing met')).toMatch(
      /never hit: 0 calls matched it\n  nearest: .*POST.*its operation is azure.bulkjobs.create/,
    )
    expect(reasons('a fault that came to nothing')).toContain('never hit: one call matched it')
    expect(reasons('impolite')).toMatch(/polled-after-the-end: .*\n  .*GET .*-> 200.*\n  .*GET .*-> 200/)
    expect(reasons('an unknown option')).toContain('cckm has no option "clok": there are clock, randomSeed')
    expect(reasons('an unknown kind')).toContain('"6xx" is not a kind of failure: there are 5xx, 501, unused, 4xx')
    expect(output).toMatch(
      /azure.bulkjobs [\w-]+: in_progress; the clock is frozen at 2026-03-01T00:00:00Z; completes at 2026-03-01T00:00:05Z \(5s from now\); advance the clock by 5s/,
    )
    expect(output).toMatch(
      /the test asked for {"operation":"auth.tokens.create"}: 0 requests match;\n  nearest: .*POST/,
    )
    expect(output).toMatch(
      /of red.test.ts > a time-out\nrunning jobs:\n  azure.bulkjobs [\w-]+: in_progress; .*nothing ends it but a cancel\nthe last 1 of 1 requests:\n/,
    )
    expect(output).toMatch(
      /the last request arrived \d+\.\d s ago \(real time\); nothing is in flight: the client sleeps, or has ended. Shorten its pauses/,
    )
    expect(await domainsOf(emulator)).toEqual(['root'])
  })

  it('gives each test, retry and repetition its own domain, with the same name in each run', async () => {
    const { emulator, env } = await server()
    const config = 'sequence: { concurrent: false }, retry: 0'
    const first = await runVitest({ files: { 'green.test.ts': GREEN }, config, env })
    const failed = Object.entries(first.tests).filter(([, { status }]) => status === 'failed')
    expect(failed, first.output).toEqual([])
    expect(await domainsOf(emulator)).toEqual(['root'])
    const seen = seenIn(first)
    expect(seen.map(([name]) => name.replace(/\d+$/, '')).sort()).toEqual([
      'beginning ',
      ...['concurrent', 'concurrent', 'concurrent', 'concurrent', 'repeat', 'repeat', 'retry', 'retry'],
    ])
    const names = seen.map(([, domain]) => domain)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^run1-[0-9a-f]{16}$/.test(name))).toEqual([])
    const again = { ...env, CCKM_EMULATOR_RUN_ID: 'run2', CCKM_EMULATOR_KEEP_DOMAINS: '1' }
    const second = await runVitest({ files: { 'green.test.ts': GREEN }, config, env: again })
    const stems = (run: Run) =>
      seenIn(run)
        .map(([name, domain]) => `${name} ${domain.slice(5)}`)
        .sort()
    expect(stems(second)).toEqual(stems(first))
    expect((await domainsOf(emulator)).filter((name) => name.startsWith('run2-')).length).toBeGreaterThan(names.length)
  })
})
