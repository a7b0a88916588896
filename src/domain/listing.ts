import type { JobQuery, PageEntry } from '../store/job-store.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

export interface Listing<T> {
  readonly total: number
  readonly entries: readonly T[]
}

/** Larger lists are rendered in slices. */
const MAX_AT_ONCE = 1000

/** Jobs that are read in one go. */
const STEP_JOBS = 100

/**
 * A list of jobs, rendered one by one. A large one is rendered behind the domain's gate, so that no job changes meanwhile, and
 * one at a time in the whole emulator, since it is all in memory before it is sent.
 */
export async function listJobs<T>(
  state: DomainState,
  query: JobQuery,
  render: (entry: PageEntry) => T,
  asText = true,
): Promise<Listing<T>> {
  const list = (): Sliced<Listing<T>> => rendered(state, query, render, asText)
  const isSmall = query.limit !== undefined && query.limit <= MAX_AT_ONCE
  if (isSmall || state.world.store.jobs.count(state.scope) <= MAX_AT_ONCE) return atOnce(list())
  return state.gate.run(() => state.world.largeLists.run(() => inSlices(list())))
}

function* rendered<T>(
  { world, scope }: DomainState,
  query: JobQuery,
  render: (entry: PageEntry) => T,
  asText: boolean,
): Sliced<Listing<T>> {
  const { jobs } = world.store
  const { total, seqs } = jobs.page(scope, query)
  const entries: T[] = []
  for (let i = 0; i < seqs.length; i += STEP_JOBS) {
    if (i > 0) yield
    const step = jobs.entries(scope, seqs.slice(i, i + STEP_JOBS), { at: query.at, asText })
    for (const entry of step) entries.push(render(entry))
  }
  return { total, entries }
}
