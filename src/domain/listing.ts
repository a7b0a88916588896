import type { JobQuery, PageEntry } from '../store/job-store.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

interface Listing {
  readonly total: number
  readonly entries: readonly string[]
}

interface ListOptions {
  /** Receives the jobs in order, some at a time. */
  readonly render: (step: readonly PageEntry[]) => readonly string[]
  /** True if finished jobs are read as their stored text. */
  readonly asText: boolean
  /** Aborts when the response is sent, or its client disconnects. */
  readonly closed: AbortSignal | undefined
}

/** Larger lists are rendered in slices. */
const MAX_AT_ONCE = 1000

/** Jobs per read. */
const STEP_JOBS = 100

/**
 * A list of jobs, rendered step by step. A large one waits for the domain's gate, so that no job changes meanwhile, and
 * for other large lists, since it is in memory before it is sent. It is empty if its client disconnects first.
 */
export async function listJobs(state: DomainState, query: JobQuery, options: ListOptions): Promise<Listing> {
  const { largeLists, store } = state.services
  const { closed } = options
  const list = (): Sliced<Listing> => rendered(state, query, options)
  const isSmall = query.limit !== undefined && query.limit <= MAX_AT_ONCE
  if (isSmall || store.jobs.count(state.scope) <= MAX_AT_ONCE) return atOnce(list())
  while (closed?.aborted !== true) {
    // Outside of the domain's gate: otherwise calls that write would wait for the readers of other lists.
    await largeLists.waitForRoom(closed)
    const listing = await state.gate.run(() => largeLists.run(() => inSlices(list()), closed))
    if (listing === undefined) continue
    const length = listing.entries.reduce((sum, entry) => sum + entry.length, 0)
    if (closed !== undefined) largeLists.hold(length, closed)
    return listing
  }
  return { total: 0, entries: [] }
}

function* rendered(
  { services, scope }: DomainState,
  query: JobQuery,
  { render, asText, closed }: ListOptions,
): Sliced<Listing> {
  const { jobs } = services.store
  const { total, seqs } = jobs.page(scope, query)
  const entries: string[] = []
  for (let i = 0; i < seqs.length && closed?.aborted !== true; i += STEP_JOBS) {
    if (i > 0) yield
    const step = jobs.entries(scope, seqs.slice(i, i + STEP_JOBS), { at: query.at, asText })
    for (const entry of render(step)) entries.push(entry)
  }
  return { total, entries }
}
