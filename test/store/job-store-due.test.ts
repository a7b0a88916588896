import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { toInstant } from '../../src/model/time.ts'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import type { JobWrite } from '../../src/store/job-store.ts'
import { PATIENTLY } from '../laws/cases.ts'
import { instant } from '../laws/histories.ts'
import { allOf, BACKENDS, contentWith } from './backends.ts'
import { writes } from './job-writes.ts'

const EVER = { from: toInstant(-Infinity), to: toInstant(Infinity) }

describe.each(BACKENDS)('due changes of jobs in a $name', ({ open }) => {
  it('counts every change in a span, and returns the jobs of the first ones', PATIENTLY, () => {
    using kept = open()
    const span = fc
      .tuple(instant, instant)
      .map(([a, b]) => ({ from: toInstant(Math.min(a, b)), to: toInstant(Math.max(a, b)) }))
    fc.assert(
      fc.property(writes, span, fc.nat({ max: 4 }), (all, { from, to }, limit) => {
        const scope = contentWith(kept.store, all)
        const jobs = kept.store.jobs.due(scope, {
          from: { at: from, seq: Infinity },
          to: to,
          limit,
        })
        const changes = all.filter(isAlive).flatMap(({ job }) => transitionsOf(job, { from: from, to: to }))
        expect(kept.store.jobs.countDue(scope, from, to)).toBe(changes.length)
        const named = jobs.flatMap(({ job }) => transitionsOf(job, { from: from, to: to })).sort((a, b) => a.at - b.at)
        expect(named.slice(0, limit)).toEqual([...changes].sort((a, b) => a.at - b.at).slice(0, limit))
      }),
      { numRuns: 150 },
    )
  })

  it('returns the next change after an instant', PATIENTLY, () => {
    using kept = open()
    fc.assert(
      fc.property(writes, instant, (all, after) => {
        const scope = contentWith(kept.store, all)
        const later = all
          .filter(isAlive)
          .flatMap((write) => changesOf(write))
          .filter((at) => at > after)
        expect(kept.store.jobs.nextTransitionAt(scope, after)).toBe(later.length === 0 ? undefined : Math.min(...later))
      }),
      { numRuns: 150 },
    )
  })

  it("returns the span from the first job's start to the last change by time", PATIENTLY, () => {
    using kept = open()
    expect(kept.store.jobs.span(allOf(99))).toBeUndefined()
    fc.assert(
      fc.property(writes, (all) => {
        const scope = contentWith(kept.store, all)
        const changes = all.filter(isAlive).flatMap((write) => changesOf(write))
        const first = all.map(({ job }) => job.existsFrom)
        const span = { from: Math.min(...first), to: changes.length === 0 ? undefined : Math.max(...changes) }
        expect(kept.store.jobs.span(scope)).toEqual(all.length === 0 ? undefined : span)
      }),
      { numRuns: 50 },
    )
  })
})

function isAlive({ job }: JobWrite): boolean {
  return job.events.every(({ kind }) => kind !== 'delete')
}

function changesOf({ job }: JobWrite): number[] {
  return transitionsOf(job, EVER).map(({ at }) => at)
}
