import { describe, expect, it } from 'vitest'
import { toneOfState } from '../../src/axis/tone.ts'
import type { ResourceStepAnswer } from '../../src/client/answers/resources.ts'
import { instantOf } from '../../src/dashboard/instants.ts'
import { keyRowOf, rowText } from '../../src/dashboard/key-timeline.ts'
import { formatPlace, parsePlace } from '../../src/dashboard/link.ts'

const at = (time: string) => `2026-01-01T${time}Z`
const by = { seed: true } as const
const step = (time: string, more: Partial<ResourceStepAnswer>): ResourceStepAnswer => ({
  at: at(time),
  change: 'updated',
  by,
  ...more,
})

describe('The states of a key over time', () => {
  it('begin where the state changes, and not where tags do', () => {
    const steps = [
      step('12:00:00', { state: 'Enabled', hidden: true }),
      step('12:00:01', { state: 'Enabled' }),
      step('12:00:02', { state: 'Enabled' }),
      step('12:00:03', { state: 'Disabled' }),
      step('12:00:04', { removed: true }),
    ]
    const row = keyRowOf({ id: 'k1', kind: 'aws.key', steps })
    expect(row.spans).toEqual([
      { from: instantOf(at('12:00:00')), to: instantOf(at('12:00:01')), tone: 'unseen', text: 'Enabled (hidden)' },
      { from: instantOf(at('12:00:01')), to: instantOf(at('12:00:03')), tone: 'done', text: 'Enabled' },
      { from: instantOf(at('12:00:03')), to: instantOf(at('12:00:04')), tone: 'cancelled', text: 'Disabled' },
    ])
    expect(rowText(row)).toMatch(/^Enabled \(hidden\) from .*, Disabled from .*, removed at 2026-01-01 12:00:04$/)
  })

  it('are there without an end where the kind has no states', () => {
    const { spans } = keyRowOf({ id: 'v1', kind: 'azure.vault', steps: [step('12:00:00', { change: 'created' })] })
    expect(spans).toEqual([{ from: instantOf(at('12:00:00')), to: undefined, tone: 'done', text: 'there' }])
  })

  it.each([
    ['Enabled', 'done'],
    ['AVAILABLE', 'done'],
    ['disabled', 'cancelled'],
    ['PendingReplicaDeletion', 'pending'],
    ['SOFT-DELETED', 'pending'],
    ['DELETED', 'failed'],
    ['gone', 'failed'],
    ['Creating', 'running'],
  ])('have a tone: %s is %s', (state, tone) => {
    expect(toneOfState(state)).toBe(tone)
  })
})

it('A link names the key and the request', () => {
  const place = { ...parsePlace(''), key: 'k 1', request: 'r1', tab: 'keys' as const }
  expect(parsePlace(formatPlace(place))).toEqual(place)
})
