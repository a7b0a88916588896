// The law for the simulator: spans of time and their transitions. The clocks of domains have their own tests.

import { toInstant } from '../../src/model/time.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IN_PROGRESS, type Transition } from '../../src/model/job.ts'
import type { ItemResult } from '../../src/model/plan.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { itemTimes, jobTimes } from '../../src/simulator/job-times.ts'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { history, instant, instants } from './histories.ts'

it('has the same transitions in adjacent spans as in the whole span', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instants, ({ plan, events }, moments) => {
      const job = { id: 'job', plan, events }
      const parts = moments.slice(1).flatMap((to, index) => transitionsOf(job, { from: moments[index]!, to }))
      expect(parts).toEqual(transitionsOf(job, { from: moments[0]!, to: moments.at(-1)! }))
    }),
    { numRuns: CASES },
  )
})

it("leads by the transitions of a span from the job's first to its last state", PATIENTLY, () => {
  fc.assert(
    fc.property(history, instants, ({ plan, events }, moments) => {
      const [from, to] = [moments[0]!, moments.at(-1)!]
      const [before, after] = [jobAt(plan, events, from), jobAt(plan, events, to)]
      const between = transitionsOf({ id: 'job', plan, events }, { from, to })
      expect(sorted([...before.results, ...between.flatMap(itemOf)])).toEqual(sorted(after.results))
      expect(between.find(({ item }) => item === undefined)?.to ?? before.status).toBe(after.status)
    }),
    { numRuns: CASES },
  )
})

it("orders transitions by time, and a job's transition after those of its items", PATIENTLY, () => {
  fc.assert(
    fc.property(history, ({ plan, events }) => {
      const all = transitionsOf({ id: 'job', plan, events }, { from: toInstant(-Infinity), to: toInstant(Infinity) })
      expect(all).toEqual([...all].sort((a, b) => a.at - b.at))
      expect(all.findIndex(({ item }) => item === undefined)).toBe(
        all.some(({ from }) => from === IN_PROGRESS) ? all.length - 1 : -1,
      )
    }),
    { numRuns: CASES },
  )
})

it("knows the instant of a job's next transition in the absence of commands", PATIENTLY, () => {
  fc.assert(
    fc.property(history, instant, ({ plan, events }, now) => {
      const known = events.filter(({ at }) => at <= now)
      const [next] = transitionsOf({ id: 'job', plan, events: known }, { from: now, to: toInstant(Infinity) })
      expect(jobAt(plan, known, now).nextTransitionAt).toBe(next?.at)
    }),
    { numRuns: CASES },
  )
})

it('ends items and job at the instants of their transitions', PATIENTLY, () => {
  fc.assert(
    fc.property(history, ({ plan, events }) => {
      const alive = events.every(({ kind }) => kind !== 'delete')
      const all = transitionsOf({ id: 'job', plan, events }, { from: toInstant(-Infinity), to: toInstant(Infinity) })
      const ends = new Map(all.map(({ item, at }) => [item, at]))
      expect(itemTimes(plan, events)).toEqual(
        plan.items.map(({ id }) => ({ id, at: alive ? ends.get(id) : undefined })),
      )
      if (plan.kind === 'unfolding') expect(jobTimes(plan, events).endsAt).toBe(ends.get(undefined))
    }),
    { numRuns: CASES },
  )
})

function itemOf({ item, to }: Transition): ItemResult[] {
  return item === undefined ? [] : [{ id: item, status: to }]
}

function sorted(results: readonly ItemResult[]): ItemResult[] {
  return [...results].sort((a, b) => (a.id < b.id ? -1 : 1))
}
