// Clients that sleep by a domain's clock, and the leaps of an `auto` clock: causes only (instants, order, answers), no
// wall time. All domains start at noon.

import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { at, enable, JOBS, NOON, start } from './enter.ts'

type World = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['enter']>>

async function enterWith(clock: object): Promise<World> {
  const { enter } = await start()
  return enter('t-1', { clock: { now: NOON, ...clock } })
}

const millis = (instant: unknown): number => Date.parse(String(instant))

const seconds = (count: number): string => new Date(millis(NOON) + count * 1000).toISOString().replace('.000', '')

async function sleepers({ admin }: Pick<World, 'admin'>): Promise<unknown> {
  return (await admin('GET', '/clock')).json.sleepers
}

/** Resolves once a sleeper is listed with that wake-up; null: awake. */
async function untilListed(
  { admin }: Pick<World, 'admin'>,
  name: string,
  until: unknown = expect.any(String),
): Promise<void> {
  await expect.poll(() => sleepers({ admin })).toContainEqual({ name, until })
}

const LENGTHS = [7, 11, 13]

/** Three sleepers that sleep in rounds for a time; returns the wake-ups in order. */
async function threeSleepers({ world }: World, time: number): Promise<string[]> {
  const seen: string[] = []
  const rounds = LENGTHS.map(async (length) => {
    const name = `s${length}`
    for (let woken = 0; woken + length <= time; woken += length) {
      const { now, early } = await world.clock.sleep(`${length}s`, name)
      seen.push(`${name} ${now}${early === true ? ' early' : ''}`)
    }
    await world.clock.dropSleeper(name)
  })
  await Promise.all(rounds)
  return seen
}

/** Their wake-ups by calculation: in order of (instant, name). */
function calculated(time: number): string[] {
  return Array.from({ length: time }, (_, second) => second + 1).flatMap((second) =>
    [11, 13, 7].filter((length) => second % length === 0).map((length) => `s${length} ${seconds(second)}`),
  )
}

/** A server with a socket, and a way to sleep on a connection of one's own. */
async function listening() {
  const { emulator, enter } = await start()
  const { url } = await emulator.listen()
  const world = await enter('t-1', { clock: { mode: 'auto', now: NOON } })
  const connect = () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const sleep = (body: object) => {
      const sent = request(`${url}/__admin/domains/t-1/clock/sleep`, { agent, method: 'POST' })
      sent.on('error', () => undefined).end(JSON.stringify(body))
      const answer = new Promise<unknown>((resolve) => {
        sent.on('response', (response) => void text(response).then((it) => resolve(JSON.parse(it))))
      })
      return { sent, answer }
    }
    return { agent, sleep }
  }
  return { ...world, connect }
}

describe('an auto clock', () => {
  it('leaps to the wake-up of its only sleeper', async () => {
    const { admin } = await enterWith({ mode: 'auto', sleepers: 1 })
    const { json } = await admin('POST', '/clock/sleep', { for: '1h', sleeper: 'a' })
    expect(json).toEqual({ now: at('13:00:00') })
    const clock = (await admin('GET', '/clock')).json
    const sleepers = [{ name: 'a', until: null }]
    expect(clock).toMatchObject({ mode: 'auto', rate: 1, lease: '5s', expectedSleepers: 1, sleepers })
  })

  it('runs at rate 1 by itself', async () => {
    const { world } = await enterWith({ mode: 'auto' })
    const { now } = await world.clock.read()
    await expect.poll(async () => millis((await world.clock.read()).now)).toBeGreaterThan(millis(now))
    expect(await world.clock.read()).not.toHaveProperty('expectedSleepers')
  })

  it('wakes three sleepers in exact rounds for an hour', async () => {
    expect(await threeSleepers(await enterWith({ mode: 'auto', sleepers: 3 }), 3600)).toEqual(calculated(3600))
  }, 60_000)

  it('wakes them alike in twenty runs', async () => {
    // 1001 s: until all three wake at once.
    const { enter } = await start()
    const runs = Array.from({ length: 20 }, async (_, run) =>
      threeSleepers(await enter(`t-${run}`, { clock: { mode: 'auto', now: NOON, sleepers: 3 } }), 1001),
    )
    for (const seen of await Promise.all(runs)) expect(seen).toEqual(calculated(1001))
  }, 60_000)

  it('passes the transitions on its way, in order', async () => {
    const { world, client } = await enterWith({ mode: 'auto' })
    const created = await client('POST', JOBS, enable('k1'))
    const id = String(created.json.id)
    await world.clock.sleep('10s', 'a')
    expect((await client('GET', `${JOBS}/${id}`)).json.overall_status).toBe('completed')
  })

  it('does not leap before it knows as many sleepers as it expects, and goes on when one of them ends', async () => {
    const { world, admin } = await enterWith({ mode: 'auto', sleepers: 2 })
    const first = world.clock.sleep('1h', 'a')
    await untilListed({ admin }, 'a', at('13:00:00'))
    const second = world.clock.sleep('30m', 'b')
    expect(await second).toEqual({ now: at('12:30:00') })
    await world.clock.dropSleeper('b')
    expect(await first).toEqual({ now: at('13:00:00') })
  })

  it('does not leap while a sleeper is awake, until it is dropped', async () => {
    const { world, admin } = await enterWith({ mode: 'auto', lease: '1h' })
    await world.clock.sleep('1s', 'busy')
    const sleep = world.clock.sleep('1h', 'a')
    await untilListed({ admin }, 'a')
    expect(await sleepers({ admin })).toContainEqual({ name: 'busy', until: null })
    expect((await admin('DELETE', '/clock/sleepers/busy')).status).toBe(204)
    expect(await sleep).not.toHaveProperty('early')
    expect((await admin('DELETE', '/clock/sleepers/busy')).status).toBe(404)
  })

  it('drops a sleeper that has neither slept nor called for its lease', async () => {
    const { world, admin } = await enterWith({ mode: 'auto', lease: '50ms' })
    await world.clock.sleep('1s', 'dead')
    await world.clock.sleep('1h', 'a')
    expect(await sleepers({ admin })).not.toContainEqual({ name: 'dead', until: null })
  })

  it('waits for a request of the domain in flight, and for no other', async () => {
    const { world, admin, client } = await enterWith({ mode: 'auto', lease: '1h' })
    await world.fault({ on: { operation: 'aws.bulkjob.list' }, do: { delay: '1h' } })
    void client('GET', JOBS).catch(() => undefined)
    await expect.poll(async () => (await world.requestsInFlight()).length).toBe(1)
    const waiting = [world.waitForRequest({ operation: 'azure.*', timeout: '1h' }), world.clock.sleep('1h', 'a')]
    await untilListed({ admin }, 'a')
    expect(millis((await world.clock.read()).now)).toBeLessThan(millis(at('12:30:00')))
    void Promise.allSettled(waiting)
  })

  it('counts a sleep from the last wake-up only within the lease', async () => {
    const { world } = await enterWith({ mode: 'auto', sleepers: 1, lease: '0s' })
    const { now } = await world.clock.sleep('10s', 'a')
    expect(millis(now)).toBeGreaterThan(millis(at('12:00:10')))
  })
})

describe('a sleeper', () => {
  it('is the connection if it has no name, and goes with it', async () => {
    const { connect, admin } = await listening()
    const [one, other] = [connect(), connect()]
    await one.sleep({ for: '0s' }).answer
    await one.sleep({ for: '0s' }).answer
    await other.sleep({ for: '0s' }).answer
    expect(await sleepers({ admin })).toEqual([
      { name: 'connection-1', until: null },
      { name: 'connection-2', until: null },
    ])
    one.agent.destroy()
    await expect.poll(() => sleepers({ admin })).toEqual([{ name: 'connection-2', until: null }])
  })

  it('is dropped when its connection closes in mid-sleep', async () => {
    const { connect, admin, world } = await listening()
    await world.clock.freeze()
    const { sent } = connect().sleep({ for: '1h', sleeper: 'dead' })
    await untilListed({ admin }, 'dead')
    sent.destroy()
    await expect.poll(() => sleepers({ admin })).toEqual([])
  })

  it('that sleeps twice at once is woken early from the first sleep', async () => {
    const { world, admin } = await enterWith({ mode: 'frozen' })
    const first = world.clock.sleep('1h', 'a')
    await untilListed({ admin }, 'a', at('13:00:00'))
    const second = world.clock.sleep('2h', 'a')
    expect(await first).toEqual({ now: NOON, early: true })
    expect(await sleepers({ admin })).toEqual([{ name: 'a', until: at('14:00:00') }])
    await world.clock.advance('2h')
    expect(await second).toEqual({ now: at('14:00:00') })
  })

  it.each(['frozen', 'step'])('sleeps on a %s clock until it is advanced', async (mode) => {
    const { world, admin } = await enterWith({ mode })
    const sleep = world.clock.sleep('10s', 'a')
    await untilListed({ admin }, 'a', at('12:00:10'))
    await world.clock.advance('9s')
    await untilListed({ admin }, 'a', at('12:00:10'))
    await world.clock.advance('11s')
    expect(await sleep).toEqual({ now: at('12:00:20') })
  })

  it('sleeps on a running clock by its rate', async () => {
    const { world } = await enterWith({ mode: 'running', rate: 1_000_000 })
    const { now } = await world.clock.sleep('1h', 'a')
    expect(millis(now)).toBeGreaterThanOrEqual(millis(at('13:00:00')))
  })

  it.each([
    ['a change of mode', ({ world }: World) => world.clock.freeze(at('12:30:00')), at('12:30:00')],
    ['a reset', ({ world }: World) => world.reset(), NOON],
  ])('is woken early by %s', async (_what, change, now) => {
    const entered = await enterWith({ mode: 'step' })
    const sleep = entered.world.clock.sleep('1h', 'a')
    await untilListed(entered, 'a')
    await change(entered)
    expect(await sleep).toEqual({ now, early: true })
  })

  it('is refused once its domain is deleted', async () => {
    const entered = await enterWith({ mode: 'frozen' })
    const sleep = entered.admin('POST', '/clock/sleep', { for: '1h', sleeper: 'a' })
    await untilListed(entered, 'a')
    await entered.world.drop()
    expect((await sleep).status).toBe(401)
  })

  it.each([
    [{ for: 10 }, '/for'],
    [{ for: '-1s' }, '/for'],
    [{ for: '100000d' }, '/for'],
    [{}, '/for'],
    [{ for: '1s', sleeper: '' }, '/sleeper'],
    [{ for: '1s', name: 'a' }, '/name'],
  ])('refuses %j', async (body, pointer) => {
    const { admin } = await enterWith({ mode: 'frozen' })
    const { status, json } = await admin('POST', '/clock/sleep', body)
    expect([status, (json.error as { pointer?: string }).pointer]).toEqual([400, pointer])
    expect(await sleepers({ admin })).toEqual([])
  })
})

describe('setting an auto clock', () => {
  it.each([
    [{ mode: 'frozen', lease: '1s' }, '/lease'],
    [{ sleepers: 2 }, '/sleepers'],
    [{ mode: 'auto', sleepers: 0 }, '/sleepers'],
    [{ mode: 'auto', lease: 5 }, '/lease'],
    [{ mode: 'auto', rate: 60 }, '/rate'],
  ])('refuses %j', async (body, pointer) => {
    const { admin } = await enterWith({ mode: 'frozen' })
    const { status, json } = await admin('PUT', '/clock', body)
    expect([status, (json.error as { pointer?: string }).pointer]).toEqual([400, pointer])
  })

  it('keeps lease and expected sleepers until another mode is set, and the rate for then', async () => {
    const { world } = await enterWith({ mode: 'running', rate: 60 })
    await world.clock.auto({ lease: '30s', sleepers: 3 })
    expect(await world.clock.auto()).toMatchObject({ rate: 1, lease: '30s', expectedSleepers: 3 })
    const { rate, ...clock } = await world.clock.run()
    expect(rate).toBe(60)
    expect(clock).not.toHaveProperty('lease')
    expect(await world.clock.auto()).toMatchObject({ lease: '5s' })
  })

  it('survives a restart; its sleepers do not', async () => {
    const data = mkdtempSync(join(tmpdir(), 'cckm-test-'))
    onTestFinished(() => rmSync(data, { recursive: true, force: true }))
    const first = await start({ data })
    const { world } = await first.enter('t-1', { clock: { mode: 'auto', now: NOON, lease: '30s' } })
    await world.clock.sleep('1h', 'a')
    await first.emulator.close()
    const { admin } = await start({ data })
    const { json } = await admin('GET', '/domains/t-1/clock')
    expect(json).toMatchObject({ mode: 'auto', lease: '30s', sleepers: [] })
    expect(millis(json.now)).toBeGreaterThanOrEqual(millis(at('13:00:00')))
  })
})
