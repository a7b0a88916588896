// Every family other than bulk jobs: start, progress, end, cancel, second start, lists, refusals.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import type { DomainHandle } from '../../src/client/handle.ts'
import { FAMILIES } from '../../src/wire/families/index.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ clock: 'frozen', seed: 'none' })
})
afterAll(() => emulator.close())

interface Job {
  readonly id: string
  readonly createdAt: string
  readonly overall_status: string
  readonly detailed_status: Record<string, unknown>
  readonly abort?: boolean
}

interface Client {
  readonly domain: DomainHandle
  readonly send: (method: 'GET' | 'POST', path?: string, payload?: object) => Promise<{ status: number; body: Job }>
}

/** A client of a family in a domain of its own. */
async function clientOf(path: string, settings: object = {}): Promise<Client> {
  const name = `d-${crypto.randomUUID().slice(0, 8)}`
  const domain = emulator.domain(name)
  const authorization = `Bearer ${await emulator.token({ domain: name })}`
  await domain.settings(settings)
  const send: Client['send'] = async (method, below = '', payload) => {
    const url = `/api/v1${path}${below}`
    const answer = await emulator.inject({ method, url, headers: { authorization }, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json<Job>() }
  }
  return { domain, send }
}

const families = FAMILIES.filter(({ course }) => course !== undefined)

describe.each(families)('$name', ({ path, request: { examples }, course, sample, containerField, verbs }) => {
  const [body = {}] = Object.values(examples).map(({ value }) => value as object)
  const textsOf = ({ detailed_status: details }: Job) =>
    Object.values(details).filter((text) => typeof text === 'string')
  const start = async (settings: object = {}) => {
    const client = await clientOf(path, settings)
    const { status, body: job } = await client.send('POST', '', body)
    expect(status).toBe(201)
    return { ...client, job }
  }

  it('runs with the pending text of each item, and ends with the documented one', async () => {
    const { domain, send, job } = await start()
    expect(job.createdAt).toMatch(/\.\d{7,9}Z$/)
    const running = (await send('GET', `/${job.id}`)).body
    expect(running.createdAt).toMatch(/^\S{19}(\.\d{1,6})?Z$/)
    expect(running).not.toHaveProperty('completed_at')
    expect(new Set(textsOf(running))).toEqual(new Set(course?.pending === undefined ? [] : [course.pending]))
    await domain.clock.advance('5s')
    const done = (await send('GET', `/${job.id}`)).body
    expect(done.overall_status).toBe('completed')
    expect(new Set(textsOf(done))).toEqual(new Set([course?.done]))
    const members = Object.keys(sample).filter((name) => name in done)
    expect(Object.keys(done).filter((name) => name in sample)).toEqual(members)
  })

  it('fails with `failed`, or the word of its switch', async () => {
    const { domain, send } = await start()
    await domain.clock.advance('5s')
    await domain.defaultScenario('failure')
    const { body: job } = await send('POST', '', body)
    await domain.clock.advance('5s')
    const failed = (await send('GET', `/${job.id}`)).body
    expect(failed.overall_status).toBe('failed')
    expect(new Set(textsOf(failed))).toEqual(new Set(['failed']))
    await domain.settings({ syncFailureWord: 'error' })
    const { body: other } = await send('POST', '', body)
    await domain.clock.advance('5s')
    expect((await send('GET', `/${other.id}`)).body.overall_status).toBe('error')
  })

  it.runIf(verbs.includes('cancel'))('is cancelled while it runs, and ends a second later', async () => {
    const { domain, send, job } = await start({ cancelFinished: 'flag' })
    const cancelled = await send('POST', `/${job.id}/cancel`)
    expect(cancelled).toMatchObject({ status: 200, body: { overall_status: 'in_progress', abort: true } })
    expect(await send('POST', `/${job.id}/cancel`)).toEqual(cancelled)
    await domain.clock.advance('999ms')
    expect((await send('GET', `/${job.id}`)).body.overall_status).toBe('in_progress')
    await domain.clock.advance('1ms')
    const ended = (await send('GET', `/${job.id}`)).body
    expect(ended).toMatchObject({ overall_status: 'completed', abort: true })
    expect(new Set(textsOf(ended))).toEqual(new Set(['failed']))
    expect((await send('POST', `/${job.id}/cancel`)).status).toBe(409)
  })

  it.runIf(course?.isExclusive)('starts once over the same containers, unless the switch allows more', async () => {
    const { domain, send } = await start()
    expect((await send('POST', '', body)).status).toBe(409)
    expect((await send('POST', '', { synchronize_all: true })).status).toBe(409)
    await domain.settings({ parallelSync: 'allow' })
    expect((await send('POST', '', body)).status).toBe(201)
  })

  it.runIf(containerField)('refuses no containers, and containers beside all of them', async () => {
    const { send } = await clientOf(path)
    for (const wrong of [{}, { synchronize_all: false }, { ...body, synchronize_all: true }]) {
      const { status, body: error } = await send('POST', '', wrong)
      expect([status, error]).toEqual([
        400,
        expect.objectContaining({ message: expect.stringContaining(containerField ?? '') as string }),
      ])
    }
    expect((await send('POST', '', { [containerField ?? '']: 'a' })).status).toBe(400)
  })

  it.runIf(containerField)('lists by container, status and id', async () => {
    const field = containerField ?? ''
    const { send } = await clientOf(path)
    const jobs = await Promise.all(['a', 'b', 'c'].map((name) => send('POST', '', { [field]: [name] })))
    const idsOf = async (query: string) => {
      const { body: page } = await send('GET', query)
      return (page as unknown as { resources: Job[] }).resources.map(({ id }) => id)
    }
    const [a, b] = jobs.map(({ body: { id } }) => id)
    expect(await idsOf(`?${field}=a`)).toEqual([a])
    expect(await idsOf(`?${field}=a&${field}=b&overall_status=in_progress&id=${b}`)).toEqual([b])
    expect(await idsOf(`?${field}=nobody`)).toEqual([])
    expect(await idsOf('?skip=1&limit=1&sort=createdAt')).toEqual([b])
  })

  it('serves a captured job byte for byte', async () => {
    const client = await clientOf(path)
    const { name } = FAMILIES.find((each) => each.path === path) ?? {}
    await client.domain.jobs.create({ family: name, job: sample })
    expect(JSON.stringify((await client.send('GET', `/${String(sample.id)}`)).body)).toBe(JSON.stringify(sample))
  })
})
