import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { cancel, poll, remove, signal } from '../../src/simulator/commands.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { history, instants, START } from './histories.ts'

it('never changes a final job, except for its flag and its deletion', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instants, ({ plan, events }, moments) => {
      const views = moments.map((at) => jobAt(plan, events, at))
      const first = views.findIndex(({ isFinal }) => isFinal)
      if (first < 0) return
      const { abort, ...fixed } = views[first]!
      for (const { abort: later, ...view } of views.slice(first)) {
        expect({ ...view, isAsCaptured: fixed.isAsCaptured, isDeleted: fixed.isDeleted }).toEqual(fixed)
        expect(later || !abort).toBe(true)
      }
    }),
    { numRuns: CASES },
  )
})

it('ignores polls and signals of a final job, and sets at most its flag at a cancel', PATIENTLY, () => {
  fc.assert(
    fc.property(history, fc.constantFrom('finish', 'fail'), ({ plan, events, settings }, name) => {
      const late = START + 100 * SECOND
      const job = { plan, events }
      const before = jobAt(plan, events, toInstant(late))
      if (!before.isFinal) return
      expect(poll(job, toInstant(late))).toEqual({ event: undefined })
      expect(signal(job, toInstant(late), name)).toEqual({ refusal: 'not-waiting' })
      expect('event' in remove(job, toInstant(late), settings)).toBe(true)
      const decision = cancel(job, toInstant(late), settings)
      if ('refusal' in decision) expect(settings.cancelFinished).toBe('refuse')
      else if (decision.event === undefined) expect(before.abort).toBe(true)
      else {
        const after = jobAt(plan, [...events, decision.event], toInstant(late))
        expect({ ...after, isAsCaptured: before.isAsCaptured }).toEqual({ ...before, abort: true })
      }
    }),
    { numRuns: CASES },
  )
})
