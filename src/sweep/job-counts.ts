import type { CreatedJob, DomainObservation } from './observation.ts'
import { idMask } from './recording.ts'

/** Jobs of one family, operation and items in a run. */
interface JobCount {
  /** `azure.bulkjobs delete-key-backups over b1, b2` */
  readonly text: string
  readonly count: number
}

/** Jobs of which there are not as many as expected. */
interface Difference extends JobCount {
  readonly expected: number
}

/** How many jobs of each family, operation and items a run created, or left open. */
export interface JobCounts {
  readonly created: readonly JobCount[]
  readonly open: readonly JobCount[]
}

/**
 * Counts the jobs of all domains of a run.
 *
 * @param areIdsStable whether the ids among the items are the same in each run; otherwise ids count by their order
 */
export function countJobs(domains: readonly DomainObservation[], { areIdsStable = true } = {}): JobCounts {
  const each = domains.flatMap(({ suffix, jobs }) => {
    const mask = areIdsStable ? (text: string) => text : idMask()
    return jobs.map((job) => ({ ...job, text: `${suffix}${textOf(job, mask)}` }))
  })
  return { created: counted(each), open: counted(each.filter(({ isOpen }) => isOpen)) }
}

function textOf({ family, operation, items }: CreatedJob, mask: (text: string) => string): string {
  return `${[family, operation].filter((word) => word !== undefined).join(' ')} over ${mask(items)}`
}

function counted(jobs: readonly { readonly text: string }[]): JobCount[] {
  return [...Map.groupBy(jobs, ({ text }) => text)].map(([text, all]) => ({ text, count: all.length }))
}

export function surplusOf(jobs: readonly JobCount[], expected: readonly JobCount[]): Difference[] {
  return jobs
    .map((each) => ({ ...each, expected: expected.find(({ text }) => text === each.text)?.count ?? 0 }))
    .filter(({ count, expected: wanted }) => count > wanted)
}

export function shortfallOf(jobs: readonly JobCount[], expected: readonly JobCount[]): Difference[] {
  return surplusOf(expected, jobs).map((each) => ({ ...each, count: each.expected, expected: each.count }))
}

/** The first jobs in which two runs differ, as a sentence; undefined if they agree. */
export function jobDifference(first: JobCounts, second: JobCounts): string | undefined {
  for (const [kind, verb] of [
    ['created', 'created'],
    ['open', 'left open'],
  ] as const) {
    const [difference] = [...surplusOf(first[kind], second[kind]), ...shortfallOf(first[kind], second[kind])]
    if (difference !== undefined) return sentence(verb, difference)
  }
  return undefined
}

function sentence(verb: string, { text, count, expected }: Difference): string {
  return `the first run ${verb} ${jobsText(count)} of ${text}, and the second ${expected}`
}

export function jobsText(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`
}
