import { describe, expect, it } from 'vitest'
import { SWEEP_FAULTS } from '../../src/model/sweep.ts'
import { AZURE } from '../support/world.ts'
import { CREATE, startWorld } from '../faults/support.ts'

describe('the plan of a sweep', () => {
  it('has a case for each fault on each request, in order, counted by operation', async () => {
    const { world, client } = await startWorld()
    const { id } = (await client.post(AZURE, CREATE)).job
    await client.get(`${AZURE}/${id}`)
    await client.get(`${AZURE}/${id}`)
    const cases = await world.sweepPlan()
    const calls = ['azure.bulkjobs.create#1', 'azure.bulkjobs.get#1', 'azure.bulkjobs.get#2']
    expect(cases.map(({ name }) => name)).toEqual(
      calls.flatMap((call) => SWEEP_FAULTS.map((fault) => `${call}:${fault}`)),
    )
    expect(cases.slice(-SWEEP_FAULTS.length).map(({ fault }) => fault)).toEqual(
      [
        { respond: { status: 500 } },
        { respond: { status: 503, retryAfter: '1s' } },
        { respond: { status: 429, retryAfter: '1s' } },
        { socket: 'reset' },
        { socket: 'truncate' },
        { lose: true },
        { token: 'expire' },
        { delay: '2s' },
      ].map((action) => ({ on: { operation: 'azure.bulkjobs.get', nth: 2 }, do: action })),
    )
  })

  it('accepts other faults and times', async () => {
    const { world, client } = await startWorld()
    await client.get(AZURE)
    expect(await world.sweepPlan({ faults: ['429', 'slow'], retryAfter: '50ms', slow: '5s' })).toEqual([
      {
        name: 'azure.bulkjobs.list#1:429',
        fault: {
          on: { operation: 'azure.bulkjobs.list', nth: 1 },
          do: { respond: { status: 429, retryAfter: '50ms' } },
        },
      },
      {
        name: 'azure.bulkjobs.list#1:slow',
        fault: { on: { operation: 'azure.bulkjobs.list', nth: 1 }, do: { delay: '5s' } },
      },
    ])
  })

  it('counts like faults do: each case hits the request that it was planned for', async () => {
    const { world, client, fresh, as, signIn } = await startWorld()
    const play = async (): Promise<void> => {
      await client.get(AZURE)
      // Refused for its token, so no fault matches it.
      await as(await world.token({ kind: 'expired' })).get(AZURE)
      await signIn({ username: 'admin', password: 'wrong', domain: 't-1' })
      await signIn({ username: 'admin', password: 'admin', domain: 't-1' })
      await (await fresh()).get(`${AZURE}?limit=1`)
      // Not an operation.
      await client.get('/cckm/gcp/keys')
    }
    await play()
    const cases = await world.sweepPlan({ faults: ['503'] })
    const wanted = (await world.requests()).filter(
      ({ status, operation }) => operation !== 'unknown' && status !== null,
    )
    expect(cases.map(({ name }) => name)).toEqual([
      'azure.bulkjobs.list#1:503',
      'auth.tokens.create#1:503',
      'auth.tokens.create#2:503',
      'azure.bulkjobs.list#2:503',
    ])
    const hit: string[] = []
    for (const { fault } of cases) {
      await world.clearRequests()
      await world.clearFaults()
      await world.fault(fault)
      await play()
      const [request, ...more] = (await world.requests()).filter((each) => each.fault !== undefined)
      expect(more).toEqual([])
      hit.push(`${request!.operation} ${JSON.stringify(request!.query)} ${JSON.stringify(request!.body)}`)
    }
    const counted = wanted.filter(({ status, body }) => status !== 401 || body !== null)
    expect(hit).toEqual(
      counted.map(({ operation, query, body }) => `${operation} ${JSON.stringify(query)} ${JSON.stringify(body)}`),
    )
  })

  it('leaves out a request that a fault has hit, and its neighbours of the same path', async () => {
    const { world, client, job, signIn } = await startWorld()
    const [path, other] = [await job(), await job()]
    await world.clearRequests()
    await world.fault({ on: { path: `*${path}`, nth: 3 }, do: { respond: { status: 503 } } })
    const renew = () => signIn({ username: 'admin', password: 'admin', domain: 't-1' })
    await renew()
    for (const each of [path, path, other, path]) await client.get(each)
    await renew()
    for (const each of [path, path]) await client.get(each)
    await renew()
    const cases = await world.sweepPlan({ faults: ['500'] })
    expect(cases.map(({ name }) => name)).toEqual(
      ['auth.tokens.create#1', ...[1, 3, 6].map((nth) => `azure.bulkjobs.get#${nth}`), 'auth.tokens.create#3'].map(
        (call) => `${call}:500`,
      ),
    )
  })

  it('says of a call that creates something when the client cannot know whether it did', async () => {
    const { world, client } = await startWorld()
    await client.post(AZURE, CREATE)
    await client.get(AZURE)
    const cases = await world.sweepPlan()
    expect(cases.filter(({ mayGiveUp }) => mayGiveUp).map(({ name }) => name)).toEqual(
      ['reset', 'truncate', 'lose', 'slow'].map((fault) => `azure.bulkjobs.create#1:${fault}`),
    )
  })

  it('answers 401 itself for a request without a token', async () => {
    const { world, signIn, client } = await startWorld()
    const { jwt } = (await signIn({ username: 'admin', password: 'admin', domain: 't-1' })).token
    await world.clearRequests()
    await client.post('/auth/revoke', { token: jwt })
    expect(await world.sweepPlan({ faults: ['401'] })).toEqual([
      {
        name: 'auth.tokens.revoke#1:401',
        fault: { on: { operation: 'auth.tokens.revoke', nth: 1 }, do: { respond: { status: 401 } } },
      },
    ])
  })

  it('is empty without requests', async () => {
    const { world } = await startWorld()
    expect(await world.sweepPlan()).toEqual([])
  })

  it('is refused if the journal dropped requests, and for invalid options', async () => {
    const { world, client } = await startWorld()
    await expect(world.sweepPlan({ slow: '5' })).rejects.toMatchObject({ status: 400, pointer: '/slow' })
    await expect(world.sweepPlan({ retryAfter: 'x' })).rejects.toMatchObject({ status: 400, pointer: '/retryAfter' })
    await expect(world.sweepPlan({ faults: ['404' as '500'] })).rejects.toMatchObject({ status: 400 })
    await Promise.all(Array.from({ length: 1000 }, () => client.get(AZURE)))
    await expect(world.sweepPlan()).rejects.toMatchObject({ status: 409 })
  })
})
