import { describe, expect, it } from 'vitest'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { START } from '../laws/histories.ts'
import { atOnce } from '../../src/domain/slices.ts'
import { allOf, BACKENDS, contentWith } from './backends.ts'
import { domain } from './domains.ts'
import { appendOf, PLAN, writeOf } from './job-writes.ts'

const END = toInstant(START + 5 * SECOND)
const azure = (id: string, at: number) => ({ family: 'azure.bulkjobs', id, at: toInstant(at) }) as const

describe.each(BACKENDS)('jobs in a $name', ({ open }) => {
  it('are read as they were written', () => {
    using kept = open()
    const { jobs } = kept.store
    const captured = writeOf('b', { job: { document: '{"id":"b"}', echoes: { keys: '["k1"]' } } })
    const event = { kind: 'signal', at: toInstant(START + 1), name: 'finish' } as const
    const changed = writeOf('c', { events: [event] })
    const scope = contentWith(kept.store, [writeOf('a'), captured, changed])
    expect(jobs.find(scope, 'a')).toEqual(writeOf('a').job)
    expect(jobs.find(scope, 'b')).toEqual(captured.job)
    expect(jobs.find(scope, 'c')).toEqual(changed.job)
  })

  it('are not found by another id, in another content, before they are visible, or by an id in another case', () => {
    using kept = open()
    const { jobs } = kept.store
    const scope = contentWith(kept.store, [writeOf('a')])
    for (const [where, id] of [
      [scope, 'b'],
      [allOf(99), 'a'],
      [{ ...scope, visibleTo: 0 }, 'a'],
      [scope, 'A'],
      [scope, ''],
    ] as const)
      expect(jobs.find(where, id)).toBeUndefined()
  })

  it('have unique ids in each content, and the first one stays', () => {
    using kept = open()
    const { jobs } = kept.store
    const [one, other] = [contentWith(kept.store, []), contentWith(kept.store, [])]
    expect(jobs.insert(one.content, writeOf('a'))).toBe(true)
    expect(jobs.insert(one.content, writeOf('a', { job: { operation: 'other' } }))).toBe(false)
    expect(jobs.insert(other.content, writeOf('a'))).toBe(true)
    expect(jobs.find(one, 'a')?.operation).toBe('delete-key-backups')
  })

  it('are written all together or, after an error, not at all', () => {
    using kept = open()
    const { jobs, transaction } = kept.store
    const scope = contentWith(kept.store, [writeOf('a')])
    const failing = () =>
      transaction(() => {
        transaction(() => jobs.insert(scope.content, writeOf('b')))
        throw new Error('line 2')
      })
    expect(failing).toThrow('line 2')
    expect(jobs.count(scope)).toBe(1)
    transaction(() => jobs.insert(scope.content, writeOf('b')))
    expect(jobs.count(scope)).toBe(2)
  })

  it('return the document of a final job by family and instant', () => {
    using kept = open()
    const { jobs } = kept.store
    const scope = contentWith(kept.store, [writeOf('a')])
    expect(jobs.finalText(scope, azure('a', END))).toBe('final of a after 0')
    expect(jobs.finalText(scope, azure('a', END - 1))).toBeUndefined()
    expect(jobs.finalText(scope, { ...azure('a', END), family: 'aws.bulkjob' })).toBeUndefined()
    expect(jobs.finalText(scope, azure('b', END))).toBeUndefined()
    expect(jobs.finalText(allOf(99), azure('a', END))).toBeUndefined()
  })

  it("return no document before the job's start, or after its deletion", () => {
    using kept = open()
    const { jobs } = kept.store
    const late = writeOf('late', { job: { existsFrom: toInstant(END + 2) } })
    const gone = writeOf('gone', { events: [{ kind: 'delete', at: toInstant(END + 2) }] })
    const scope = contentWith(kept.store, [late, gone])
    expect(jobs.finalText(scope, azure('late', END + 1))).toBeUndefined()
    expect(jobs.finalText(scope, azure('late', END + 2))).toBeDefined()
    expect(jobs.finalText(scope, azure('gone', END + 1))).toBeDefined()
    expect(jobs.finalText(scope, azure('gone', END + 2))).toBeUndefined()
  })

  it('return the captured document of a job that was final when it was seeded, at any instant', () => {
    using kept = open()
    const plan = { ...FINISHED, items: [] }
    const scope = contentWith(kept.store, [
      writeOf('a', { plan, job: { document: '{"as":"written"}', existsFrom: toInstant(0) } }),
    ])
    expect(kept.store.jobs.finalText(scope, azure('a', 0))).toBe('{"as":"written"}')
  })

  it('are listed and found by the state after the last event', () => {
    using kept = open()
    const { jobs } = kept.store
    const first = writeOf('a')
    const scope = contentWith(kept.store, [first])
    const cancel = appendOf(first, { kind: 'cancel', at: toInstant(START + 1) })
    jobs.append(scope, cancel)
    expect(jobs.find(scope, 'a')).toEqual({ ...first.job, events: [cancel.event] })
    expect(jobs.finalText(scope, azure('a', START))).toBeUndefined()
    expect(jobs.finalText(scope, azure('a', START + 1))).toBe('final of a after 1')
    expect(jobs.countDue(scope, START, END)).toBe(3)
    expect(jobs.nextTransitionAt(scope, toInstant(START + 1))).toBeUndefined()
    jobs.append(
      scope,
      appendOf({ ...first, job: jobs.find(scope, 'a')! }, { kind: 'delete', at: toInstant(START + 2) }),
    )
    expect(jobs.find(scope, 'a')?.events).toEqual([cancel.event, { kind: 'delete', at: START + 2 }])
    expect(jobs.countDue(scope, START, END)).toBe(0)
  })

  it('return the next occurrence of a request, counting deleted jobs and gaps', () => {
    using kept = open()
    const { jobs } = kept.store
    const scope = contentWith(kept.store, [
      writeOf('a', { requestHash: 7 }),
      writeOf('b', { requestHash: 7, occurrence: 1, events: [{ kind: 'delete', at: START }] }),
      writeOf('c', { requestHash: 2 ** 52 - 1, occurrence: 3 }),
      writeOf('d'),
    ])
    contentWith(kept.store, [writeOf('e', { requestHash: 7, occurrence: 9 })])
    expect([7, 2 ** 52 - 1, 8].map((hash) => jobs.nextOccurrence(scope, hash))).toEqual([2, 4, 0])
    expect(jobs.count(scope)).toBe(4)
    expect(jobs.count(allOf(99))).toBe(0)
  })

  it('are found by what they act on: once, however often a resource is asked for', () => {
    using kept = open()
    const { jobs } = kept.store
    const scope = contentWith(kept.store, [{ ...writeOf('a'), targets: ['k1', 'k2', 'k1'] }, writeOf('b')])
    const acting = jobs.actingOn(scope, ['k1', 'k2', 'k1', 'k3'])
    expect([...acting]).toEqual(['k1', 'k2'].map((id) => [id, [expect.any(Number)]]))
  })

  it('return the instant of the newest job or change', () => {
    using kept = open()
    const { jobs } = kept.store
    expect(jobs.newest(allOf(99))).toBeUndefined()
    const scope = contentWith(kept.store, [writeOf('a'), writeOf('b', { job: { existsFrom: toInstant(START - 9) } })])
    expect(jobs.newest(scope)).toBe(START)
    jobs.append(
      scope,
      appendOf(writeOf('b', { job: { existsFrom: toInstant(START - 9) } }), {
        kind: 'cancel',
        at: toInstant(START + 3),
      }),
    )
    expect(jobs.newest(scope)).toBe(START + 3)
  })
})

describe.each(BACKENDS)('contents in a $name', ({ open }) => {
  it('are copied in their order, and change independently afterwards', () => {
    using kept = open()
    const { jobs, contents } = kept.store
    const captured = writeOf('b', { plan: FINISHED, job: { document: 'as written' }, requestHash: 7, occurrence: 1 })
    const first = contentWith(kept.store, [writeOf('z', { requestHash: 7 }), captured])
    const [same, other] = [contentWith(kept.store, []), contentWith(kept.store, [])]
    atOnce(contents.copy(first, same.content))
    atOnce(contents.copy(first, other.content, (record) => record))
    jobs.append(same, appendOf(writeOf('z'), { kind: 'cancel', at: toInstant(START + 1) }))
    atOnce(contents.drop(first.content))
    expect([first, same, other].map((scope) => jobs.count(scope))).toEqual([0, 2, 2])
    expect(jobs.find(same, 'z')?.events).toHaveLength(1)
    expect(jobs.find(other, 'z')).toEqual(writeOf('z').job)
    expect(jobs.nextOccurrence(other, 7)).toBe(2)
    expect(jobs.due(other, { from: { at: START, seq: Infinity }, to: END, limit: 9 })).toMatchObject([
      { seq: 1, job: { id: 'z' } },
    ])
    expect(jobs.countDue(other, START, END)).toBe(3)
    expect(jobs.finalText(same, azure('z', END))).toBe('final of z after 1')
    // Documents of created jobs contain the id of their domain, captured ones stay unchanged.
    expect(jobs.finalText(other, azure('z', END))).toBeUndefined()
    expect(jobs.finalText(other, azure('b', END))).toBe('as written')
  })

  it('are copied, trimmed and deleted in steps of a few hundred jobs, in order', () => {
    using kept = open()
    const { jobs, contents } = kept.store
    const scope = contentWith(
      kept.store,
      Array.from({ length: 450 }, (_, index) => writeOf(`job-${index}`)),
    )
    const copy = allOf(contents.create())
    expect([...contents.copy({ ...scope, visibleTo: 430 }, copy.content)]).toHaveLength(3)
    const { seqs } = jobs.page(copy, { ...EVERYTHING, skip: 425 })
    expect(jobs.entries(copy, seqs, { at: START, asText: false })).toMatchObject(
      [425, 426, 427, 428, 429].map((index) => ({ job: { id: `job-${index}` } })),
    )
    expect([...contents.trim(copy.content, 100)]).toHaveLength(2)
    expect([jobs.count(copy), contents.lastSeq(copy.content)]).toEqual([100, 100])
    expect(jobs.countDue(copy, START, END)).toBe(300)
    atOnce(contents.drop(copy.content))
    expect([jobs.count(copy), jobs.count(scope)]).toEqual([0, 450])
    expect(jobs.countDue(copy, START, END)).toBe(0)
  })

  it('are listed as unnamed until a domain names them', () => {
    using kept = open()
    const { contents, domains } = kept.store
    const [one, two] = [contents.create(), contents.create()]
    expect(contents.unnamed()).toEqual([one, two])
    domains.add({ ...domain('id', 'a'), content: one })
    expect(contents.unnamed()).toEqual([two])
    atOnce(contents.drop(two))
    expect(contents.unnamed()).toEqual([])
    expect(contents.create()).toBeGreaterThan(two)
  })
})

const EVERYTHING = {
  ...{ at: START, family: undefined, ids: [], statuses: [], clouds: [], operations: [] },
  ...{ sort: [], skip: 0, limit: undefined },
}

const FINISHED = {
  kind: 'finished',
  createdAt: START,
  updatedAt: START,
  completedAt: START,
  status: 'completed',
  abort: false,
  items: PLAN.items.map(({ id, status }) => ({ id, status })),
} as const
