import { expect, it } from 'vitest'
import { atOnce } from '../../src/domain/slices.ts'
import type { JobWrite } from '../../src/store/job-store.ts'
import { TIME_COLUMNS, timeValues } from '../../src/store/rows.ts'
import { START } from '../laws/histories.ts'
import { allOf, openIn, temporaryFolder } from './backends.ts'
import { domain } from './domains.ts'
import { writeOf } from './job-writes.ts'
import { writeOldData } from './old-data.ts'

const ORIGIN = { settings: {}, users: [], scenario: 'slow' }

/** Format 6 added the phases, which come last. */
const OLD_COLUMNS = TIME_COLUMNS.slice(0, -1)

function oldRow({ job, times, finalText }: JobWrite): Record<string, string | number | null> {
  const values = timeValues(times)
  return {
    ...{ domain: 1, id: job.id, family: job.family, operation: job.operation, cloud: job.cloud },
    ...{ exists_from: job.existsFrom, version: job.events.length, final_text: finalText ?? null, document: null },
    ...Object.fromEntries(OLD_COLUMNS.map((column, index) => [column, values[index] ?? null])),
    ...{ first_transition_at: START, last_transition_at: times.endsAt ?? null, transition_count: 3 },
    ...{ echoes: '{}', plan: JSON.stringify(job.plan), events: JSON.stringify(job.events) },
  }
}

it('reads data of the first format', () => {
  using folder = temporaryFolder()
  const writes = ['a', 'b', 'c'].map((id) => writeOf(id))
  const state = JSON.stringify({ ...domain('id', 'root'), isTouched: false, isSeeded: true, origin: ORIGIN })
  writeOldData(folder.path, 1, { domain: [{ id: 'id', name: 'root', state }], job: writes.map(oldRow) })
  for (let opened = 0; opened < 2; opened += 1) {
    const store = openIn(folder.path)
    atOnce(store.upgrade())
    for (const { job } of writes) expect(store.jobs.find(allOf(1), job.id)).toEqual(job)
    expect(store.jobs.count(allOf(1))).toBe(3)
    const [taken] = store.domains.all()
    expect(taken).toMatchObject({ content: 1, visibleTo: undefined, origin: ORIGIN })
    store.domains.save({ ...taken!, isDirty: true })
    store.close()
  }
})
