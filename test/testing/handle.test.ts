// The handle of a test in this process: its functions, its report at the end, and time with fake timers.

import { get as httpsGet } from 'node:https'
import { request } from 'node:http'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { assertPolite, cckmTest, openCckm, type Cckm, type CckmOptions } from '../../src/testing/cckm-test.ts'
import { runIdOf } from '../../src/testing/environment.ts'
import { domainNameOf, randomSeedOf } from '../../src/testing/naming.ts'
import { setup } from '../../src/testing/vitest-global-setup.ts'
import { testServer } from '../../src/testing/server.ts'

const JOBS = '/api/v1/cckm/azure/bulkjobs'
const CREATE = { operation: 'delete-key-backups' }

// A start from the sources is slow, and should not count for the first test.
beforeAll(async () => {
  await testServer()
})

let count = 0

/** A handle whose domain is deleted with the test. */
async function open(options: CckmOptions = {}): Promise<Cckm> {
  const { cckm } = await openCckm({ name: `handle ${(count += 1)}`, file: import.meta.filename }, options)
  onTestFinished(() => cckm.drop())
  return cckm
}

async function headersOf(cckm: Cckm): Promise<{ authorization: string; 'content-type': string }> {
  return { authorization: `Bearer ${await cckm.token()}`, 'content-type': 'application/json' }
}

async function create(cckm: Cckm): Promise<string> {
  const answer = await fetch(cckm.url + JOBS, {
    method: 'POST',
    headers: await headersOf(cckm),
    body: JSON.stringify(CREATE),
  })
  return ((await answer.json()) as { id: string }).id
}

const said = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true)

describe('the handle of a test', () => {
  it('serves fetch and node:https, with a sign-in or a token', async () => {
    const cckm = await open()
    const headers = await headersOf(cckm)
    const answer = await fetch(`${cckm.url}/api/v1/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'password', ...cckm.credentials }),
    })
    const { jwt } = (await answer.json()) as { jwt: string }
    const signedIn = await fetch(cckm.url + JOBS, { headers: { authorization: `Bearer ${jwt}` } })
    const secure = await new Promise((resolve, reject) => {
      httpsGet(cckm.httpsUrl + JOBS, { ca: cckm.ca, headers }, (answer) => {
        resolve(answer.resume().statusCode)
      }).on('error', reject)
    })
    expect([signedIn.status, secure]).toEqual([200, 200])
    expect(await cckm.waitForRequest({ operation: 'azure.bulkjobs.list', count: 2 })).toHaveLength(2)
  })

  it('issues tokens that outlast the test by default', async () => {
    const cckm = await open()
    const life = async (request?: Parameters<Cckm['token']>[0]) => {
      const [, claims = ''] = (await cckm.token(request)).split('.')
      const { exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number; iat: number }
      return exp - iat
    }
    expect([await life(), await life({ ttl: '5m' })]).toEqual([12 * 3600, 300])
  })

  it('uses an existing domain, but sets clock and random seed', async () => {
    vi.stubEnv('CCKM_EMULATOR_RUN_ID', 'before')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { connection } = await testServer()
    const prepared = connection.domain(domainNameOf('before', { file: '', name: 'prepared' }))
    await prepared.fault({ do: { lose: true } })
    const { cckm, end } = await openCckm({ name: 'prepared' })
    expect(cckm.name).toBe(prepared.name)
    expect(await cckm.faults()).toHaveLength(1)
    expect(await cckm.clock.read()).toMatchObject({ mode: 'step', now: '2026-01-01T00:00:00Z' })
    expect(await cckm.settings()).toMatchObject({ randomSeed: randomSeedOf({ file: '', name: 'prepared' }) })
    // The test did not set the fault, so an unused one is not its failure.
    await end()
  })
})

describe('the end of a test', () => {
  it('reports jobs that wait for a signal or a poll, and a running clock, after a failure', async () => {
    const write = said()
    const { cckm, end } = await openCckm({ name: 'waits' }, { clock: 'running' })
    for (const scenario of ['manual', 'third-poll', 'slow'] as const) {
      await cckm.nextJob({ scenario })
      await create(cckm)
    }
    await end({ hasFailed: true })
    const text = String(write.mock.calls.at(-1)?.[0])
    write.mockRestore()
    expect(text).toContain('completed at the signal finish; send it that signal')
    expect(text).toMatch(/the clock runs, and is at .*; completes at .* from now\); in \d/)
    expect(text).toContain('completed at GET number 3 by the API client (0 so far)')
  })

  it("reads the test's name from the runner with cckmTest, and passes failures on unchanged", async () => {
    const write = said()
    const seen: string[] = []
    const body = (cckm: Cckm) => void seen.push(cckm.name)
    await cckmTest(body)({ name: 'one', fullName: 'a > one', filePath: import.meta.filename })
    const mocha = { test: { title: 'two', file: import.meta.filename, fullTitle: () => 'b two' } }
    await Reflect.apply(cckmTest(body), mocha, [])
    vi.stubGlobal('expect', { getState: () => ({ currentTestName: 'c three', testPath: import.meta.filename }) })
    await cckmTest(body)()
    vi.unstubAllGlobals()
    expect(new Set(seen).size).toBe(3)
    const failing = cckmTest(() => {
      throw new Error('as it was')
    })
    await expect(failing({ name: 'four' })).rejects.toThrow('as it was')
    expect(String(write.mock.calls.at(-1)?.[0])).toContain(
      'no job is running; the clock moves only when a job is polled',
    )
    write.mockRestore()
    const leaving = cckmTest(async (cckm) => {
      await cckm.nextJob({ scenario: 'stuck' })
    })
    await expect(leaving({ name: 'five' })).rejects.toThrow('No job matched the rule "stuck"')
    await expect(cckmTest(body)()).rejects.toThrow('the runner does not say which test this is')
  })

  it('reports impolite polling with the requests that show it', async () => {
    const cckm = await open()
    await cckm.nextJob({ scenario: 'instant' })
    const id = await create(cckm)
    await assertPolite(cckm)
    for (const _ of 'ab') await fetch(`${cckm.url}${JOBS}/${id}`, { headers: await headersOf(cckm) })
    await expect(assertPolite(cckm)).rejects.toThrow(/polled-after-the-end: .*\n  .*GET .* -> 200/)
    await assertPolite(cckm, { allow: ['polled-after-the-end', 'under-one-second'] })
    await expect(assertPolite(cckm, { allow: ['polite' as 'flat-interval'] })).rejects.toThrow('"polite" is not a rule')
  })

  it('with `strict` fails if there is nothing to judge, or if the clock does not let it judge intervals', async () => {
    const cckm = await open()
    await expect(assertPolite(cckm, { strict: true })).rejects.toThrow(
      'there is nothing to judge: the client polled no job',
    )
    const id = await create(cckm)
    const headers = await headersOf(cckm)
    for (const _ of 'ab') await fetch(`${cckm.url}${JOBS}/${id}`, { headers })
    await assertPolite(cckm)
    await expect(assertPolite(cckm, { strict: true })).rejects.toThrow(
      'intervals were not judged, because each poll moves a step',
    )
    await assertPolite(cckm, { strict: true, allow: ['under-one-second', 'flat-interval'] })
  })
})

describe('advancing fake timers', () => {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const

  async function fake(cckm: Cckm): Promise<void> {
    vi.useFakeTimers({ now: new Date((await cckm.clock.read()).now), toFake: [...toFake] })
    onTestFinished(() => void vi.useRealTimers())
  }

  it("runs each timer with the domain's clock at its instant", async () => {
    const cckm = await open({ clock: 'frozen@2026-01-01T00:00:00Z' })
    const headers = await headersOf(cckm)
    const id = await create(cckm)
    await fake(cckm)
    const seen: string[] = []
    const client = async (): Promise<void> => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 2000))
        const answer = await fetch(`${cckm.url}${JOBS}/${id}`, { headers })
        const { overall_status: status } = (await answer.json()) as { overall_status: string }
        seen.push(`${new Date().toISOString()} ${status}`)
        if (status === 'completed') return
      }
    }
    const done = client()
    const { now, total } = await cckm.clock.advance('1m', { timers: vi })
    await done
    expect(seen).toEqual([
      '2026-01-01T00:00:02.000Z in_progress',
      '2026-01-01T00:00:04.000Z in_progress',
      '2026-01-01T00:00:06.000Z completed',
    ])
    const polls = await cckm.requests({ operation: 'azure.bulkjobs.get' })
    expect(polls.map(({ at }) => at)).toEqual(['2026-01-01T00:00:02Z', '2026-01-01T00:00:04Z', '2026-01-01T00:00:06Z'])
    expect([now, total]).toEqual(['2026-01-01T00:01:00Z', 3])
    expect(new Date().toISOString()).toBe('2026-01-01T00:01:00.000Z')
  })

  it('waits for slow responses, of node:http too', async () => {
    const cckm = await open({ clock: 'frozen' })
    const headers = await headersOf(cckm)
    await cckm.fault({ on: { operation: 'azure.bulkjobs.list' }, do: { delay: '50ms' } })
    await fake(cckm)
    const answers: unknown[] = []
    const ask = (): void => {
      request(cckm.url + JOBS, { headers }, (answer) => answers.push(answer.resume().statusCode)).end()
    }
    setInterval(ask, 1000)
    await cckm.clock.advance('3s', { timers: vi })
    expect(answers).toEqual([200, 200, 200])
  })

  it('requires fake timers, real other globals, and a duration', async () => {
    const cckm = await open()
    const advance = (by: string) => cckm.clock.advance(by, { timers: vi })
    await expect(advance('5s')).rejects.toThrow("call vi.useFakeTimers({ toFake: ['setTimeout'")
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] })
    onTestFinished(() => void vi.useRealTimers())
    await expect(advance('5s')).rejects.toThrow('fake only timers and Date')
    vi.useRealTimers()
    await fake(cckm)
    await expect(advance('soon')).rejects.toThrow('"soon" is not a duration')
    await expect(cckm.clock.advance({ next: true }, { timers: vi })).rejects.toThrow(
      'advance with timers takes a duration',
    )
  })
})

describe('the global setup', () => {
  it('sets environment variables for tests and their clients, and removes them at the end', async () => {
    const { url } = await testServer()
    vi.stubEnv('CCKM_EMULATOR_URL', url)
    vi.stubEnv('CCKM_EMULATOR_RUN_ID', undefined)
    const teardown = await setup()
    const { CCKM_EMULATOR_TOKEN: token, CCKM_EMULATOR_DOMAIN: domain, CCKM_EMULATOR_RUN_ID: run } = process.env
    const { status } = await fetch(url + JOBS, { headers: { authorization: `Bearer ${token ?? ''}` } })
    expect([status, domain, run === runIdOf()]).toEqual([200, 'root', true])
    await teardown()
    expect(process.env.CCKM_EMULATOR_TOKEN).toBeUndefined()
    vi.unstubAllEnvs()
  })

  it('refuses a run id that cannot be part of a name', () => {
    expect(() => runIdOf({ CCKM_EMULATOR_RUN_ID: 'Run 1' })).toThrow(
      'CCKM_EMULATOR_RUN_ID is "Run 1": it takes 1 to 40 of',
    )
  })
})

describe('the nearest request in the report of a failed test', () => {
  /** The report of a test that fails after this. */
  async function reportAfter(act: (cckm: Cckm) => Promise<unknown>): Promise<string> {
    const { cckm, end } = await openCckm({ name: `nearest ${(count += 1)}`, file: import.meta.filename })
    await create(cckm)
    await fetch(cckm.url + JOBS, { headers: await headersOf(cckm) })
    await act(cckm).catch(() => undefined)
    const stderr = said()
    await end({ hasFailed: true })
    const text = stderr.mock.calls.map(([part]) => String(part)).join('')
    stderr.mockRestore()
    return text
  }

  it('is named if the test found nothing, or waited for too many', async () => {
    expect(await reportAfter((cckm) => cckm.requests({ operation: 'auth.*' }))).toContain(': 0 requests match')
    const wait = { operation: 'azure.bulkjobs.create', count: 2, timeout: '10ms' }
    expect(await reportAfter((cckm) => cckm.waitForRequest(wait))).toContain(': 1 requests match')
  })

  it('is not named if the test found what it asked for', async () => {
    const filter = { operation: 'azure.bulkjobs.create' }
    expect(await reportAfter((cckm) => cckm.requests(filter))).not.toContain('the test asked for')
    expect(await reportAfter((cckm) => cckm.waitForRequest(filter))).not.toContain('the test asked for')
  })
})

describe('the report of a failed test', () => {
  /** The report of a failed test that did this. */
  async function reportAfter(act: (cckm: Cckm) => Promise<void>): Promise<string> {
    const written = said()
    const { cckm, end } = await openCckm({ name: `report ${(count += 1)}`, file: import.meta.filename })
    await act(cckm)
    await end({ hasFailed: true })
    return written.mock.calls.map(([text]) => String(text)).join('')
  }
  const poll = async (cckm: Cckm, id: string, times: number) => {
    const headers = await headersOf(cckm)
    for (let n = 0; n < times; n += 1) await fetch(`${cckm.url}${JOBS}/${id}`, { headers })
  }

  it('shows the status in each response, and equal requests once', async () => {
    const report = await reportAfter(async (cckm) => {
      await cckm.nextJob({ scenario: { after: '1s', overall_status: 'suspended' } })
      await poll(cckm, await create(cckm), 7)
    })
    expect(report).toMatch(/the last 8 of 8 requests:\n.*POST .* -> 201 in_progress {2}\(azure.bulkjobs.create\)\n/)
    expect(report).toMatch(/GET .* -> 200 suspended {2}\(azure.bulkjobs.get\) {2}\(x6, every [\d.]+ m?s\)\n/)
    expect(report).toMatch(/the last request arrived [\d.]+ m?s ago \(real time\); nothing is in flight[:\n]/)
  })

  it('separates responses with another status, and those of a fault', async () => {
    const report = await reportAfter(async (cckm) => {
      await cckm.nextJob({ scenario: 'third-poll' })
      await cckm.fault({ on: { operation: 'azure.bulkjobs.get', nth: 2 }, do: { respond: { status: 503 } } })
      await poll(cckm, await create(cckm), 5)
    })
    expect(report.match(/-> (?!201).*?(?= {2}\()/g)).toEqual([
      '-> 200 in_progress',
      '-> 503, by a fault',
      '-> 200 in_progress',
      '-> 200 completed',
    ])
  })

  it('lists queued rules and faults that never hit, and no others', async () => {
    const report = await reportAfter(async (cckm) => {
      await cckm.nextJob({ scenario: 'partial-failure', when: { item: 'prod-*', operation: 'enablekey' } })
      await cckm.nextJob({ scenario: 'instant', times: 3 })
      await cckm.fault({ on: { operation: 'azure.bulkjobs.cancel' }, do: { lose: true } })
      await cckm.fault({ on: { operation: 'azure.bulkjobs.create' }, do: { delay: '1ms' } })
      await create(cckm)
    })
    expect(report).toContain('still queued: partial-failure for operation enablekey, items prod-*\n')
    expect(report).toContain('still queued: instant (2 of 3)\n')
    expect(report).toMatch(/The fault {"lose":true} on .* never hit: 0 calls matched it\n {2}nearest: .*POST/)
    expect(report).not.toContain('"delay"')
  })
})
