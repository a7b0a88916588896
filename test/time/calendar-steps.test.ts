// The machine's calendar jumps, ahead and back, without an effect on domains.

import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { WireJob } from '../support/world.ts'
import { AWS, enable, openWorld, TOKENS, type TestDomain } from '../support/world.ts'
import { claimsOf, DAY, HOUR, microsOf, MINUTE, moveableCalendar } from '../support/calendar.ts'

const clockOf = async ({ handle }: TestDomain): Promise<number> => microsOf((await handle.clock.read()).now)

const create = async ({ vendor }: TestDomain, scenario = 'default'): Promise<string> =>
  ((await vendor.post(AWS, enable('k1'), { 'x-emulator-scenario': scenario })).json as WireJob).id

/** Fast enough to distinguish a running clock from a frozen one. */
const RUNNING = { clock: 'running', rate: 1000 } as const

describe('a running clock during a jump of the calendar', () => {
  it.each([
    ['a day ahead', DAY],
    ['a day back', -DAY],
    ['ten seconds back', -10_000],
    ['four hundred days ahead', 400 * DAY],
  ])('continues at its rate when the calendar jumps %s, and back again', async (_what, step) => {
    const calendar = moveableCalendar()
    const world = await openWorld(RUNNING)
    const id = await create(world)
    const seen = [await clockOf(world)]
    calendar.step(step)
    seen.push(await clockOf(world))
    expect((await world.handle.jobs.wait(id, { timeout: '5s' })).job.overall_status).toBe('completed')
    calendar.putRight()
    seen.push(await clockOf(world))
    const later = await create(world)
    expect((await world.handle.jobs.wait(later, { timeout: '5s' })).job.overall_status).toBe('completed')
    seen.push(await clockOf(world))
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    // At a thousand times the rate, at most ten real seconds.
    expect(seen[3]! - seen[0]!).toBeLessThan(10_000 * 1000 * 1000)
  })

  it('starts at the calendar in a domain that is created while the calendar is ahead, and continues from there', async () => {
    const calendar = moveableCalendar()
    const world = await openWorld({ clock: 'running' })
    calendar.step(DAY)
    const ahead = await world.enter('t-ahead')
    expect((await clockOf(ahead)) / 1000 - Date.now()).toBeLessThan(10)
    calendar.putRight()
    const before = await clockOf(ahead)
    expect(before / 1000 - Date.now()).toBeGreaterThan(DAY - MINUTE)
    await ahead.handle.reset()
    expect(Math.abs((await clockOf(ahead)) / 1000 - Date.now())).toBeLessThan(MINUTE)
  })

  it('has the current instant in a fork, and in a snapshot that is loaded after a jump', async () => {
    const calendar = moveableCalendar()
    const world = await openWorld(RUNNING)
    const id = await create(world)
    await world.handle.snapshots.save('s')
    const saved = await clockOf(world)
    calendar.step(-DAY)
    const fork = await world.handle.fork('t-fork')
    expect((await fork.jobs.wait(id, { timeout: '5s' })).job.overall_status).toBe('completed')
    await world.handle.snapshots.load('s')
    expect((await clockOf(world)) - saved).toBeLessThan(5 * 1000 * 1000 * 1000)
    expect((await world.handle.jobs.wait(id, { timeout: '5s' })).job.overall_status).toBe('completed')
  })

  it.each(['before', 'after'] as const)('continues under fake timers that were set %s the emulator', async (when) => {
    const fake = (): void => {
      vi.useFakeTimers({ now: 0 })
      onTestFinished(() => void vi.useRealTimers())
    }
    if (when === 'before') fake()
    const world = await openWorld(RUNNING)
    if (when === 'after') fake()
    const id = await create(world)
    expect((await world.handle.jobs.wait(id, { timeout: '5s' })).job.overall_status).toBe('completed')
    const before = await clockOf(world)
    vi.setSystemTime(Date.now() - DAY)
    vi.advanceTimersByTime(HOUR)
    expect((await clockOf(world)) - before).toBeLessThan(5 * 1000 * 1000 * 1000)
    vi.useRealTimers()
    expect(await clockOf(world)).toBeGreaterThanOrEqual(before)
  })
})

describe('tokens during a jump of the calendar', () => {
  it('are issued by the calendar, ahead and set back', async () => {
    const calendar = moveableCalendar()
    const { emulator } = await openWorld()
    const issue = async () => claimsOf(await emulator.token())
    const seconds = (): number => Math.floor(Date.now() / 1000)
    for (const step of [0, DAY, -2 * DAY, DAY]) {
      calendar.step(step)
      const before = seconds()
      const { iat, exp } = await issue()
      expect([iat - before >= 0, iat - seconds() <= 0, exp - iat]).toEqual([true, true, 300])
    }
  })

  it('are accepted if they are valid by the current calendar', async () => {
    const calendar = moveableCalendar()
    const { vendor } = await openWorld()
    expect((await vendor.get(AWS)).status).toBe(200)
    calendar.step(HOUR)
    expect((await vendor.get(AWS)).status).toBe(401)
    calendar.step(-2 * HOUR)
    expect((await vendor.get(AWS)).status).toBe(200)
    calendar.putRight()
    expect((await vendor.get(AWS)).status).toBe(200)
  })

  it('are refreshed after the calendar is set back, although a refresh was refused while it was ahead', async () => {
    const calendar = moveableCalendar()
    const { anyone } = await openWorld()
    const user = {
      username: 'admin',
      password: 'admin',
      refresh_token_lifetime: 10,
      refresh_token_revoke_unused_in: 10,
    }
    const { refresh_token } = (await anyone.post(TOKENS, user)).json as { refresh_token: string }
    const refresh = async () => (await anyone.post(TOKENS, { grant_type: 'refresh_token', refresh_token })).status
    calendar.step(HOUR)
    expect(await refresh()).toBe(401)
    calendar.step(-2 * HOUR)
    expect(await refresh()).toBe(200)
    calendar.putRight()
    expect(await refresh()).toBe(200)
  })

  it.each(['expire', 'revoke'] as const)('stay invalid after a fault: %s', async (token) => {
    const calendar = moveableCalendar()
    const { vendor, handle } = await openWorld()
    await handle.fault({ times: 1, do: { token } })
    expect((await vendor.get(AWS)).status).toBe(401)
    for (const step of [DAY, -2 * DAY, DAY]) {
      calendar.step(step)
      expect((await vendor.get(AWS)).status).toBe(401)
    }
  })
})

describe('durations during a jump of the calendar', () => {
  it('are measured without the jump: duration of a request, wait, fault delay, interval between polls', async () => {
    const calendar = moveableCalendar()
    const world = await openWorld({ auth: { tokenTtl: '30d' } })
    const id = await create(world, 'stuck')
    await world.vendor.get(`${AWS}/${id}`)
    await world.handle.fault({ times: 1, do: { delay: '30ms' } })
    const slow = world.vendor.get(`${AWS}/${id}`)
    const wait = world.handle.jobs.wait(id, { timeout: '50ms' })
    calendar.step(DAY)
    expect((await slow).status).toBe(200)
    await expect(wait).rejects.toMatchObject({ status: 408 })
    calendar.step(-2 * DAY)
    await world.vendor.get(`${AWS}/${id}`)
    const requests = await world.handle.requests({ job: id })
    for (const { durationMs } of requests) expect(durationMs).toBeLessThan(MINUTE)
    expect(requests.at(-1)!.realAt < requests[0]!.realAt).toBe(true)
    const { jobs } = (await world.control.get('/reports/polling')).json as {
      jobs: { intervals: { min: string; max: string } }[]
    }
    expect(jobs[0]!.intervals.max).not.toMatch(/h|-/)
  })

  it('keep a domain that was used within its time to live', async () => {
    const calendar = moveableCalendar()
    const world = await openWorld({ domainTtl: '1h' })
    calendar.step(DAY)
    await world.enter('t-2')
    expect((await world.control.get('/clock')).status).toBe(200)
  })
})
