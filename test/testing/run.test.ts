// clock.run: a client on fake timers and the domain in one time, until the client is done.

import { beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { readFile } from 'node:fs/promises'
import { mock } from 'node:test'
import { setTimeout as realSleep } from 'node:timers/promises'
import { deleteBackups } from '../../examples/testing/delete-backups.ts'
import { openCckm, type Cckm, type CckmOptions } from '../../src/testing/cckm-test.ts'
import { testServer } from '../../src/testing/server.ts'

// A start from the sources is slow, and should not count for the first test.
beforeAll(async () => {
  await testServer()
})

let count = 0

async function open(options: CckmOptions = {}): Promise<Cckm> {
  const { cckm } = await openCckm({ name: `run ${(count += 1)}`, file: import.meta.filename }, options)
  onTestFinished(() => cckm.drop())
  return cckm
}

/** Everything that a run must restore. */
const stateOf = async (cckm: Cckm) => [
  (await cckm.clock.read()).mode,
  (await cckm.settings()).tokenClock,
  vi.isFakeTimers(),
]

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

it.each(['step', 'frozen', 'running', 'auto'] as const)(
  'lets a client live ten minutes of its own time in ten of the domain, whose clock was %s',
  async (mode) => {
    const cckm = await open({ clock: mode === 'auto' ? 'step' : mode })
    if (mode === 'auto') await cckm.clock.set({ mode })
    await cckm.nextJob({ scenario: 'slow' })
    const before = Date.parse((await cckm.clock.read()).now)
    const result = await cckm.clock
      .run(() => deleteBackups({ baseUrl: cckm.url, ...cckm.credentials, backups: ['b1'] }), {
        timers: vi,
        max: '11m',
      })
      .catch((error: unknown) => String(error))
    // Its patience ends as the job does: it sees the end at its last poll, or gives up.
    expect([{ status: 'completed', failed: [] }, expect.stringContaining('after ten minutes')]).toContainEqual(result)
    const polls = await cckm.requests({ operation: 'azure.bulkjobs.get' })
    expect(polls.length).toBeGreaterThan(50)
    const lived = Date.parse(polls.at(-1)?.at ?? '') - before
    expect(lived).toBeGreaterThan(590_000)
    expect(lived).toBeLessThan(612_000)
    expect((await cckm.requests({ operation: 'auth.tokens.create' })).length).toBeGreaterThan(1)
    expect(await stateOf(cckm)).toEqual([mode, 'real', false])
  },
)

it('throws what the client throws, and restores everything', async () => {
  const cckm = await open()
  const failing = () => sleep(60_000).then(() => Promise.reject(new Error('gave up')))
  await expect(cckm.clock.run(failing, { timers: vi })).rejects.toThrow('gave up')
  const throwing = () => {
    throw new Error('at once')
  }
  await expect(cckm.clock.run(throwing, { timers: vi })).rejects.toThrow('at once')
  expect(await stateOf(cckm)).toEqual(['step', 'real', false])
})

it('throws past its max, and says what the client waits for', async () => {
  const cckm = await open()
  await cckm.nextJob({ scenario: 'stuck' })
  const patient = () => deleteBackups({ baseUrl: cckm.url, ...cckm.credentials })
  await expect(cckm.clock.run(patient, { timers: vi, max: '1m' })).rejects.toThrow(
    /^the client was not done within 1m of the domain's time: its next timer is due in \d+(\.\d+)?s\njob [0-9a-f-]{36}: scenario stuck/,
  )
  expect(await stateOf(cckm)).toEqual(['step', 'real', false])
})

it('waits for real work that is no timer', async () => {
  const cckm = await open()
  const work = async () => {
    const { length } = await readFile(import.meta.filename)
    await realSleep(20)
    await sleep(60_000)
    return length > 0
  }
  expect(await cckm.clock.run(work, { timers: vi })).toBe(true)
})

it('returns at once what is no promise', async () => {
  const cckm = await open()
  const { now } = await cckm.clock.read()
  expect(await cckm.clock.run(() => Date.now(), { timers: vi })).toBe(new Date(now).getTime())
})

it('refuses to run without fake timers or with a length that is none', async () => {
  const cckm = await open()
  for (const options of [{}, { timers: mock.timers }, { timers: { useFakeTimers: () => ({}) } }])
    await expect(cckm.clock.run(() => 1, options as never)).rejects.toThrow('run(work, { timers: vi })')
  expect(await stateOf(cckm)).toEqual(['step', 'real', false])
  await expect(cckm.clock.run(() => 1, { timers: vi, max: 'long' })).rejects.toThrow('"long" is not a duration')
  expect((await cckm.clock.run(60)).mode).toBe('running')
  expect((await cckm.clock.read()).rate).toBe(60)
})

it('freezes a step clock for an advance with timers, so that polls do not run ahead of the client', async () => {
  const cckm = await open()
  await cckm.nextJob({ scenario: 'slow' })
  const now = new Date((await cckm.clock.read()).now)
  vi.useFakeTimers({ now, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const done = deleteBackups({ baseUrl: cckm.url, ...cckm.credentials }).catch(() => 'gave up')
  await cckm.clock.advance('5m', { timers: vi })
  expect((await cckm.jobs.list()).jobs[0]?.job.overall_status).toBe('in_progress')
  expect((await cckm.clock.read()).mode).toBe('step')
  await cckm.clock.advance('6m', { timers: vi })
  await done
})
