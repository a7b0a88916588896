// Large calls run in slices, so other domains do not wait for them; calls of their own domain wait at a gate.

import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { begin, openLargeWorld, seedOf, turn, turnsDuring, type LargeWorld } from '../support/large.ts'
import { AWS, callerOf, enable, TOKENS, type Answer } from '../support/world.ts'

const JOBS = 8000
const SLOWLY = { timeout: 180_000 }
const NEW_JOB = { family: 'aws.bulkjob', request: enable('new') }

async function openLarge(seed: object = seedOf(JOBS), request: object = {}): Promise<LargeWorld> {
  const world = await openLargeWorld()
  expect((await world.server.put('/domains/large', { seed, ...request })).status).toBe(201)
  await world.server.put('/domains/other')
  return world
}

async function ok(answer: Promise<Answer>): Promise<Answer> {
  const { status, text } = await answer
  expect(status, text.slice(0, 200)).toBeLessThan(300)
  return answer
}

describe('a large call', SLOWLY, () => {
  it('yields to other domains, with no transaction open', async () => {
    const { control, vendor, server, database, slowDown } = await openLarge(seedOf(2 * JOBS))
    const [large, client] = [control('large'), await vendor('large')]
    const calls: Record<string, () => Promise<Answer>> = {
      'a list of everything': () => client.get(`${AWS}?limit=-1`),
      'a list of everything, compressed': () => client.get(`${AWS}?limit=-1`, { 'accept-encoding': 'gzip' }),
      'a list with timelines': () => large.get('/jobs?limit=-1&timeline=true'),
      'a snapshot': () => large.put('/snapshots/s'),
      'a load': () => large.post('/snapshots/s/load'),
      'a fork': () => large.post('/fork', { to: 'twin' }),
      'a reset': () => large.post('/reset'),
      'a seed': () => large.post('/seed', seedOf(JOBS, 'late')),
      'a dry run': () => large.post('/seed?dryRun=true', seedOf(JOBS, 'dry')),
      'an advance': () => large.post('/clock/advance', { by: '1h', limit: 10_000 }),
      'a first seed': () => server.put('/domains/next', { seed: seedOf(JOBS) }),
    }
    for (const [name, call] of Object.entries(calls)) {
      slowDown()
      const { turns, open } = await turnsDuring(database, () => ok(call()))
      expect([name, turns > 3, open]).toEqual([name, true, 0])
    }
  })

  it('deletes jobs in the background, in slices', async () => {
    const { control, server, database, slowDown } = await openLarge()
    for (const name of ['a', 'b', 'c']) await ok(control('large').put(`/snapshots/${name}`))
    slowDown()
    await ok(server.delete('/domains/large'))
    const countRows = (): unknown => database.prepare('select count(*) from job').pluck().get()
    let turns = 0
    while (countRows() !== 0) {
      expect(database.inTransaction).toBe(false)
      await turn()
      turns += 1
    }
    expect(turns).toBeGreaterThan(2)
  })

  it("changes nothing if it fails at its last job, and keeps other domains' writes", async () => {
    const { control, vendor, slowDown } = await openLarge(seedOf(1))
    const other = await vendor('other')
    const before = (await control('large').get('/jobs?limit=-1')).text
    const taken = { ...seedOf(JOBS, 'x') }
    const [first] = (await (await vendor('large')).get(AWS)).page.resources
    taken.jobs.push({ job: { ...first, overall_status: 'completed' } })
    slowDown()
    const seeding = begin(control('large').post('/seed', taken))
    const made: string[] = []
    while (!seeding.isOver()) {
      made.push((await other.post(AWS, enable('k'))).job.id)
      await turn()
    }
    expect((await seeding.answer).status).toBe(409)
    expect(made.length).toBeGreaterThan(2)
    expect((await other.get(`${AWS}?limit=-1`)).ids).toEqual(expect.arrayContaining(made))
    expect((await control('large').get('/jobs?limit=-1')).text).toBe(before)
  })

  it('changes nothing if the disk is full, even if its own rows cannot be deleted', async () => {
    const { control, vendor, failOn, database, slowDown } = await openLarge(seedOf(3))
    const [large, other] = [control('large'), await vendor('other')]
    const before = (await large.get('/jobs?limit=-1')).text
    for (const call of ['/reset', '/seed']) {
      const body = call === '/seed' ? seedOf(JOBS, 'x') : undefined
      if (call === '/seed') slowDown()
      const refused = begin(large.post(call, body))
      if (call === '/seed') {
        while ((database.prepare('select max(seq) from job').pluck().get() as number) < 100) await turn()
        await ok(other.post(AWS, enable('meanwhile')))
      }
      failOn(/insert into job|delete from job|insert into content/)
      expect((await refused.answer).status).toBe(507)
      failOn(undefined)
      expect((await large.get('/jobs?limit=-1')).text).toBe(before)
    }
    await ok(large.post('/seed', seedOf(2, 'y')))
    expect((await large.get('/jobs')).json).toMatchObject({ total: 5 })
    expect((await other.get(AWS)).page.total).toBe(1)
  })

  it('shows its jobs only when all are written', async () => {
    const { control, vendor, server, slowDown } = await openLarge(seedOf(2))
    const [large, client] = [control('large'), await vendor('large')]
    await ok(large.post('/clock/advance', { by: '1h' }))
    const look = async (): Promise<unknown> => {
      const { id } = (await client.get(`${AWS}?limit=1`)).page.resources[0]!
      return [
        (await client.get(`${AWS}?limit=1`)).page.total,
        (await client.get(`${AWS}?limit=-1&sort=-createdAt`)).page.total,
        (await client.get(`${AWS}/${id}`)).status,
        (await large.get('/clock')).json,
        (await large.get('')).json,
        /^cckm_emulator_jobs .*$/m.exec((await server.get('/metrics')).text)?.[0],
      ]
    }
    const before = await look()
    slowDown()
    const seeding = begin(large.post('/seed', seedOf(JOBS, 'late')))
    await turn()
    expect(await look()).toEqual(before)
    expect(seeding.isOver()).toBe(false)
    await ok(seeding.answer)
    expect((await client.get(`${AWS}?limit=1`)).page.total).toBe(JOBS + 2)
  })
})

describe('the gate of a domain', SLOWLY, () => {
  it('holds calls that write before journal and faults, and lets other calls through', async () => {
    const world = await openLarge()
    const [large, client] = [world.control('large'), await world.vendor('large')]
    const other = await world.vendor('other')
    await large.post('/faults', { on: { operation: 'aws.bulkjob.create' }, do: { delay: '0s' } })
    await large.delete('/requests')
    const [job] = (await client.get(`${AWS}?limit=1`)).page.resources
    world.slowDown()
    const saving = begin(ok(large.put('/snapshots/s')))
    await turn()
    const waiting = [
      ...['a', 'b', 'c'].map((key) => ok(client.post(AWS, enable(key)))),
      ok(client.post(`${AWS}/${job!.id}/cancel`)),
      ok(large.put('/settings', { failureWord: 'failed' })),
      ok(large.post('/rules', { scenario: 'manual' })),
      ok(large.post('/fork', { to: 'twin' })),
    ].map(begin)
    await ok(client.get(`${AWS}?limit=1`))
    await ok(client.get(`${AWS}/${job!.id}`))
    await ok(client.request('HEAD', `${AWS}/${job!.id}`))
    await ok(large.get('/clock'))
    await ok(large.get('/settings'))
    await ok(other.post(AWS, enable('k')))
    await ok(other.get(AWS))
    expect((await world.emulator.inject('/readyz')).statusCode).toBe(200)
    const signedIn = await callSignIn(world, 'large')
    expect(signedIn.status).toBe(200)
    const seen = (await large.get('/requests')).json as { requests: { operation: string }[] }
    expect(seen.requests.map(({ operation }) => operation)).not.toContain('aws.bulkjob.create')
    expect((await large.get('/faults')).json).toMatchObject({ faults: [{ seen: 0 }] })
    expect([saving, ...waiting].map(({ isOver }) => isOver())).toEqual([saving, ...waiting].map(() => false))
    await Promise.all([saving, ...waiting].map(({ answer }) => answer))
    const made = (await client.get(`${AWS}?skip=${JOBS}`)).page.resources
    expect(made.flatMap(({ keys = [] }) => keys)).toEqual(['a', 'b', 'c'])
    await ok(large.post('/snapshots/s/load'))
    expect((await client.get(`${AWS}?limit=1`)).page.total).toBe(JOBS)
  })

  it('holds a GET that writes: on a step clock, or of a job that counts polls', async () => {
    const world = await openLarge(seedOf(JOBS), { clock: 'step' })
    const [large, client] = [world.control('large'), await world.vendor('large')]
    const { id } = (await client.post(AWS, enable('k'))).job
    world.slowDown()
    const saving = begin(large.put('/snapshots/s'))
    await turn()
    const stepping = begin(client.get(`${AWS}/${id}`))
    await ok(client.request('HEAD', `${AWS}/${id}`))
    expect([saving.isOver(), stepping.isOver()]).toEqual([false, false])
    await ok(saving.answer)
    await ok(stepping.answer)
    await ok(large.put('/clock', { mode: 'frozen' }))
    const polled = (await client.post(AWS, enable('p'), { 'x-emulator-scenario': '{"polls":3}' })).job
    world.slowDown()
    const again = begin(large.put('/snapshots/s'))
    await turn()
    const polling = begin(client.get(`${AWS}/${polled.id}`))
    await ok(client.get(`${AWS}?limit=1`))
    expect([again.isOver(), polling.isOver()]).toEqual([false, false])
    await ok(polling.answer)
    expect(again.isOver()).toBe(true)
  })

  it('refuses calls whose domain was deleted while they waited', async () => {
    const world = await openLarge()
    const [large, client] = [world.control('large'), await world.vendor('large')]
    world.slowDown()
    const saving = begin(large.put('/snapshots/s'))
    await turn()
    const removing = begin(world.server.delete('/domains/large'))
    await turn()
    const [create, signal, second] = [
      client.post(AWS, enable('k')),
      large.post('/faults', { do: { delay: '1s' } }),
      large.post('/reset'),
    ]
    await ok(saving.answer)
    expect((await removing.answer).status).toBe(204)
    expect([(await create).status, (await signal).status, (await second).status]).toEqual([401, 404, 404])
  })

  it('answers 404 to a seed and a new job if the domain was deleted while they waited', async () => {
    const world = await openLarge(seedOf(1000))
    const large = world.control('large')
    world.slowDown()
    const saving = begin(large.put('/snapshots/s'))
    await turn()
    const removing = begin(world.server.delete('/domains/large'))
    await turn()
    const waiting = [large.post('/seed', seedOf(2, 'late')), large.post('/jobs', NEW_JOB)].map(begin)
    expect([saving, removing, ...waiting].map(({ isOver }) => isOver())).toEqual([false, false, false, false])
    expect((await removing.answer).status).toBe(204)
    const answers = await Promise.all(waiting.map(({ answer }) => answer))
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  })

  it('does not set the clock back if a job was changed since the call began', async () => {
    const world = await openLarge(seedOf(4000))
    const large = world.control('large')
    const { jobs } = (await large.get('/jobs?limit=1')).json as { jobs: { id: string }[] }
    const job = `/jobs/${jobs[0]!.id}`
    world.slowDown()
    const saving = begin(large.put('/snapshots/s'))
    await turn()
    const waiting = [begin(large.put('/clock', { now: '2020-01-01T00:00:00Z' }))]
    // Its body is parsed by then, so that it is the first to wait.
    for (let turns = 0; turns < 5; turns += 1) await turn()
    // Released right after the call that sets the clock, which then has the gate but not yet its turn.
    waiting.push(begin(large.post(`${job}/cancel`)))
    await turn()
    expect([saving, ...waiting].map(({ isOver }) => isOver())).toEqual([false, false, false])
    const [back, cancelled] = await Promise.all(waiting.map(({ answer }) => answer))
    expect([back!.status, cancelled!.status]).toEqual([409, 200])
    expect((await large.get(job)).json).toMatchObject({ events: [{ kind: 'cancel' }] })
  })

  it('drops a call whose client disconnects', async () => {
    const world = await openLarge()
    const { url } = await world.emulator.listen()
    const [large, client] = [world.control('large'), await world.vendor('large')]
    await large.delete('/requests')
    const authorization = `Bearer ${await world.emulator.token({ domain: 'large' })}`
    world.slowDown()
    const resetting = begin(large.post('/reset'))
    await turn()
    const calls = [`/api/v1${AWS}`, '/__admin/domains/large/rules'].map((path) => {
      const call = httpRequest(url + path, { method: 'POST', headers: { authorization } })
      call.on('error', () => undefined)
      call.end(JSON.stringify(path.includes('rules') ? { scenario: 'manual' } : enable('gone')))
      return call
    })
    // It is sent last, so its response shows that those two have arrived.
    for (let n = 0; n < 3; n += 1) await fetch(`${url}/healthz`)
    expect(resetting.isOver()).toBe(false)
    for (const call of calls) call.destroy()
    await ok(resetting.answer)
    await ok(large.get('/clock'))
    expect((await client.get(`${AWS}?limit=1`)).page.total).toBe(JOBS)
    expect((await large.get('/rules')).json).toEqual({ rules: [] })
    expect((await large.get('/requests/in-flight')).json).toMatchObject({ count: 0 })
  })

  it('closes the emulator although calls wait or a large call runs', async () => {
    const world = await openLarge()
    const [large, client] = [world.control('large'), await world.vendor('large')]
    world.slowDown()
    const calls = [large.post('/reset'), client.post(AWS, enable('k')), large.post('/rules', { scenario: 'manual' })]
    await turn()
    const ends = Promise.allSettled(calls)
    await world.emulator.close()
    await ends
  })

  it('holds a sign-in to a domain that is being created, and no other', async () => {
    const world = await openLargeWorld()
    world.slowDown()
    const making = begin(world.server.put('/domains/large', { seed: seedOf(JOBS) }))
    await turn()
    const waiting = begin(callSignIn(world, 'large'))
    expect((await callSignIn(world, 'root')).status).toBe(200)
    expect([making.isOver(), waiting.isOver()]).toEqual([false, false])
    await ok(waiting.answer)
    expect((await making.answer).status).toBe(201)
  })
})

function callSignIn({ emulator }: LargeWorld, domain: string): Promise<Answer> {
  return callerOf(emulator, '/api/v1').post(TOKENS, { username: `admin@${domain}`, password: 'admin' })
}
