import type { Job, Transition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import type { DueCursor, JobScope, JobStore } from '../store/job-store.ts'

/** A place in the order of transitions: those at earlier instants come before it, and at its instant those of jobs up to `seq`. */
export type Cursor = DueCursor

/** The first changes of a stretch of time, in order. */
interface Passage {
  readonly transitions: readonly Transition[]
  /** Where the next ones begin; undefined: there are no more. */
  readonly next: Cursor | undefined
}

interface Stretch {
  /** Exclusive. */
  readonly from: Cursor
  /** Inclusive. */
  readonly to: Instant
  /** What one job changes at one instant is not cut. */
  readonly limit: number
}

/** What time changes in a stretch; costs what it names, not what it leaps over. */
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
  // Instants are whole numbers: what a job changes at the cursor's instant counts if the job comes after the cursor.
  return transitionsOf(job, { from: toInstant(seq > from.seq ? from.at - 1 : from.at), to })
}
