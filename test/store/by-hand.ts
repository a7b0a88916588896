import { toInstant } from '../../src/model/time.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import type { EntryRequest, JobQuery, JobWrite, PageEntry, SortField } from '../../src/store/job-store.ts'

/** A page computed without SQL: status and order come from the simulator. */
export function pageByHand(
  all: readonly JobWrite[],
  asked: JobQuery & { readonly asText: boolean },
): { total: number; entries: PageEntry[] } {
  const matching = all.filter((write) => isWanted(write, asked)).sort((a, b) => compare(a, b, asked))
  const page = matching.slice(asked.skip, asked.limit === undefined ? undefined : asked.skip + asked.limit)
  return { total: matching.length, entries: page.map((write) => entryOf(write, asked)) }
}

function isWanted({ job }: JobWrite, { at, family, ids, statuses, clouds, operations }: JobQuery): boolean {
  const { status, isDeleted } = jobAt(job.plan, job.events, at)
  const oneOf = (wanted: readonly string[], value: string) => wanted.length === 0 || wanted.includes(value)
  return (
    job.existsFrom <= at &&
    !isDeleted &&
    (family === undefined || job.family === family) &&
    oneOf(ids, job.id) &&
    oneOf(statuses, status) &&
    oneOf(clouds, job.cloud) &&
    oneOf(operations, job.operation)
  )
}

/** Absent values come first, ties keep the order of creation. */
function compare(a: JobWrite, b: JobWrite, { sort, at }: JobQuery): number {
  for (const { field, descending } of sort) {
    const [left, right] = [sortValue(a, field, at), sortValue(b, field, at)]
    if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1)
  }
  return 0
}

function sortValue({ job }: JobWrite, field: SortField, at: number): string | number {
  const view = jobAt(job.plan, job.events, toInstant(at))
  if (field === 'createdAt' || field === 'updatedAt') return view[field]
  if (field === 'completed_at') return view.completedAt ?? -Infinity
  return field === 'overall_status' ? view.status : job[field]
}

function entryOf({ job, finalText }: JobWrite, { at, asText }: EntryRequest): PageEntry {
  if (asText && finalText !== undefined && jobAt(job.plan, job.events, at).isFinal) return { text: finalText }
  return { job }
}
