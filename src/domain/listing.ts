import { atOnce, inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

interface Listing {
  readonly total: number
  readonly entries: readonly string[]
}

/** What a list is of. */
interface Listed<Entry> {
  /** How many there are to choose from, at most. */
  readonly count: () => number
  readonly page: () => { readonly total: number; readonly seqs: readonly number[] }
  readonly entries: (seqs: readonly number[]) => readonly Entry[]
  /** Gets some entries at a time, in order. */
  readonly render: (step: readonly Entry[]) => readonly string[]
}

interface ListOptions {
  /** undefined: all of them. */
  readonly limit: number | undefined
  /** Aborts when the response is sent, or its client disconnects. */
  readonly closed: AbortSignal | undefined
}

/** Larger lists are rendered in slices. */
const MAX_AT_ONCE = 1000

/** Entries per read. */
const STEP_ENTRIES = 100

/**
 * A list of jobs or resources, rendered step by step. A large one waits for the domain's gate, so that nothing changes
 * meanwhile, and for other large lists, since it is in memory before it is sent. It is empty if its client disconnects first.
 */
export async function renderList<Entry>(
  state: DomainState,
  listed: Listed<Entry>,
  { limit, closed }: ListOptions,
): Promise<Listing> {
  const { largeLists } = state.services
  const list = (): Sliced<Listing> => rendered(listed, closed)
  const isSmall = limit !== undefined && limit <= MAX_AT_ONCE
  if (isSmall || listed.count() <= MAX_AT_ONCE) return atOnce(list())
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

function* rendered<Entry>(listed: Listed<Entry>, closed: AbortSignal | undefined): Sliced<Listing> {
  const { total, seqs } = listed.page()
  const entries: string[] = []
  for (let i = 0; i < seqs.length && closed?.aborted !== true; i += STEP_ENTRIES) {
    if (i > 0) yield
    for (const entry of listed.render(listed.entries(seqs.slice(i, i + STEP_ENTRIES)))) entries.push(entry)
  }
  return { total, entries }
}
