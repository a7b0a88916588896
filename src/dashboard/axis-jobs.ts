import type { Tone } from '../axis/tone.ts'
import type { AxisRow, TimeWindow } from '../axis/window.ts'
import type { JobAnswer, JobListAnswer, SpanAnswer } from '../client/answers/jobs.ts'
import { toneOf } from './bar.ts'
import { instantOf } from './instants.ts'

/** A job as a row of the time axis. */
export interface AxisJob extends AxisRow {
  readonly tone: Tone
  /** The text of its tooltip. */
  readonly title: string
}

/** The jobs of the time axis. Of very many jobs it has the newest and the open ones. */
export interface AxisJobs {
  readonly jobs: readonly AxisJob[]
  /** Older jobs that the axis does not have. */
  readonly left: number
  /** How many jobs there are, and how many of them run. */
  readonly total: number
  readonly running: number
  /** From the first job to the last change that time brings; undefined if there are no jobs. */
  readonly known: TimeWindow | undefined
}

/** Puts the newest jobs and the open ones, which may be older, on one axis, in the order of their starts. */
export function axisJobsOf(newest: JobListAnswer, open: JobListAnswer): AxisJobs {
  const byId = new Map([...newest.jobs, ...open.jobs].map((job) => [job.id, job]))
  const jobs = [...byId.values()].flatMap(axisJob).sort((a, b) => startOf(a) - startOf(b))
  const { total } = newest
  return { jobs, left: Math.max(0, total - byId.size), total, running: open.total, known: knownOf(newest.span) }
}

function axisJob(job: JobAnswer): AxisJob[] {
  const { id, timeline } = job
  if (timeline === undefined) return []
  const { startedAt, endsAt } = timeline
  const { operation, overall_status: status } = job.job
  return [
    {
      id,
      tone: toneOf(job),
      title: `${id.slice(0, 8)} ${typeof operation === 'string' ? operation : job.family}: ${status}`,
      spans: [{ from: instantOf(startedAt), to: endsAt === null ? undefined : instantOf(endsAt) }],
    },
  ]
}

function startOf({ spans }: AxisRow): number {
  return spans[0]?.from ?? 0
}

function knownOf(span: SpanAnswer | null | undefined): TimeWindow | undefined {
  if (span === undefined || span === null) return undefined
  const from = instantOf(span.from)
  return { from, to: span.to === null ? from : instantOf(span.to) }
}
