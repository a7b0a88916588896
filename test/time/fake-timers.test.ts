// The emulator in a test with fake timers, and its errors where it cannot work with them.

import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import type { WireJob, WirePage } from '../support/world.ts'
import { AWS, AZURE, deleteBackups, enable, openWorld } from '../support/world.ts'

type FakeTimerOptions = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>

function fakeTimers(options?: FakeTimerOptions): void {
  vi.useFakeTimers(options)
  onTestFinished(() => void vi.useRealTimers())
}

const EVERYTHING: FakeTimerOptions = {
  toFake: [
    ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
    ...(['Date', 'performance', 'hrtime'] as const),
  ],
}

const IMMEDIATES: FakeTimerOptions = { toFake: ['setImmediate'] }

describe.each([
  ["vitest's defaults", undefined],
  ['all that vitest fakes, named', EVERYTHING],
  ['setImmediate alone', IMMEDIATES],
])('under fake timers (%s)', (_what, options) => {
  it.each(['before', 'after'])(
    'creates, gets, lists, advances and waits with timers faked %s the start',
    async (when) => {
      if (when === 'before') fakeTimers(options)
      const { vendor, handle } = await openWorld()
      if (when === 'after') fakeTimers(options)
      const created = await vendor.post(AWS, enable('k1', 'k2'))
      expect(created.status).toBe(201)
      const { id } = created.json as WireJob
      await handle.clock.advance('5s')
      expect((await vendor.get(`${AWS}/${id}`)).json).toMatchObject({ overall_status: 'completed' })
      expect((await handle.jobs.wait(id)).job).toMatchObject({ overall_status: 'completed' })
      const many = Array.from({ length: 300 }, (_each, index) => vendor.post(AZURE, deleteBackups(`b${index}`)))
      expect((await Promise.all(many)).every(({ status }) => status === 201)).toBe(true)
      expect(((await vendor.get(`${AZURE}?limit=-1`)).json as WirePage).resources).toHaveLength(300)
      await handle.settings({ tokenTtl: '10s' })
      await handle.reset()
    },
  )

  it('waits and delays in real time', async () => {
    const { vendor, handle } = await openWorld()
    fakeTimers(options)
    const { id } = (await vendor.post(AWS, enable('k1'), { 'x-emulator-scenario': 'stuck' })).json as WireJob
    await expect(handle.jobs.wait(id, { timeout: '10ms' })).rejects.toMatchObject({ status: 408 })
    await expect(handle.waitForRequest({ operation: 'never', timeout: '10ms' })).rejects.toMatchObject({
      status: 408,
    })
    await handle.fault({ times: 1, do: { delay: '20ms' } })
    expect((await vendor.get(AWS)).status).toBe(200)
    const [delayed] = (await handle.requests({ path: '*bulkjob' })).slice(-1)
    expect(delayed!.durationMs).toBeGreaterThan(15)
  })

  it('sends and receives bodies with fetch: bytes, text and none', async () => {
    const { emulator, access } = await openWorld()
    fakeTimers(options)
    const headers = { authorization: `Bearer ${access.jwt}` }
    const body = JSON.stringify(enable('k'))
    const url = `/api/v1${AWS}`
    for (const sent of [body, Buffer.from(body), new Blob([body])]) {
      const answer = await emulator.fetch(url, { method: 'POST', headers, body: sent })
      expect([answer.status, ((await answer.json()) as WireJob).overall_status]).toEqual([201, 'in_progress'])
    }
    const empty = await emulator.fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
    })
    expect(empty.status).toBe(400)
  })
})

describe('faking the functions that the emulator itself requires', () => {
  it('is refused with a list of what not to fake', async () => {
    const { emulator } = await openWorld()
    vi.useFakeTimers({ toFake: ['queueMicrotask'] })
    const outcomes = await Promise.allSettled([
      createEmulator(),
      emulator.inject('/healthz'),
      emulator.fetch('/healthz'),
    ])
    vi.useRealTimers()
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringMatching(/while queueMicrotask .*toFake/) as string },
      })
    expect((await emulator.inject('/healthz')).statusCode).toBe(200)
  })
})

it.each([
  ['text', '{"keys":["k"],"operation":"enablekey"}', 201],
  ['bytes', Buffer.from('{"keys":["k"],"operation":"enablekey"}'), 201],
  ['an object', enable('k'), 201],
  ['a list', [], 400],
  ['nothing', undefined, 400],
  ['an empty text', '', 400],
])('accepts %s as a payload and as a body of inject', async (_what, payload, status) => {
  const { emulator, access } = await openWorld()
  const request = { method: 'POST', url: `/api/v1${AWS}`, headers: { authorization: `Bearer ${access.jwt}` } } as const
  const answers = [
    await emulator.inject({ ...request, ...(payload !== undefined && { payload }) }),
    await emulator.inject({ ...request, ...(payload !== undefined && { body: payload }) }),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([status, status])
})
