import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/model/time.ts'
import type { JobWrite } from '../../src/store/job-store.ts'
import { START } from '../laws/histories.ts'
import { BACKENDS } from './backends.ts'
import { appendOf, PLAN, writeOf } from './job-writes.ts'

const END = START + 5 * SECOND
const azure = (id: string, at: number) => ({ family: 'azure.bulkjobs', id, at }) as const

describe.each(BACKENDS)('jobs kept in a $name', ({ open }) => {
  it('come back as they were written', async () => {
    using kept = open()
    const { jobs } = kept.store
    const captured = writeOf('b', { job: { document: '{"id":"b"}', echoes: { keys: '["k1"]' } } })
    const event = { kind: 'signal', at: START + 1, name: 'finish' } as const
    const changed = writeOf('c', { events: [event] })
    for (const write of [writeOf('a'), captured, changed]) expect(await jobs.insert(1, write)).toBe(true)
    expect(await jobs.find(1, 'a')).toEqual({ job: writeOf('a').job, version: 0 })
    expect(await jobs.find(1, 'b')).toEqual({ job: captured.job, version: 0 })
    expect(await jobs.find(1, 'c')).toEqual({ job: changed.job, version: 1 })
  })

  it('are not found under another id, in another domain, or by letters of another case', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('a'))
    for (const [domain, id] of [
      [1, 'b'],
      [2, 'a'],
      [1, 'A'],
      [1, ''],
    ] as const)
      expect(await jobs.find(domain, id)).toBeUndefined()
  })

  it('take an id once in each domain, and keep the first', async () => {
    using kept = open()
    const { jobs } = kept.store
    expect(await jobs.insert(1, writeOf('a'))).toBe(true)
    expect(await jobs.insert(1, writeOf('a', { job: { operation: 'other' } }))).toBe(false)
    expect(await jobs.insert(2, writeOf('a'))).toBe(true)
    expect((await jobs.find(1, 'a'))?.job.operation).toBe('delete-key-backups')
  })

  it('come in all together', async () => {
    using kept = open()
    const { jobs } = kept.store
    expect(await jobs.insertAll(1, [writeOf('a'), writeOf('b')])).toEqual({ taken: undefined })
    expect(await jobs.count(1)).toBe(2)
  })

  it('come in not at all when one of them is there already, or twice', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('b'))
    expect(await jobs.insertAll(1, [writeOf('a'), writeOf('b'), writeOf('c')])).toEqual({ taken: 'b' })
    expect(await jobs.insertAll(1, [writeOf('d'), writeOf('d')])).toEqual({ taken: 'd' })
    expect(await jobs.count(1)).toBe(1)
  })

  it('come in not at all when the reading of them fails on the way', async () => {
    using kept = open()
    const { jobs } = kept.store
    function* failing(): Iterable<JobWrite> {
      yield writeOf('a')
      throw new Error('line 2')
    }
    await expect(async () => jobs.insertAll(1, failing())).rejects.toThrow('line 2')
    expect(await jobs.count(1)).toBe(0)
    expect(await jobs.insertAll(1, [writeOf('a')])).toEqual({ taken: undefined })
  })

  it('give the document of one that is over, by family and instant', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('a'))
    expect(await jobs.finalText(1, azure('a', END))).toBe('final of a after 0')
    expect(await jobs.finalText(1, azure('a', END - 1))).toBeUndefined()
    expect(await jobs.finalText(1, { ...azure('a', END), family: 'aws.bulkjob' })).toBeUndefined()
    expect(await jobs.finalText(1, azure('b', END))).toBeUndefined()
    expect(await jobs.finalText(2, azure('a', END))).toBeUndefined()
  })

  it('give no document before the job was there, nor once it is deleted', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('late', { job: { existsFrom: END + 2 } }))
    await jobs.insert(1, writeOf('gone', { events: [{ kind: 'delete', at: END + 2 }] }))
    expect(await jobs.finalText(1, azure('late', END + 1))).toBeUndefined()
    expect(await jobs.finalText(1, azure('late', END + 2))).toBeDefined()
    expect(await jobs.finalText(1, azure('gone', END + 1))).toBeDefined()
    expect(await jobs.finalText(1, azure('gone', END + 2))).toBeUndefined()
  })

  it('give the captured document of one that was over when it was seeded, at any instant', async () => {
    using kept = open()
    const plan = { ...FINISHED, items: [] }
    await kept.store.jobs.insert(1, writeOf('a', { plan, job: { document: '{"as":"written"}', existsFrom: 0 } }))
    expect(await kept.store.jobs.finalText(1, azure('a', 0))).toBe('{"as":"written"}')
  })

  it('take an event only from one who knows the latest version', async () => {
    using kept = open()
    const { jobs } = kept.store
    const first = writeOf('a')
    await jobs.insert(1, first)
    const cancel = appendOf(first, { kind: 'cancel', at: START + 1 })
    expect(await jobs.append(2, cancel)).toBe(false)
    expect(await jobs.append(1, { ...cancel, id: 'b' })).toBe(false)
    expect(await jobs.append(1, cancel)).toBe(true)
    expect(await jobs.append(1, cancel)).toBe(false)
    const stored = await jobs.find(1, 'a')
    expect(stored).toEqual({ job: { ...first.job, events: [cancel.event] }, version: 1 })
    expect(await jobs.append(1, appendOf({ ...first, job: stored!.job }, { kind: 'delete', at: START + 2 }))).toBe(true)
    expect((await jobs.find(1, 'a'))?.job.events).toEqual([cancel.event, { kind: 'delete', at: START + 2 }])
  })

  it('are listed by what the last event made of them', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('a'))
    await jobs.append(1, appendOf(writeOf('a'), { kind: 'cancel', at: START + 1 }))
    expect(await jobs.finalText(1, azure('a', START))).toBeUndefined()
    expect(await jobs.finalText(1, azure('a', START + 1))).toBe('final of a after 1')
  })

  it('say which of its equals the next one of a content is, deleted ones and gaps counted', async () => {
    using kept = open()
    const { jobs } = kept.store
    await jobs.insert(1, writeOf('a', { content: 7 }))
    await jobs.insert(1, writeOf('b', { content: 7, occurrence: 1, events: [{ kind: 'delete', at: START }] }))
    await jobs.insert(1, writeOf('c', { content: 2 ** 52 - 1, occurrence: 3 }))
    await jobs.insert(1, writeOf('d'))
    await jobs.insert(2, writeOf('e', { content: 7, occurrence: 9 }))
    const next = [7, 2 ** 52 - 1, 8].map(async (content) => jobs.nextOccurrence(1, content))
    expect(await Promise.all(next)).toEqual([2, 4, 0])
    expect(await jobs.count(1)).toBe(4)
    expect(await jobs.count(3)).toBe(0)
  })

  it('are copied to another domain as they are, and live on apart', async () => {
    using kept = open()
    const { jobs } = kept.store
    const captured = writeOf('b', { plan: FINISHED, job: { document: 'as written' }, content: 7, occurrence: 1 })
    await jobs.insertAll(1, [writeOf('z', { content: 7 }), captured])
    await jobs.copyDomain({ from: 1, to: 2, keepTexts: true })
    await jobs.copyDomain({ from: 1, to: 3, keepTexts: false })
    await jobs.append(2, appendOf(writeOf('z'), { kind: 'cancel', at: START + 1 }))
    await jobs.dropDomain(1)
    expect(await Promise.all([1, 2, 3].map(async (domain) => jobs.count(domain)))).toEqual([0, 2, 2])
    expect((await jobs.find(2, 'z'))?.version).toBe(1)
    expect(await jobs.find(3, 'z')).toEqual({ job: writeOf('z').job, version: 0 })
    expect(await jobs.nextOccurrence(3, 7)).toBe(2)
    expect(await jobs.finalText(2, azure('z', END))).toBe('final of z after 1')
    // Texts of jobs that clients made hold the id of their domain, captured ones are what they are.
    expect(await jobs.finalText(3, azure('z', END))).toBeUndefined()
    expect(await jobs.finalText(3, azure('b', END))).toBe('as written')
  })
})

const FINISHED = {
  kind: 'finished',
  createdAt: START,
  updatedAt: START,
  completedAt: START,
  status: 'completed',
  abort: false,
  items: PLAN.items.map(({ id, status }) => ({ id, status })),
} as const
