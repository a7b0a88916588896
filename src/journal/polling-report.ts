import type { JournalEntry } from '../model/journal.ts'
import { listPollingsOf, type ListPolling } from './list-polls.ts'
import { paceOf, type Pace } from './pace.ts'
import { findingsOf, listFindings, retryFindings, type JobPolls, type PollingFinding } from './polling-rules.ts'
import type { CallOperation } from '../model/operations.ts'
import { pollsOf, waitedAfter, type Poll } from './polls.ts'
import { operationRetriesOf, type OperationRetries } from './retry-after.ts'

/** How the jobs of a domain were polled, as far back as its journal goes. */
export interface PollingReport {
  readonly jobs: readonly JobPolling[]
  /** Polling by list; empty in a report about one job. */
  readonly lists: readonly ListPolling[]
  /** Those with a response that had a Retry-After. */
  readonly operations: readonly OperationRetries[]
  readonly signIns: number
  readonly findings: readonly PollingFinding[]
}

interface JobPolling extends Pace {
  readonly job: string
  readonly gets: number
  readonly pollsAfterEnd: number
  /** Polls that followed such a response. */
  readonly retries: { readonly after401: number; readonly after429: number; readonly after5xx: number }
  /** How often a response had a Retry-After, and how often the client waited that long. */
  readonly retryAfter: { readonly asked: number; readonly kept: number }
  /** While the job was polled. */
  readonly signIns: number
}

/** Reports on the entries of a journal, for one job or for all. */
export function pollingReport(
  entries: readonly JournalEntry[],
  operations: readonly CallOperation[],
  job?: string,
): PollingReport {
  const { polls: pollsByJob, signIns } = pollsOf(entries, operations)
  const polled = [...pollsByJob]
    .filter(([id]) => job === undefined || job === id)
    .map(([id, polls]) => jobPollsOf(id, polls, signIns))
  const lists = job === undefined ? listPollingsOf(entries, operations) : []
  const retries = operationRetriesOf(job === undefined ? entries : entries.filter((entry) => entry.job === job))
  // Polls have findings of their own, about their jobs.
  const isPoll = (name: string): boolean => operations.some((each) => each.name === name && each.readsJob)
  return {
    jobs: polled.map((each) => polling(each)),
    lists,
    operations: retries,
    signIns: signIns.length,
    findings: [
      ...polled.flatMap((each) => findingsOf(each)),
      ...lists.flatMap((each) => listFindings(each)),
      ...retryFindings(retries.filter(({ operation }) => !isPoll(operation))),
    ],
  }
}

function jobPollsOf(job: string, polls: readonly Poll[], signIns: readonly JournalEntry[]): JobPolls {
  const intervals = polls.flatMap(({ interval, isAfterEnd }) =>
    isAfterEnd || interval === undefined ? [] : [interval],
  )
  const pace = paceOf(
    intervals,
    polls.map(({ entry }) => entry),
  )
  return { job, polls, intervals, pace, signIns }
}

function polling({ job, polls, pace, signIns }: JobPolls): JobPolling {
  const first = polls[0]?.entry.elapsedAt ?? 0
  const last = polls.at(-1)?.entry.elapsedAt ?? 0
  const after = (matches: (status: number) => boolean): number =>
    polls.filter(({ previous }) => previous?.outcome?.status !== undefined && matches(previous.outcome.status)).length
  return {
    job,
    gets: polls.length,
    ...pace,
    pollsAfterEnd: polls.filter(({ isAfterEnd }) => isAfterEnd).length,
    retries: {
      after401: after((status) => status === 401),
      after429: after((status) => status === 429),
      after5xx: after((status) => status >= 500),
    },
    retryAfter: retryAfterOf(polls),
    signIns: signIns.filter(({ elapsedAt }) => elapsedAt >= first && elapsedAt <= last).length,
  }
}

function retryAfterOf(polls: readonly Poll[]): JobPolling['retryAfter'] {
  const asked = polls.filter(({ entry }) => entry.outcome?.retryAfter !== undefined)
  const kept = polls.filter(({ entry, previous }) => {
    if (previous?.outcome?.retryAfter === undefined) return false
    return waitedAfter(previous, entry) >= previous.outcome.retryAfter
  })
  return { asked: asked.length, kept: kept.length }
}
