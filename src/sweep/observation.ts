import type { DomainHandle } from '../client/handle.ts'
import type { JobHistoryAnswer } from '../client/answers/jobs.ts'
import type { RequestAnswer } from '../client/answers/requests.ts'
import type { DomainRecording } from './recording.ts'

/** A job that the client of a run created. */
export interface CreatedJob {
  readonly family: string
  /** The vendor's operation; undefined in families that have none. */
  readonly operation: string | undefined
  /** The items that the request names; the whole request if it names none. */
  readonly items: string
  /** Not finished at the end of the run, nor deleted. */
  readonly isOpen: boolean
  /** The id of the job rule that chose its scenario. */
  readonly rule: string | undefined
  /** The id of the fault that hit the request which created it. */
  readonly fault: string | undefined
}

/** An error of the polling report. */
interface PollingError {
  /** The rule, and the operation if it is not about a job: the same in each run. */
  readonly key: string
  readonly message: string
}

/** A domain at the end of a run. */
export interface DomainObservation extends DomainRecording {
  readonly jobs: readonly CreatedJob[]
  readonly errors: readonly PollingError[]
}

/** Reads what a run did in one of its domains. None of the calls is a request of a client. */
export async function observe(world: DomainHandle, suffix: string): Promise<DomainObservation> {
  const requests = await world.requests()
  const creates = requests.filter(({ job, path }) => job !== undefined && !path.includes(job))
  const jobs = await Promise.all(creates.map((request) => createdJob(world, request).catch(ignoreNotFound)))
  const { findings } = await world.pollingReport()
  return {
    suffix,
    requests,
    jobs: jobs.filter((job) => job !== undefined),
    errors: findings
      .filter(({ level }) => level === 'error')
      .map((finding) => ({ key: `${finding.rule} ${finding.operation ?? ''}`, message: finding.message })),
  }
}

/** The client's own test may have restored an earlier state of the domain. */
function ignoreNotFound(error: unknown): undefined {
  if (error instanceof Error && 'status' in error && error.status === 404) return undefined
  throw error
}

async function createdJob(world: DomainHandle, { job: id = '', body, fault }: RequestAnswer): Promise<CreatedJob> {
  const [job, { isFinal, deleted }] = await Promise.all([world.jobs.get(id), world.jobs.explain(id)])
  const { rule } = job.plan
  const { operation } = job.job
  return {
    family: job.family,
    operation: typeof operation === 'string' ? operation : undefined,
    items: itemsOf(job, body),
    isOpen: !isFinal && deleted !== true,
    rule: typeof rule === 'string' ? rule : undefined,
    fault,
  }
}

/** The items that the request names: a job can have others, which differ for each job. */
function itemsOf({ plan }: JobHistoryAnswer, body: unknown): string {
  const text = canonical(body)
  const items = plan.items as readonly { readonly id: string }[]
  const named = items.map(({ id }) => id).filter((id) => text.includes(JSON.stringify(id)))
  return named.length === 0 ? text : named.sort().join(', ')
}

/** JSON with sorted members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
