// What the page works out without a browser: links, ranges of time, faults behind switches, bodies of its form.

import { fc } from '../support/fast-check.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sampleItems, toCreateBody } from '../../src/dashboard/create-request.ts'
import { instantOf, nowOf, SECOND } from '../../src/dashboard/instants.ts'
import { formatPlace, parsePlace, TABS } from '../../src/dashboard/link.ts'
import { backOffMs, createPace } from '../../src/dashboard/throttle.ts'
import { activeFault, faultText, isSpent, PRESETS } from '../../src/dashboard/presets.ts'
import { createEmulator } from '../../src/index.ts'

const NOON = instantOf('2026-01-01T12:00:00Z')

describe('A link', () => {
  it('holds domain, instant, job and view, and is read as it was written', () => {
    const place = fc.record({
      domain: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
      at: fc.option(fc.integer({ min: 0, max: 4_102_444_800_000_000 }), { nil: undefined }),
      job: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      tab: fc.constantFrom(...TABS),
    })
    fc.assert(
      fc.property(place, (each) => {
        expect(parsePlace(formatPlace(each))).toEqual(each)
      }),
    )
    expect(formatPlace({ domain: 't-42', at: NOON, job: 'j1', tab: 'jobs' })).toBe(
      '#domain=t-42&at=2026-01-01T12:00:00Z&job=j1',
    )
  })

  it('takes what makes no sense for absent', () => {
    const home = { domain: 'root', at: undefined, job: undefined, tab: 'jobs' }
    expect(['', '#', '#at=yesterday&view=all'].map(parsePlace)).toEqual([home, home, home])
  })
})

describe('The clock', () => {
  it('counts a running clock on, at its rate, and no other', () => {
    const clock = { now: '2026-01-01T12:00:00Z', rate: 60, nextTransitionAt: null }
    expect(nowOf({ ...clock, mode: 'running' }, 500)).toBe(NOON + 30 * SECOND)
    expect([nowOf({ ...clock, mode: 'frozen' }, 500), nowOf({ ...clock, mode: 'step' }, 500)]).toEqual([NOON, NOON])
  })
})

describe('The switches of faults', () => {
  it('are faults that the emulator takes, and know themselves when it gives them back', async () => {
    await using emulator = await createEmulator({ seed: 'none' })
    const world = emulator.domain('t-1')
    for (const { fault } of PRESETS) await world.fault(fault)
    const faults = await world.faults()
    expect(PRESETS.map((preset) => activeFault(preset, faults)?.id)).toEqual(faults.map(({ id }) => id))
    expect(faults.map(faultText)).toEqual(PRESETS.map(({ name }) => name))
  })

  it('are off again once they have hit as often as they may', () => {
    const [preset] = PRESETS.filter(({ fault }) => fault.times === 1)
    const spent = { ...preset!.fault, id: 'f1', seen: 3, hits: 1 }
    expect([isSpent(spent), activeFault(preset!, [spent])]).toEqual([true, undefined])
    expect(faultText(spent)).toBe(preset!.name)
  })

  it('are not all that there is: another fault is put in words', () => {
    const counts = { id: 'f1', seen: 0, hits: 0 }
    expect(faultText({ ...counts, do: { delay: '5ms' } })).toBe('delay 5ms on any call')
    expect(faultText({ ...counts, on: { method: 'GET', nth: [2] }, do: { respond: { status: 500 } } })).toBe(
      'respond {"status":500} on method GET, nth [2]',
    )
  })
})

describe('The form for a new job', () => {
  it('names items as the family does', () => {
    const job = { family: 'aws.bulkjob', operation: 'enablekey', items: 'a\n b,c \n', scenario: '' }
    expect(toCreateBody(job, 'keys')).toEqual({
      family: 'aws.bulkjob',
      request: { operation: 'enablekey', keys: ['a', 'b', 'c'] },
    })
    expect(
      toCreateBody(
        { ...job, family: 'azure.bulkjobs', operation: 'delete-key-backups', items: '', scenario: 'slow' },
        'backups',
      ),
    ).toEqual({ family: 'azure.bulkjobs', request: { operation: 'delete-key-backups' }, scenario: 'slow' })
    expect(sampleItems(2)).toBe('key-01\nkey-02')
  })
})

describe('News', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are looked at at once, then together, and not after the end', () => {
    let count = 0
    const pace = createPace(250, () => (count += 1))
    pace.ask()
    pace.ask()
    pace.ask()
    expect(count).toBe(1)
    vi.advanceTimersByTime(250)
    expect(count).toBe(2)
    vi.advanceTimersByTime(1000)
    expect(count).toBe(2)
    pace.ask()
    pace.ask()
    pace.stop()
    vi.advanceTimersByTime(1000)
    expect(count).toBe(3)
  })

  it('are waited for ever longer where nobody answers, ten seconds at the most', () => {
    expect([0, 1, 2, 10].map(backOffMs)).toEqual([500, 1000, 2000, 10_000])
  })
})
