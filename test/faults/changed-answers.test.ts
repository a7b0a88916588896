// Faults that change the answer of a call, that last for a time, or that have several actions.

import { describe, expect, it } from 'vitest'
import { AWS, AZURE, TOKENS } from '../support/world.ts'
import { CREATE, startWorld, statusesOf } from './support.ts'

const LATE = { overall_status: 'in_progress', completed_at: null }

describe('a span of time', () => {
  it('is an outage of everything, sign-ins too, from one instant of the domain to another', async () => {
    const { world, client, anyone, job } = await startWorld()
    const path = await job('stuck')
    const { setAt } = await world.fault({ on: { from: '3m', for: '2m' }, do: { respond: { status: 503 } } })
    expect(setAt).toBe((await world.clock.read()).now)
    const signIn = { ...(await world.access()), domain: world.name }
    const seen = []
    for (let minute = 0; minute < 6; minute += 1) {
      seen.push(statusesOf([await client.get(path), await anyone.post(TOKENS, signIn)]))
      await world.clock.advance('1m')
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5].map((minute) => (minute === 3 || minute === 4 ? [503, 503] : [200, 200])))
    expect(await world.faults()).toMatchObject([{ seen: 4, hits: 4 }])
  })

  it.each([
    [{ from: 'soon' }, '/on/from'],
    [{ for: '5' }, '/on/for'],
    [{ for: '0s' }, '/on/for'],
  ])('%j is refused', async (on, pointer) => {
    const { world } = await startWorld()
    await expect(world.fault({ on, do: { delay: '1ms' } })).rejects.toMatchObject({
      status: 400,
      answer: { error: { pointer } },
    })
  })
})

describe('several actions', () => {
  it('take place in order: the clock moves before the response', async () => {
    const { world, client, job } = await startWorld()
    const path = await job('stuck')
    const before = Date.parse((await world.clock.read()).now)
    await world.fault({ do: { delay: '1ms', virtualDelay: '30s', respond: { status: 503, retryAfter: '1s' } } })
    expect((await client.get(path)).status).toBe(503)
    expect(Date.parse((await world.clock.read()).now) - before).toBe(30_000)
  })

  it('let time pass before the token of a sign-in is invalidated', async () => {
    const { world, anyone, as } = await startWorld()
    await world.fault({
      on: { operation: 'auth.tokens.create' },
      times: 1,
      do: { virtualDelay: '1m', token: 'expire' },
    })
    const before = Date.parse((await world.clock.read()).now)
    const { json } = await anyone.post(TOKENS, { ...(await world.access()), domain: world.name })
    expect(Date.parse((await world.clock.read()).now) - before).toBe(60_000)
    expect((await as((json as { jwt: string }).jwt).get(AZURE)).status).toBe(401)
  })

  it.each([
    [{}, '/do'],
    [{ respond: { status: 503 }, lose: true }, '/do/lose'],
    [{ patch: {}, socket: 'reset' }, '/do/patch'],
    [{ stale: 'old' }, '/do/stale'],
    [{ later: '1s' }, '/do/later'],
  ])('%j are refused with their pointer', async (action, pointer) => {
    const { world } = await startWorld()
    await expect(world.fault({ do: action as never })).rejects.toMatchObject({
      status: 400,
      answer: { error: { pointer } },
    })
    expect(await world.faults()).toEqual([])
  })
})

describe('stale', () => {
  it('answers as of then: a job, lists and resources', async () => {
    const { world, client } = await startWorld()
    const { id } = (await client.post(AZURE, CREATE)).job
    await world.resources.add({ kind: 'aws.key', record: { id: 'k1' } })
    await world.clock.advance('6s')
    await client.post('/cckm/aws/keys/k1/add-tags', { tags: [{ TagKey: 'a', TagValue: 'b' }] })
    const shown = async () => [
      (await client.get(`${AZURE}/${id}`)).job.overall_status,
      (await client.get(`${AZURE}?overall_status=completed`)).page.total,
      (await client.get('/cckm/aws/keys')).page.total,
      (await client.get('/cckm/aws/keys/k1')).text.includes('TagKey'),
    ]
    expect(await shown()).toEqual(['completed', 1, 1, true])
    await world.fault({ do: { stale: '5s' } })
    expect(await shown()).toEqual(['in_progress', 0, 1, false])
    await world.clock.advance('5s')
    expect(await shown()).toEqual(['completed', 1, 1, true])
  })

  it('does not know what was created since, and still shows what was deleted since', async () => {
    const { world, client, job } = await startWorld()
    await world.settings({ deleteRunning: 'allow' })
    await world.resources.add({ kind: 'aws.key', record: { id: 'k1' } })
    const path = await job('stuck')
    await world.fault({ do: { stale: '5s' } })
    const statuses = async () => statusesOf([await client.get(path), await client.get('/cckm/aws/keys/k1')])
    expect(await statuses()).toEqual([404, 404])
    await world.clock.advance('5s')
    await client.delete(path)
    expect(await statuses()).toEqual([200, 200])
    await world.clock.advance('5s')
    expect(await statuses()).toEqual([404, 200])
  })

  it('still counts as a poll, and moves a step clock', async () => {
    const { world, client, job } = await startWorld({ clock: 'step' })
    const path = await job('third-poll')
    await world.clock.advance('1m')
    await world.fault({ times: 3, do: { stale: '1s' } })
    const words = []
    for (let poll = 0; poll < 4; poll += 1) words.push((await client.get(path)).job.overall_status)
    expect(words).toEqual(['in_progress', 'in_progress', 'in_progress', 'completed'])
    expect((await world.pollingReport()).findings.filter(({ rule }) => rule === 'polled-after-the-end')).toEqual([])
  })
})

describe('patch', () => {
  it('merges into the real JSON answer, in its order and with its right length', async () => {
    const { world, client, job } = await startWorld()
    const path = await job('instant')
    await world.clock.advance('1s')
    const whole = await client.get(path)
    await world.fault({ do: { patch: { ...LATE, extra: { deep: [1], gone: null } } } })
    const answer = await client.get(path)
    const { completed_at: _completed, ...rest } = whole.json as Record<string, unknown>
    expect(answer.text).toBe(JSON.stringify({ ...rest, overall_status: 'in_progress', extra: { deep: [1] } }))
    expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.text))
    const [kept] = await world.requests({ limit: 1, jobStatus: true })
    expect(kept).toMatchObject({ jobStatus: 'in_progress' })
  })

  it('keeps ids that look like numbers in their place, and replaces a list as a whole', async () => {
    const { world, client } = await startWorld()
    const keys = ['b', '10', '9']
    const { id } = await world.jobs.create({ family: 'aws.bulkjob', request: { keys, operation: 'enablekey' } })
    await world.clock.advance('1m')
    await world.fault({ do: { patch: { detailed_status: { 10: 'Error: é' }, keys: ['z'] } } })
    const { text, headers } = await client.get(`${AWS}/${id}`)
    expect(text).toContain('"detailed_status":{"b":"Success","10":"Error: é","9":"Success"}')
    expect(text).toContain('"keys":["z"]')
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text))
  })

  it('patches long lists that a client would get compressed, and leaves what is not JSON', async () => {
    const { world, client } = await startWorld()
    await world.settings({ deleteRunning: 'allow' })
    for (let index = 0; index < 20; index += 1)
      await world.jobs.create({ family: 'aws.bulkjob', request: { keys: [`key-${index}`], operation: 'enablekey' } })
    const [first] = (await client.get(AWS)).ids
    await world.fault({ do: { patch: { total: 7 } } })
    const answer = await client.request('GET', `${AWS}?limit=-1`, { headers: { 'accept-encoding': 'gzip' } })
    expect([answer.page.total, answer.page.resources.length]).toEqual([7, 20])
    const deleted = await client.delete(`${AWS}/${String(first)}`)
    expect([deleted.status, deleted.text]).toEqual([deleted.status, deleted.status === 204 ? '' : deleted.text])
    await world.clearFaults()
    await world.fault({ do: { patch: ['instead'] } })
    expect((await client.get(AWS)).text).toBe('["instead"]')
  })

  it('may lie about the end without a finding that the client polled after it', async () => {
    const { world, client, job } = await startWorld()
    const path = await job('instant')
    await world.fault({ times: 1, do: { patch: LATE } })
    await world.clock.advance('1s')
    for (let poll = 0; poll < 2; poll += 1) {
      await client.get(path)
      await world.clock.advance('5s')
    }
    expect((await world.pollingReport()).findings).toEqual([])
  })
})
