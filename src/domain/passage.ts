import type { Job, Transition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import type { DueCursor, JobScope, JobStore } from '../store/job-store.ts'

/**
 * A position in the order of transitions: after those at earlier instants, and after those of jobs up to `seq` at its
 * own.
 */
export type Cursor = DueCursor

/** The first transitions of a range of time, in order. */
interface Passage {
  readonly transitions: readonly Transition[]
  /** The position of the next ones; undefined if there are no more. */
  readonly next: Cursor | undefined
}

interface Stretch {
  /** Exclusive. */
  readonly from: Cursor
  /** Inclusive. */
  readonly to: Instant
  /** Transitions of one job at one instant are never separated. */
  readonly limit: number
}

/** The transitions of a range of time; the cost depends on their number, not on the length of the range. */
export function passage(
  { jobs, scope }: { readonly jobs: JobStore; readonly scope: JobScope },
  { from, to, limit }: Stretch,
): Passage {
  const due = jobs.due(scope, { from, to, limit })
  const changes = due.flatMap(({ seq, job }) =>
    changesOf(job, { seq, from, to }).map((transition) => ({ seq, transition })),
  )
  const ordered = changes.sort((a, b) => a.transition.at - b.transition.at || a.seq - b.seq)
  const last = ordered[limit - 1]
  if (last === undefined) return { transitions: ordered.map(({ transition }) => transition), next: undefined }
  const next = { at: last.transition.at, seq: last.seq }
  const named = ordered.filter(({ seq, transition: { at } }) => at < next.at || (at === next.at && seq <= next.seq))
  return { transitions: named.map(({ transition }) => transition), next }
}

function changesOf(job: Job, { seq, from, to }: { seq: number; from: Cursor; to: Instant }): Transition[] {
  // Instants are integers: transitions at the cursor's instant count if the job comes after the cursor.
  return transitionsOf(job, { from: toInstant(seq > from.seq ? from.at - 1 : from.at), to })
}
