import { describe, expect, it } from 'vitest'
import type { ControlError } from '../../src/index.ts'
import { AZURE } from '../support/world.ts'
import { CREATE, startWorld, statusesOf, times } from './support.ts'

const UNAVAILABLE = { respond: { status: 503 } }

describe('a fault', () => {
  it('matches the n-th calls since the fault was set', async () => {
    const { world, client, job } = await startWorld()
    const path = await job()
    await client.get(path)
    await world.fault({ on: { operation: 'azure.bulkjobs.get', nth: [2, 4] }, do: UNAVAILABLE })
    const answers = await times(5, async () => {
      await client.get(AZURE)
      return client.get(path)
    })
    expect(statusesOf(answers)).toEqual([200, 503, 200, 503, 200])
    expect(await world.faults()).toEqual([expect.objectContaining({ seen: 5, hits: 2 })])
  })

  it('matches every n-th call, up to a maximum', async () => {
    const { world, client } = await startWorld()
    await world.fault({ on: { operation: 'azure.*', every: 2 }, times: 2, do: UNAVAILABLE })
    const answers = await times(8, () => client.get(AZURE))
    expect(statusesOf(answers)).toEqual([200, 503, 200, 503, 200, 200, 200, 200])
  })

  it('matches a share of calls that depends only on the random seed', async () => {
    const play = async (randomSeed: number): Promise<number[]> => {
      const { world, client } = await startWorld({ randomSeed })
      await world.fault({ on: { rate: 0.3 }, do: UNAVAILABLE })
      return statusesOf(await times(60, () => client.get(AZURE)))
    }
    const [first, again, other] = [await play(1), await play(1), await play(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    const share = first.filter((status) => status === 503).length / first.length
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.45)
  })

  it('matches by method, path or job', async () => {
    const { world, client, job } = await startWorld()
    const [one, other] = [await job(), await job()]
    await world.fault({ on: { method: 'delete' }, do: { respond: { status: 429 } } })
    await world.fault({ on: { job: one.split('/').at(-1)! }, do: { respond: { status: 500, body: {} } } })
    await world.fault({ on: { path: '/v1/*' }, do: { respond: { status: 502 } } })
    expect((await client.delete(other)).status).toBe(429)
    expect((await client.get(other)).status).toBe(200)
    expect((await client.send('GET', `/v1${AZURE}`)).status).toBe(502)
    expect(await world.faults().then((all) => all.map(({ hits }) => hits))).toEqual([1, 0, 1])
  })

  it('applies the first fault that was set, and counts matching calls for each', async () => {
    const { world, client } = await startWorld()
    await world.fault({ on: { nth: 1 }, do: { respond: { status: 502 } } })
    await world.fault({ on: { operation: '*.list', nth: [1, 2] }, do: UNAVAILABLE })
    expect(statusesOf(await times(3, () => client.get(AZURE)))).toEqual([502, 503, 200])
    expect((await world.faults()).map(({ seen, hits }) => [seen, hits])).toEqual([
      [3, 1],
      [3, 1],
    ])
  })

  it('counts exactly under 200 simultaneous clients', async () => {
    const { emulator, world } = await startWorld()
    const { url } = await emulator.listen()
    const authorization = `Bearer ${await world.token()}`
    await world.fault({ on: { operation: 'azure.bulkjobs.list', nth: 2 }, do: { respond: { status: 418 } } })
    await world.fault({ on: { operation: 'azure.bulkjobs.list', every: 3 }, do: UNAVAILABLE })
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const answer = await fetch(`${url}/api/v1${AZURE}`, { headers: { authorization } })
        await answer.arrayBuffer()
        return answer.status
      }),
    )
    const count = (status: number): number => statuses.filter((each) => each === status).length
    expect([count(418), count(503), count(200)]).toEqual([1, 66, 133])
    expect(await world.faults()).toEqual([
      expect.objectContaining({ seen: 200, hits: 1 }),
      expect.objectContaining({ seen: 200, hits: 66 }),
    ])
    expect((await world.countRequests({ status: 503 })).count).toBe(66)
  })

  it('clears one fault or all', async () => {
    const { world, client } = await startWorld()
    const { id } = await world.fault({ do: UNAVAILABLE })
    await world.fault({ do: { respond: { status: 502 } } })
    await world.clearFaults(id)
    expect((await client.get(AZURE)).status).toBe(502)
    await expect(world.clearFaults(id)).rejects.toMatchObject({ status: 404 })
    await world.clearFaults()
    expect((await client.get(AZURE)).status).toBe(200)
    expect(await world.faults()).toEqual([])
  })

  it('belongs to its domain: a reset removes it, snapshots and forks keep it', async () => {
    const { world, client, admin, emulator, as } = await startWorld()
    await world.fault({ on: { nth: 3 }, do: UNAVAILABLE })
    await client.get(AZURE)
    await world.snapshots.save('s')
    expect(statusesOf(await times(2, () => client.get(AZURE)))).toEqual([200, 503])
    await world.snapshots.load('s')
    const forked = as(await (await world.fork('t-2')).token())
    expect(statusesOf(await times(2, () => client.get(AZURE)))).toEqual([200, 503])
    expect(statusesOf(await times(2, () => forked.get(AZURE)))).toEqual([200, 503])
    expect((await admin.get(AZURE)).status).toBe(200)
    await world.reset()
    expect(await world.faults()).toEqual([])
    expect(await emulator.domain('t-2').faults()).toHaveLength(1)
  })

  it('matches a request before its body is read, even an invalid one', async () => {
    const { world, client } = await startWorld()
    await world.fault({ on: { operation: 'azure.bulkjobs.create' }, do: UNAVAILABLE })
    expect((await client.post(AZURE, '{"operation":', { 'content-type': 'application/json' })).status).toBe(503)
    expect((await client.post(AZURE, CREATE)).status).toBe(503)
    expect((await world.jobs.list()).total).toBe(0)
    expect((await world.requests()).map(({ body }) => body)).toEqual([null, CREATE])
  })

  it('does not match a request that fails authentication', async () => {
    const { world, anyone } = await startWorld()
    await world.fault({ do: UNAVAILABLE })
    expect((await anyone.get(AZURE)).status).toBe(401)
    expect(await world.faults()).toEqual([expect.objectContaining({ seen: 0 })])
  })
})

describe('an invalid fault', () => {
  const respond = { do: UNAVAILABLE }
  it.each<[string, object, string, string]>([
    [
      'a glob that matches no operation',
      { on: { operation: 'gcp.*' }, ...respond },
      '/on/operation',
      'auth.tokens.create',
    ],
    ['the operation of a job', { on: { operation: 'enablekey' }, ...respond }, '/on/operation', 'aws.bulkjob.create'],
    ['two ways of counting', { on: { nth: 2, every: 3 }, ...respond }, '/on/every', 'excludes nth'],
    [
      'a method that no matching operation has',
      { on: { operation: '*.list', method: 'PUT' }, ...respond },
      '/on/method',
      'never',
    ],
    ['a path without a slash', { on: { path: 'api/*' }, ...respond }, '/on/path', 'begins with /'],
    ['a job for an operation without one', { on: { operation: '*.list', job: 'a' }, ...respond }, '/on/job', 'no job'],
    [
      'a token fault for an operation without a token',
      { on: { operation: 'auth.jwks' }, do: { token: 'expire' } },
      '/do/token',
      'no token',
    ],
    ['a delay without a unit', { do: { delay: '5' } }, '/do/delay', 'a duration'],
    ['a virtual delay without a unit', { do: { virtualDelay: '5' } }, '/do/virtualDelay', 'a duration'],
    ['a delay above the maximum', { do: { delay: '25h' } }, '/do/delay', 'virtualDelay'],
    [
      'an invalid retryAfter',
      { do: { respond: { status: 429, retryAfter: 'soon' } } },
      '/do/respond/retryAfter',
      'a dur',
    ],
    ['an unknown field', { on: { opration: 'a' }, ...respond }, '/on/opration', 'operation'],
    ['a fault without an action', { on: {} }, '/do', ''],
    ['an nth of 0', { on: { nth: 0 }, ...respond }, '/on/nth', ''],
  ])('refuses %s with a pointer', async (_what, fault, pointer, words) => {
    const { world } = await startWorld()
    const refusal = await world.fault(fault as never).then(
      () => undefined,
      (error: unknown) => error as ControlError,
    )
    expect(refusal).toMatchObject({ status: 400, code: 'bad-request' })
    expect(refusal?.pointer ?? '').toBe(pointer)
    expect(refusal?.message).toContain(words)
  })
})
