// Restarts with --data while the calendar is earlier or later than before.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { createEmulator, connect, type DomainHandle, type Emulator } from '../../src/index.ts'
import { startCli, temporaryFolder, type Running } from '../cli/run-cli.ts'
import { claimsOf, DAY, HOUR, microsOf, MINUTE, moveableCalendar } from '../support/calendar.ts'
import type { WireJob, WirePage } from '../support/world.ts'
import { AWS, callerOf, enable, type Caller } from '../support/world.ts'

interface Session {
  readonly emulator: Emulator
  readonly root: DomainHandle
  readonly vendor: Caller
}

async function open(data: string, options: { clock?: 'running'; rate?: number } = {}): Promise<Session> {
  const emulator = await createEmulator({ seed: 'none', clock: 'running', ...options, data })
  const jwt = await emulator.token()
  return {
    emulator,
    root: emulator.domain('root'),
    vendor: callerOf(emulator, '/api/v1', { authorization: `Bearer ${jwt}` }),
  }
}

const nowOf = async (root: DomainHandle): Promise<number> => microsOf((await root.clock.read()).now)

/** Expects the same job in a list and by id. */
async function expectAgreement(vendor: Caller, id: string): Promise<void> {
  const listed = ((await vendor.get(`${AWS}?id=${id}`)).json as WirePage).resources
  const found = (await vendor.get(`${AWS}/${id}`)).json as WireJob
  expect(listed.map((job) => job.id)).toEqual([found.id])
}

describe('a restart', () => {
  it.each([
    ['ten seconds', 10_000],
    ['two hours', 2 * HOUR],
    ['four hundred days', 400 * DAY],
  ])('sets no clock back and agrees in lists and GETs, with the calendar %s earlier', async (_what, back) => {
    const calendar = moveableCalendar()
    const data = temporaryFolder()
    const first = await open(data)
    const { id } = (await first.vendor.post(AWS, enable('k'))).json as WireJob
    const before = await nowOf(first.root)
    await first.emulator.close()
    calendar.step(-back)
    const second = await open(data)
    expect(await nowOf(second.root)).toBeGreaterThanOrEqual(before)
    await expectAgreement(second.vendor, id)
    await second.root.clock.advance('6s')
    expect(((await second.vendor.get(`${AWS}/${id}`)).json as WireJob).overall_status).toBe('completed')
    await second.emulator.close()
  })

  it('continues at the calendar if that is later', async () => {
    const calendar = moveableCalendar()
    const data = temporaryFolder()
    const first = await open(data, { rate: 60 })
    const before = await nowOf(first.root)
    await first.emulator.close()
    calendar.step(HOUR)
    const second = await open(data)
    const passed = (await nowOf(second.root)) - before
    expect(passed).toBeGreaterThanOrEqual(60 * HOUR * 1000)
    expect(passed).toBeLessThan(60 * (HOUR + MINUTE) * 1000)
    await second.emulator.close()
  })

  it('continues after the last instant that a clock showed before the calendar was set back', async () => {
    const calendar = moveableCalendar()
    const data = temporaryFolder()
    calendar.step(DAY)
    const first = await open(data, { rate: 1000 })
    calendar.putRight()
    const seen = [await nowOf(first.root)]
    await first.root.jobs.wait((await first.root.jobs.create({ family: 'aws.bulkjob', request: enable('k') })).id)
    seen.push(await nowOf(first.root))
    await first.emulator.close()
    const second = await open(data)
    seen.push(await nowOf(second.root))
    await second.emulator.close()
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })

  it('keeps frozen clocks, also at repeated restarts with an ever earlier calendar', async () => {
    const calendar = moveableCalendar()
    const data = temporaryFolder()
    const ids: string[] = []
    let last = -Infinity
    for (let turn = 0; turn < 4; turn += 1) {
      const { emulator, root, vendor } = await open(data)
      const frozen = emulator.domain('frozen')
      if (turn === 0) {
        await emulator.token({ domain: 'frozen' })
        await frozen.clock.set({ mode: 'frozen', now: '2200-01-01T00:00:00Z' })
      }
      expect((await frozen.clock.read()).now).toBe('2200-01-01T00:00:00Z')
      ids.push(((await vendor.post(AWS, enable(`k${turn}`))).json as WireJob).id)
      for (const id of ids) await expectAgreement(vendor, id)
      const now = await nowOf(root)
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
      await emulator.close()
      calendar.step(-HOUR)
    }
  })

  it('keeps revocations while the calendar is ahead', async () => {
    const calendar = moveableCalendar()
    const data = temporaryFolder()
    const first = await open(data)
    const access = await first.emulator.token()
    const revoked = callerOf(first.emulator, '/api/v1', { authorization: `Bearer ${access}` })
    await first.root.fault({ times: 1, do: { token: 'revoke' } })
    expect((await revoked.get(AWS)).status).toBe(401)
    await first.emulator.close()
    calendar.step(DAY)
    await (await open(data)).emulator.close()
    calendar.putRight()
    const { emulator } = await open(data)
    expect((await callerOf(emulator, '/api/v1', { authorization: `Bearer ${access}` }).get(AWS)).status).toBe(401)
    await emulator.close()
  })
})

type Step =
  | { readonly kind: 'calendar'; readonly by: number }
  | { readonly kind: 'advance'; readonly by: number }
  | { readonly kind: 'mode'; readonly mode: 'running' | 'frozen' | 'step'; readonly rate: number }
  | { readonly kind: 'create' | 'restart' }

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('calendar' as const), by: fc.integer({ min: -2 * DAY, max: 2 * DAY }) }),
  fc.record({ kind: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 60_000 }) }),
  fc.record({
    kind: fc.constant('mode' as const),
    mode: fc.constantFrom('running' as const, 'frozen' as const, 'step' as const),
    rate: fc.constantFrom(0.5, 1, 60, 1000),
  }),
  fc.record({ kind: fc.constantFrom('create' as const, 'restart' as const) }),
)

it('never sets a clock back, and agrees in lists and GETs, for any sequence of calendar, process and clock changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (history) => {
      const calendar = moveableCalendar()
      const data = temporaryFolder()
      let session = await open(data)
      let last = -Infinity
      const ids: string[] = []
      for (const step of history) {
        const { root, emulator } = session
        if (step.kind === 'calendar') calendar.step(step.by)
        if (step.kind === 'advance') await root.clock.advance(`${step.by}ms`)
        if (step.kind === 'mode') await root.clock.set({ mode: step.mode, rate: step.rate })
        if (step.kind === 'create') {
          // Tokens expire by the calendar, so each create has its own.
          const vendor = callerOf(emulator, '/api/v1', { authorization: `Bearer ${await emulator.token()}` })
          ids.push(((await vendor.post(AWS, enable('k'))).json as WireJob).id)
        }
        if (step.kind === 'restart') {
          await emulator.close()
          session = await open(data)
        }
        const vendor = callerOf(session.emulator, '/api/v1', {
          authorization: `Bearer ${await session.emulator.token()}`,
        })
        for (const id of ids) await expectAgreement(vendor, id)
        const now = await nowOf(session.root)
        expect(now).toBeGreaterThanOrEqual(last)
        last = now
      }
      await session.emulator.close()
      calendar.putRight()
    }),
    { numRuns: 40 },
  )
}, 60_000)

describe('the command', () => {
  const preload = new URL('../support/calendar-preload.mjs', import.meta.url).href

  async function start(data: string, offsetMs: number): Promise<Running & { readonly step: (ms: number) => void }> {
    const file = join(temporaryFolder(), 'offset')
    const step = (ms: number): void => {
      writeFileSync(file, String(ms))
    }
    step(offsetMs)
    const env = { NODE_OPTIONS: `--import ${preload}`, CALENDAR_OFFSET: file }
    return { ...(await startCli(['--data', data, '--seed', 'none', '--rate', '100'], env)), step }
  }

  it('continues when the calendar jumps ahead and back, and issues tokens by the calendar', async () => {
    const { ready, step } = await start(temporaryFolder(), 0)
    const root = connect(ready.url).domain('root')
    const seen: number[] = []
    for (const offset of [0, DAY, -DAY, 0]) {
      step(offset)
      const jwt = await root.token()
      expect(Math.abs(claimsOf(jwt).iat * 1000 - (Date.now() + offset))).toBeLessThan(MINUTE)
      const { id } = await root.jobs.create({ family: 'aws.bulkjob', request: enable('k') })
      expect((await root.jobs.wait(id, { timeout: '20s' })).job.overall_status).toBe('completed')
      seen.push(await nowOf(root))
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)! - seen[0]!).toBeLessThan(DAY * 1000)
  })

  it('continues after a kill at the last stored instant, with an ever earlier calendar', async () => {
    const data = temporaryFolder()
    let last = -Infinity
    const ids: string[] = []
    for (const offset of [0, -MINUTE, -HOUR, -DAY]) {
      const { ready, child, ended } = await start(data, offset)
      const root = connect(ready.url).domain('root')
      const { jobs } = await root.jobs.list()
      expect(jobs.map(({ id }) => id).sort()).toEqual([...ids].sort())
      const { id } = await root.jobs.create({ family: 'aws.bulkjob', request: enable('k') })
      ids.push(id)
      const kept = await nowOf(root)
      expect(kept).toBeGreaterThanOrEqual(last)
      await root.jobs.cancel(id)
      last = kept
      child.kill('SIGKILL')
      await ended
    }
  }, 60_000)
})
