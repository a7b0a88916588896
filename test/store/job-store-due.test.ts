import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import type { JobWrite, StoredJob } from '../../src/store/job-store.ts'
import { PATIENTLY } from '../laws/cases.ts'
import { instant } from '../laws/histories.ts'
import { BACKENDS } from './backends.ts'
import { writes } from './job-writes.ts'

const EVER = { from: -Infinity, to: Infinity }

describe.each(BACKENDS)('what is due among jobs kept in a $name', ({ open }) => {
  it('is every change within a span, and all of it', PATIENTLY, async () => {
    using kept = open()
    let domain = 0
    const span = fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    await fc.assert(
      fc.asyncProperty(writes, span, fc.nat({ max: 4 }), async (all, { from, to }, limit) => {
        domain += 1
        await kept.store.jobs.insertAll(domain, all)
        const due = await kept.store.jobs.due(domain, { from, to, limit })
        const alive = all.filter(isAlive)
        const within = alive.filter((write) => changesOf(write, { from, to }).length > 0)
        const inside = within.filter((write) => changesOf(write, { from, to }).length === changesOf(write, EVER).length)
        expect(idsOf(due.inside)).toEqual(
          inside
            .sort(byFirstChange)
            .slice(0, limit)
            .map(({ job }) => job.id),
        )
        expect(due.insideTotal).toBe(inside.flatMap((write) => changesOf(write, EVER)).length)
        expect(idsOf(due.edge)).toEqual(expect.arrayContaining(without(within, inside)))
        expect(idsOf(due.edge).filter((id) => inside.some(({ job }) => job.id === id))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('is, at an instant, what is under way and what comes next', PATIENTLY, async () => {
    using kept = open()
    let domain = 0
    await fc.assert(
      fc.asyncProperty(writes, instant, async (all, at) => {
        domain += 1
        await kept.store.jobs.insertAll(domain, all)
        const { running, next } = await kept.store.jobs.pending(domain, at)
        const changes = all.filter(isAlive).map((write) => ({ write, all: changesOf(write, EVER) }))
        const underWay = changes.filter((each) => each.all[0]! <= at && each.all.at(-1)! > at)
        expect(idsOf(running).sort()).toEqual(underWay.map(({ write }) => write.job.id).sort())
        const later = changes.map((each) => each.all[0] ?? -Infinity).filter((first) => first > at)
        expect(next).toBe(later.length === 0 ? undefined : Math.min(...later))
      }),
      { numRuns: 150 },
    )
  })

  it('has a span: from when the first job is there to the last change that time brings', PATIENTLY, async () => {
    using kept = open()
    expect(await kept.store.jobs.span(1)).toBeUndefined()
    let domain = 1
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        domain += 1
        await kept.store.jobs.insertAll(domain, all)
        const changes = all.flatMap((write) => changesOf(write, EVER))
        const first = all.map(({ job }) => job.existsFrom)
        const span = { from: Math.min(...first), to: changes.length === 0 ? undefined : Math.max(...changes) }
        expect(await kept.store.jobs.span(domain)).toEqual(all.length === 0 ? undefined : span)
      }),
      { numRuns: 50 },
    )
  })
})

function isAlive({ job }: JobWrite): boolean {
  return job.events.every(({ kind }) => kind !== 'delete')
}

function changesOf({ job }: JobWrite, span: { from: number; to: number }): number[] {
  return transitionsOf(job, span).map(({ at }) => at)
}

function byFirstChange(a: JobWrite, b: JobWrite): number {
  return changesOf(a, EVER)[0]! - changesOf(b, EVER)[0]!
}

function idsOf(stored: readonly StoredJob[]): string[] {
  return stored.map(({ job }) => job.id)
}

function without(all: readonly JobWrite[], some: readonly JobWrite[]): string[] {
  return all.filter((write) => !some.includes(write)).map(({ job }) => job.id)
}
