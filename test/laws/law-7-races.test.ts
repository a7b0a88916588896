import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../src/model/job.ts'
import type { CancelPlan, Ending, UnfoldingPlan } from '../../src/model/plan.ts'
import { SECOND, toInstant, toMicros } from '../../src/model/time.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { START } from './histories.ts'

const RANKED = ['after', 'polls', 'signal', 'cancel'] as const
type Cause = (typeof RANKED)[number]

const pairs = RANKED.flatMap((winner, rank) => RANKED.slice(rank + 1).map((loser) => ({ winner, loser })))

describe('two ends at the same instant', () => {
  it.each(pairs)('prefers $winner to $loser', ({ winner, loser }) => {
    const { plan, events } = race({ [winner]: 5 * SECOND, [loser]: 5 * SECOND })
    expect(jobAt(plan, events, toInstant(START + 5 * SECOND)).status).toBe(winner)
  })

  it.each(pairs)('applies $loser if it is a microsecond before $winner', ({ winner, loser }) => {
    const { plan, events } = race({ [winner]: 5 * SECOND, [loser]: 5 * SECOND - 1 })
    expect(jobAt(plan, events, toInstant(START + 5 * SECOND)).status).toBe(loser)
  })
})

it('applies the earliest end, and the first in rank among simultaneous ones', PATIENTLY, () => {
  const offset = fc.option(
    fc.integer({ min: 0, max: 3 }).map((seconds) => seconds * SECOND),
    { nil: undefined },
  )
  const offsets = fc.record({ after: offset, polls: offset, signal: offset, cancel: offset })
  fc.assert(
    fc.property(offsets, fc.integer({ min: 0, max: 2 }), (at, delay) => {
      const { plan, events } = race(at, delay * SECOND)
      const ends = RANKED.map((cause) => ({ cause, at: cause === 'cancel' ? plus(at.cancel, delay) : at[cause] }))
      const due = ends.filter((end): end is { cause: Cause; at: number } => end.at !== undefined)
      const earliest = Math.min(...due.map((end) => end.at))
      const expected = due.find((end) => end.at === earliest)?.cause
      expect(jobAt(plan, events, toInstant(START + 100 * SECOND)).status).toBe(expected ?? 'in_progress')
    }),
    { numRuns: CASES },
  )
})

it('sets only the flag at a cancel at the instant of completion', () => {
  const { plan, events } = race({ after: 5 * SECOND, cancel: 5 * SECOND })
  const view = jobAt(plan, events, toInstant(START + 5 * SECOND))
  expect(view).toMatchObject({ status: 'after', abort: true, completedAt: START + 5 * SECOND })
  expect(view.results).toEqual([{ id: 'k1', status: 'Success' }])
})

function plus(at: number | undefined, delay: number): number | undefined {
  return at === undefined ? undefined : at + delay * SECOND
}

/** A job whose endings are named after their causes, each this long after the start. */
function race(
  at: Partial<Record<Cause, number | undefined>>,
  cancelDelay = 0,
): { plan: UnfoldingPlan; events: JobEvent[] } {
  const ending = (cause: Cause, trigger: Ending['trigger']): Ending[] =>
    at[cause] === undefined ? [] : [{ trigger, status: cause }]
  const cancel: CancelPlan = {
    kind: 'effective',
    after: toMicros(cancelDelay),
    status: 'cancel',
    unfinished: 'Aborted',
  }
  const plan: UnfoldingPlan = {
    kind: 'unfolding',
    scenario: 'race',
    chosenBy: 'configuration',
    createdAt: START,
    updatedAt: START,
    startedAt: START,
    // In reverse rank, so that the order of the list does not decide.
    endings: [
      ...ending('signal', { kind: 'signal', name: 'finish' }),
      ...ending('polls', { kind: 'polls', count: 1 }),
      ...ending('after', { kind: 'after', delay: toMicros(at.after ?? 0) }),
    ],
    items: [{ id: 'k1', status: 'Success', at: 'end' }],
    cancel,
    results: 'progressive',
  }
  const happened: JobEvent[] = [
    ...(at.cancel === undefined ? [] : [{ kind: 'cancel' as const, at: toInstant(START + at.cancel) }]),
    ...(at.signal === undefined ? [] : [{ kind: 'signal' as const, at: toInstant(START + at.signal), name: 'finish' }]),
    ...(at.polls === undefined ? [] : [{ kind: 'poll' as const, at: toInstant(START + at.polls) }]),
  ]
  return { plan, events: happened.sort((a, b) => a.at - b.at) }
}
