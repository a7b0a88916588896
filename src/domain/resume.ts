import type { DomainRecord } from '../store/store.ts'
import { clockByCalendar, clockResumed } from './clock-state.ts'
import { inSlices } from './slices.ts'
import { scopeOf } from './state.ts'
import type { World } from './services.ts'

/** A domain that another process kept: its running clock goes on, and is never put back. */
export async function resumed(kept: DomainRecord, world: World): Promise<DomainRecord> {
  const { store, real } = world
  const record = await whole(kept, world)
  if (record.clock.mode !== 'running') return record
  const newest = store.jobs.newest(scopeOf(record)) ?? -Infinity
  const isBehind = clockByCalendar(record.clock, real.calendar()) < newest
  const again = { ...record, clock: clockResumed(record.clock, newest, real) }
  // So that the next start goes on from here too, were the calendar earlier still.
  if (isBehind) store.domains.save(again)
  return again
}

/** Takes back a seed that was being added when the process ended. */
async function whole(record: DomainRecord, { store }: World): Promise<DomainRecord> {
  if (record.visibleTo === undefined) return record
  await inSlices(store.contents.trim(record.content, record.visibleTo), store.transaction)
  const mended = { ...record, visibleTo: undefined }
  store.domains.save(mended)
  return mended
}
