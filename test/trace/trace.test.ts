import { describe, expect, it } from 'vitest'
import { AZURE, TOKENS } from '../support/world.ts'
import { CREATE, startWorld } from '../faults/support.ts'

/** What somebody reads of a page, with one space for any run of white space. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')

describe('the trace of a domain', () => {
  it('is one file without scripts that loads nothing', async () => {
    const { emulator, world, job, client } = await startWorld()
    await client.get(await job())
    const answer = await emulator.inject('/__admin/domains/t-1/trace')
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.body).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(answer.body).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(answer.body).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|\son\w+=/i)
    expect(await world.trace()).toBe(answer.body)
  })

  it('shows jobs with what they wait for, and requests with faults and answers in order', async () => {
    const { world, client } = await startWorld()
    await world.nextJob({ scenario: 'stuck' })
    const { id } = (await client.post(AZURE, CREATE)).job
    await world.fault({ on: { operation: '*.get', nth: 1 }, do: { respond: { status: 503, retryAfter: '1s' } } })
    await client.get(`${AZURE}/${id}`)
    await world.clock.advance('11m')
    await client.get(`${AZURE}/${id}`)
    const text = textOf(await world.trace())
    expect(text).toContain(`${id} in_progress azure.bulkjobs delete-key-backups. Scenario stuck, chosen by a job rule`)
    expect(text).toContain('nothing ends it but a cancel')
    expect(text).toMatch(/azure\.bulkjobs\.create .* 201 .* azure\.bulkjobs\.get .* 503 .* azure\.bulkjobs\.get .* 200/)
    expect(text).toMatch(/11m0s .* GET \S+ in full .* "overall_status": "in_progress"/)
    expect(text).toContain('{"respond":{"status":503,"retryAfter":"1s"}}')
  })

  it('shows what will become of a job, and one that was deleted', async () => {
    const { world, client, job } = await startWorld()
    const [first, second] = [await job(), await job('instant')]
    await client.get(first)
    await client.get(second)
    await client.delete(second)
    const text = textOf(await world.trace())
    expect(text).toMatch(/2026-01-01T00:00:05Z the job completed planned/)
    expect(text).toMatch(/completed deleted azure\.bulkjobs/)
    expect(text).toContain('advance it by')
  })

  it('shows the first hundred jobs, and says how many more there are', async () => {
    const { world, client } = await startWorld()
    const jobs = Array.from({ length: 103 }, (_, index) => ({
      family: 'aws.bulkjob',
      request: { keys: [`k${index}`], operation: 'enablekey' },
    }))
    await world.seed({ jobs })
    const last = (await world.jobs.list({ limit: 1, skip: 102 })).jobs[0]!.id
    await client.get(`/cckm/aws/bulkjob/${last}`)
    const page = await world.trace()
    expect(page.match(/<article>/g)).toHaveLength(100)
    expect(page).toContain(last)
    expect(textOf(page)).toContain('3 more jobs without requests are not shown')
  })

  it('has the title that it is asked for with, and else its domain', async () => {
    const { emulator } = await startWorld()
    const titleOf = async (query: string) =>
      /<title>(.*)<\/title>/.exec((await emulator.inject(`/__admin/domains/t-1/trace${query}`)).body)?.[1]
    expect([await titleOf('?title=renews%20%3Cit%3E'), await titleOf(''), await titleOf('?title=')]).toEqual([
      'renews &lt;it&gt;',
      'Trace of domain t-1',
      'Trace of domain t-1',
    ])
  })

  it('draws requests at one instant side by side, and counts those that came long after the job', async () => {
    const { world, client, job } = await startWorld()
    const id = await job()
    for (const _each of [1, 2, 3]) await client.get(id)
    await world.clock.advance('2h')
    await client.get(id)
    const page = await world.trace()
    const starts = [...page.matchAll(/<path class="good" d="M(\d+) 20/g)].map(([, x]) => Number(x))
    expect(new Set(starts).size).toBe(starts.length)
    expect(textOf(page)).toContain('1 more request about it came later.')
    expect(page.match(new RegExp(`data-job="${id.split('/').at(-1)}"`, 'g'))).toHaveLength(1)
  })

  it('says so where there is nothing', async () => {
    const { world } = await startWorld()
    expect(textOf(await world.trace())).toMatch(/Jobs No jobs\. Requests No requests\./)
  })

  it('moves nothing and is no poll', async () => {
    const { world, job } = await startWorld()
    await job('third-poll')
    const states = async () => [await world.jobs.list(), await world.requests(), await world.clock.read()]
    const before = await states()
    await world.trace()
    expect(await states()).toEqual(before)
  })
})

describe('secrets in a trace', () => {
  it('are not there, be they of a sign-in, a refresh, a query, a body or a fault', async () => {
    const { world, client, signIn, as } = await startWorld()
    const password = 'correct horse battery staple'
    await world.settings({ users: [{ name: 'ci', password, groups: ['CCKM Admins'] }] })
    const first = (await signIn({ username: 'ci', password, domain: 't-1' }, { cookie: 'session=c00k1e' })).token
    const second = (await signIn({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).token
    await as(first.jwt).get(`${AZURE}?token=opaque1&access_token=opaque2&note=${second.jwt}`)
    await client.post('/auth/revoke', { token: second.jwt, client_secret: 'opaque3' })
    await client.get(`${TOKENS}/${first.jwt}`)
    await world.fault({ on: { operation: '*.list' }, do: { respond: { status: 418, body: { jwt: 'opaque4' } } } })
    await client.get(AZURE)
    const page = await world.trace()
    const secrets = [
      password,
      'c00k1e',
      'opaque',
      'eyJ',
      first.refresh_token,
      second.refresh_token,
      first.jwt,
      second.jwt,
    ]
    expect(secrets.filter((secret) => page.includes(secret))).toEqual([])
    expect(page).toContain('Bearer [redacted]')
    expect(page).toContain('auth.tokens.create')
  })
})
