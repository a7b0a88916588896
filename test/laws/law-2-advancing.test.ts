// The pure level: spans of time and the transitions in them. The clocks of domains are tested where they are.

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

it('the transitions of adjacent spans are those of the whole', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instants, ({ plan, events }, moments) => {
      const job = { id: 'job', plan, events }
      const parts = moments.slice(1).flatMap((to, index) => transitionsOf(job, { from: moments[index]!, to }))
      expect(parts).toEqual(transitionsOf(job, { from: moments[0]!, to: moments.at(-1)! }))
    }),
    { numRuns: CASES },
  )
})

it('the transitions of a span lead from the job at its beginning to the job at its end', PATIENTLY, () => {
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

it('transitions come in order of time, and a job changes after its items', PATIENTLY, () => {
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

it('a job tells the instant of its next transition, as long as nobody interferes', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instant, ({ plan, events }, now) => {
      const known = events.filter(({ at }) => at <= now)
      const [next] = transitionsOf({ id: 'job', plan, events: known }, { from: now, to: toInstant(Infinity) })
      expect(jobAt(plan, known, now).nextTransitionAt).toBe(next?.at)
    }),
    { numRuns: CASES },
  )
})

it('items end where their transitions are, and the job where its own is', PATIENTLY, () => {
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
