import type { RequestAnswer } from '../client/answers/requests.ts'
import { SWEEP_OUTCOMES, type SweepCase, type SweepOutcomeName } from '../model/sweep.ts'
import { countJobs, jobsText, shortfallOf, surplusOf, type JobCounts } from './job-counts.ts'
import type { DomainObservation } from './observation.ts'
import { SWEEP_VERDICTS, type SweepVerdict } from './verdicts.ts'

/** How a run ended; `hung` after the time limit. */
export interface RunOutcome {
  readonly outcome: 'passed' | 'failed' | 'hung'
  /** `exit code 1` */
  readonly ending: string
  /** Its output, or the parts of it that are kept. */
  readonly output: string
}

/** What the runs without faults did. All other runs are compared with it. */
export interface ReferenceRun {
  readonly domains: readonly DomainObservation[]
  readonly areIdsStable: boolean
  readonly jobs: JobCounts
  /** Keys of the errors in the polling report. */
  readonly errors: ReadonlySet<string>
}

/** A run with one fault or one ending of its jobs. */
interface TriedRun extends RunOutcome {
  readonly domains: readonly DomainObservation[]
  /** The run met the fault or the rule of its trial, as far as the domain knows at the end. */
  readonly isMet: boolean
  readonly timeLimitMs: number
}

/** A fault that was set in a domain of the run. */
interface FaultTrial extends Pick<SweepCase, 'fault' | 'mayGiveUp'> {
  readonly suffix: string
  readonly faultId: string
}

/** An ending that a rule in a domain of the run gives to its jobs. */
interface EndingTrial {
  readonly suffix: string
  readonly ruleId: string
  readonly ending: SweepOutcomeName
}

export type Trial = FaultTrial | EndingTrial

interface Judgement {
  readonly verdict: SweepVerdict
  /** Other verdicts that hold. */
  readonly also: readonly SweepVerdict[]
  /** Why, a sentence for each of them; empty for `survived`. */
  readonly reason: string
}

/** The verdicts that hold, with the reasons. */
type Reasons = Readonly<Partial<Record<SweepVerdict, string | undefined>>>

export function judge(run: TriedRun, trial: Trial, reference: ReferenceRun): Judgement {
  const own = 'faultId' in trial ? faultReasons(run, trial, reference) : endingReasons(run, trial)
  const reasons: Reasons = { ...own, rude: rude(run, reference) }
  const all = SWEEP_VERDICTS.filter((each) => reasons[each] !== undefined)
  // The exit code alone says whether a client has understood how its job ended.
  const [verdict = 'survived'] = 'faultId' in trial ? all : all.filter((each) => each !== 'rude')
  const also = all.filter((each) => each !== verdict)
  return { verdict, also, reason: [verdict, ...also].flatMap((each) => reasons[each] ?? []).join('\n') }
}

function endingReasons(run: TriedRun, { ruleId, suffix, ending }: EndingTrial): Reasons {
  const isMet = run.isMet || domainOf(run.domains, suffix).jobs.some(({ rule }) => rule === ruleId)
  const isDeceived = isMet && SWEEP_OUTCOMES[ending].isFailure && run.outcome === 'passed'
  const end = ending === 'stuck' ? 'never ended' : `ended with ${ending}`
  return {
    missed: isMet ? undefined : 'the run created no job that could end so, so the ending was not tried',
    hung: hung(run),
    deceived: isDeceived ? `the run reported success although its job ${end}` : undefined,
  }
}

function faultReasons(run: TriedRun, trial: FaultTrial, { areIdsStable, jobs, domains }: ReferenceRun): Reasons {
  const hit = hitOf(run.domains, trial)
  const isMet = run.isMet || hit !== undefined
  const { created } = countJobs(run.domains, { areIdsStable })
  const doubled = surplusOf(created, jobs.created).filter(({ count, expected }) => count > 1 || expected > 0)
  const open = surplusOf(countJobs(knownJobs(run.domains, trial), { areIdsStable }).open, jobs.open)
  const failed = run.outcome === 'failed' ? run.ending : undefined
  return {
    missed: isMet ? undefined : 'the run did not make that request this time, so the fault was not tried',
    hung: hung(run),
    doubled: sentences(
      doubled,
      ({ text, count, expected }) => `${jobsText(count)} of ${text}: ${expected} without the fault`,
    ),
    ...(failed !== undefined &&
      (trial.mayGiveUp === true && isMet
        ? { 'gave-up': `the run failed, as it may: it cannot know whether its call has created something (${failed})` }
        : { failed: `the run failed: ${failed}` })),
    'left-open': sentences(
      open,
      ({ text, count, expected }) =>
        `${jobsText(count)} of ${text} unfinished at the end: ${expected} without the fault`,
    ),
    unnoticed:
      hit !== undefined && run.outcome === 'passed' && isError(hit, trial)
        ? unnoticed(hit, { isSame: goesOn(hit, { run, trial, domains }), created, expected: jobs.created })
        : undefined,
  }
}

/** How a run went on after a fault. */
interface Aftermath {
  /** The requests after the fault are those of the run without it. */
  readonly isSame: boolean
  readonly created: JobCounts['created']
  readonly expected: JobCounts['created']
}

/** Why a run that reported success has not noticed an error: it went on as before, or a job is missing. */
function unnoticed(hit: RequestAnswer, { isSame, created, expected }: Aftermath): string | undefined {
  const end = 'and reported success'
  if (isSame) return `the run went on after ${requestText(hit)} as without the fault, ${end}`
  if (totalOf(created) >= totalOf(expected)) return undefined
  return sentences(
    shortfallOf(created, expected),
    ({ text, count, expected: usual }) =>
      `the run created ${jobsText(count)} of ${text}, ${usual} without the fault, ${end}`,
  )
}

function totalOf(counts: JobCounts['created']): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

function hung({ outcome, timeLimitMs }: TriedRun): string | undefined {
  return outcome === 'hung' ? `the run did not end within its time limit of ${timeLimitMs / 1000}s` : undefined
}

function rude({ domains }: TriedRun, { errors }: ReferenceRun): string | undefined {
  return sentences(
    domains.flatMap((domain) => domain.errors.filter(({ key }) => !errors.has(key))),
    ({ message }) => message,
  )
}

function sentences<T>(all: readonly T[], text: (each: T) => string): string | undefined {
  return all.length === 0 ? undefined : all.map(text).join('\n')
}

function domainOf(domains: readonly DomainObservation[], suffix: string): Pick<DomainObservation, 'requests' | 'jobs'> {
  return domains.find((each) => each.suffix === suffix) ?? { requests: [], jobs: [] }
}

/** The request that the fault hit. */
function hitOf(domains: readonly DomainObservation[], { suffix, faultId }: FaultTrial): RequestAnswer | undefined {
  return domainOf(domains, suffix).requests.find(({ fault }) => fault === faultId)
}

/** The domains without the job that the client cannot know of, because the response of its create was lost. */
function knownJobs(domains: readonly DomainObservation[], trial: FaultTrial): DomainObservation[] {
  const hit = hitOf(domains, trial)
  if (hit === undefined || !isLost(hit, trial)) return [...domains]
  return domains.map((domain) => ({ ...domain, jobs: domain.jobs.filter(({ fault }) => fault !== trial.faultId) }))
}

function isLost({ status }: RequestAnswer, { fault }: FaultTrial): boolean {
  return status === null || 'socket' in fault.do
}

function isError(hit: RequestAnswer, trial: FaultTrial): boolean {
  return !('delay' in trial.fault.do) && (isLost(hit, trial) || (hit.status ?? 0) >= 400)
}

/** Whether the client did only what it does without the error. The next poll of a job counts as a retry. */
function goesOn(
  hit: RequestAnswer,
  { run, trial, domains }: { run: TriedRun; trial: FaultTrial; domains: readonly DomainObservation[] },
): boolean {
  const { requests } = domainOf(run.domains, trial.suffix)
  const position = requests.indexOf(hit)
  const rest = requests.slice(position + 1)
  const expected = domainOf(domains, trial.suffix).requests.slice(position + 1)
  const isPoll = hit.method === 'GET' && hit.job !== undefined
  if (isPoll && rest.some(({ method, path }) => method === hit.method && path === hit.path)) return false
  return rest.every(
    ({ operation, method }, index) => operation === expected[index]?.operation && method === expected[index].method,
  )
}

function requestText({ method, path, status }: RequestAnswer): string {
  return `${method} ${path} -> ${status === null ? 'no response' : String(status)}`
}
