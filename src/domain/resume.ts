import { isRunning } from '../model/domain.ts'
import { toInstant } from '../model/time.ts'
import type { DomainRecord } from '../store/store.ts'
import { clockByCalendar, resumeClock } from './clock-state.ts'
import type { DomainServices } from './services.ts'
import { inSlices } from './slices.ts'
import { scopeOf } from './state.ts'

/** Restores a stored domain: its running clock continues, and never goes back. */
export async function resumeDomain(kept: DomainRecord, services: DomainServices): Promise<DomainRecord> {
  const { store, real } = services
  const record = await withoutPartialSeed(kept, services)
  if (!isRunning(record.clock.mode)) return record
  const newest = store.jobs.newest(scopeOf(record)) ?? toInstant(-Infinity)
  const isBehind = clockByCalendar(record.clock, real.calendar()) < newest
  const resumed = { ...record, clock: resumeClock(record.clock, newest, real) }
  // So that the next start continues from here too, even if the calendar is earlier then.
  if (isBehind) store.domains.save(resumed)
  return resumed
}

/** Deletes the jobs of a seed that was being added when the process ended. */
async function withoutPartialSeed(record: DomainRecord, { store }: DomainServices): Promise<DomainRecord> {
  if (record.visibleTo === undefined) return record
  await inSlices(store.contents.trim(record.content, record.visibleTo), store.transaction)
  const trimmed = { ...record, visibleTo: undefined }
  store.domains.save(trimmed)
  return trimmed
}
