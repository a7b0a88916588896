// The law for the simulator: spans of time and their transitions. The clocks of domains have their own tests.

import { toInstant } from '../../src/model/time.ts'
import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import type { Transition } from '../../src/model/job.ts'
import type { ItemResult } from '../../src/model/plan.ts'
import { endOf, jobAt } from '../../src/simulator/job-at.ts'
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
      const own = between.filter(({ item }) => item === undefined)
      expect([before.status, ...own.map(({ to }) => to)].slice(0, -1)).toEqual(own.map(({ from }) => from))
      expect(own.at(-1)?.to ?? before.status).toBe(after.status)
    }),
    { numRuns: CASES },
  )
})

it("orders transitions by time, and a job's transition after those of its items", PATIENTLY, () => {
  fc.assert(
    fc.property(history, ({ plan, events }) => {
      const all = transitionsOf({ id: 'job', plan, events }, { from: toInstant(-Infinity), to: toInstant(Infinity) })
      expect(all).toEqual([...all].sort((a, b) => a.at - b.at))
      const end = plan.kind === 'unfolding' ? endOf(plan, events) : undefined
      if (end !== undefined) expect(all.at(-1)).toMatchObject({ job: 'job', to: end.status, at: end.at })
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
      const times = itemTimes(plan, events)
      expect(times.slice(0, plan.items.length)).toEqual(
        plan.items.map(({ id }) => ({ id, at: alive ? ends.get(id) : undefined })),
      )
      // With the end of the job they are all its transitions: the store counts these rows.
      const counted = times.flatMap(({ at }) => at ?? [])
      if (alive && plan.kind === 'unfolding')
        expect([...counted, jobTimes(plan, events).endsAt ?? []].flat().sort()).toEqual(all.map(({ at }) => at).sort())
      if (plan.kind === 'unfolding') expect(jobTimes(plan, events).endsAt).toBe(endOf(plan, events)?.at)
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
