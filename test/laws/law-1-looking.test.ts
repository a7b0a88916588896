import { toInstant } from '../../src/model/time.ts'
import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { jobAt } from '../../src/simulator/job-at.ts'
import { jobTimes } from '../../src/simulator/job-times.ts'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { history, instant, instants, type History } from './histories.ts'

it('changes neither a job nor later reads by reads at any instants in any order', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instants, fc.infiniteStream(fc.nat()), (job, moments, chance) => {
      const frozen = deepFreeze(structuredClone(job))
      const first = moments.map((at) => jobAt(frozen.plan, frozen.events, at))
      for (const at of shuffled(moments, chance)) lookAt(frozen, at)
      expect(moments.map((at) => jobAt(frozen.plan, frozen.events, at))).toEqual(first)
      expect(frozen).toEqual(job)
    }),
    { numRuns: CASES },
  )
})

it("does not change a job's past by later events", PATIENTLY, () => {
  fc.assert(
    fc.property(history, instant, ({ plan, events }, at) => {
      const known = events.filter((event) => event.at <= at)
      expect(jobAt(plan, events, at)).toEqual(jobAt(plan, known, at))
    }),
    { numRuns: CASES },
  )
})

function lookAt({ plan, events }: History, at: number): void {
  jobAt(plan, events, toInstant(at))
  jobTimes(plan, events)
  transitionsOf({ id: 'job', plan, events }, { from: toInstant(at), to: toInstant(Infinity) })
}

function shuffled<T>(values: readonly T[], chance: Iterable<number>): T[] {
  const ranks = chance[Symbol.iterator]()
  return values
    .map((value) => ({ value, rank: Number(ranks.next().value) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
