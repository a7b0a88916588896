import type { NearestMiss } from '../journal/nearest-miss.ts'
import type { Pace } from '../journal/pace.ts'
import type { PollingReport } from '../journal/polling-report.ts'
import { isRecord } from '../model/is-record.ts'
import { parseJson } from '../model/parse-json.ts'
import { formatDuration } from '../model/duration.ts'
import type { JournalEntry, RequestQuery } from '../model/journal.ts'
import { MILLISECOND, toMicros, toInstant, type Micros } from '../model/time.ts'
import { formatInstant } from '../wire/timestamps.ts'
import { redacted, withoutSecrets } from '../journal/redaction.ts'
import type {
  NearestAnswer,
  PaceAnswer,
  PollingReportAnswer,
  RequestNewsAnswer,
  RequestAnswer,
} from '../client/answers/requests.ts'

/** A request as it is shown: without its secrets. */
export function requestAnswer(entry: JournalEntry): RequestAnswer {
  const { id, receivedAt, query, headers, omittedHeaderChars, job, fault } = entry
  const { body, omittedBodyBytes } = entry.outcome ?? {}
  const { at, operation, method, path, status, durationMs } = requestNews(entry)
  return {
    at,
    id,
    realAt: formatInstant(receivedAt),
    operation,
    method,
    path,
    query: redacted(fieldsOf(query)) as RequestAnswer['query'],
    headers: redacted(headers) as RequestAnswer['headers'],
    ...(omittedHeaderChars !== undefined && {
      headersOmitted: `${omittedHeaderChars} characters: headers past 8 KiB are not kept`,
    }),
    body: body === undefined ? null : redacted(body),
    ...(omittedBodyBytes !== undefined && {
      bodyOmitted: `${omittedBodyBytes} characters: bodies past 16 KiB are not kept`,
    }),
    status,
    durationMs,
    ...(job !== undefined && { job: withoutSecrets(job) }),
    ...(fault !== undefined && { fault: fault.id }),
  }
}

/** The request with the status of the job that its answer showed. A fault may have written anything there. */
export function requestWithStatus(entry: JournalEntry): RequestAnswer {
  return { ...requestAnswer(entry), ...(entry.job !== undefined && jobStatusOf(entry)) }
}

function jobStatusOf({ outcome }: JournalEntry): Pick<RequestAnswer, 'jobStatus'> {
  const answer = outcome?.answer
  if (answer === undefined) return {}
  const document = parseJson(answer)
  const jobStatus = isRecord(document) ? document.overall_status : undefined
  return typeof jobStatus === 'string' ? { jobStatus: withoutSecrets(jobStatus) } : {}
}

/** The short form, for the event stream of a domain. */
export function requestNews({ at, operation, method, path, outcome }: JournalEntry): RequestNewsAnswer {
  return {
    at: formatInstant(at),
    operation,
    method,
    path: withoutSecrets(path),
    status: outcome?.status ?? null,
    durationMs: outcome?.durationMs ?? null,
  }
}

function fieldsOf(query: string): Record<string, string | string[]> {
  const params = new URLSearchParams(query)
  const names = [...new Set(params.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = params.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

/** The request that comes nearest, and in words and fields what is otherwise. */
export function nearestAnswer(miss: NearestMiss | undefined, query: RequestQuery): NearestAnswer | null {
  if (miss === undefined) return null
  const { entry, differs } = miss
  const fields = differs.map((field) => ({
    field,
    expected: field === 'since' ? formatInstant(query.since ?? toInstant(0)) : String(query[field]),
    actual:
      field === 'since'
        ? formatInstant(entry.at)
        : String((field === 'status' ? entry.outcome?.status : entry[field]) ?? 'none'),
  }))
  const text = fields.map(({ field, expected, actual }) => `its ${WORDS[field]} is ${actual}, not ${expected}`)
  // A path, or a job that a client named, may be a token.
  return { request: requestAnswer(entry), ...(redacted({ differs: fields, text: text.join('; ') }) as Told) }
}

type Told = Pick<NearestAnswer, 'differs' | 'text'>

const WORDS = {
  id: 'id',
  operation: 'operation',
  method: 'method',
  path: 'path',
  job: 'job',
  status: 'status',
  since: 'instant',
} as const

export function reportAnswer({ jobs, lists, operations, signIns, findings }: PollingReport): PollingReportAnswer {
  return redacted({
    jobs: jobs.map((job) => ({ ...job, intervals: intervalsAnswer(job) })),
    lists: lists.map(({ operation: _operation, polls: _polls, ...list }) => ({
      ...list,
      intervals: intervalsAnswer(list),
    })),
    operations: operations.map(({ early: _early, ...counts }) => counts),
    signIns,
    findings: findings.map(({ requests, ...finding }) => ({ ...finding, requests: requests.map(requestAnswer) })),
  }) as PollingReportAnswer
}

function intervalsAnswer({ intervals }: Pace): PaceAnswer['intervals'] {
  if (intervals === undefined) return null
  const { min, median, max } = intervals
  return { min: duration(min), median: duration(median), max: duration(max) }
}

/** To the millisecond: finer is noise. */
function duration(micros: Micros): string {
  return formatDuration(toMicros(Math.round(micros / MILLISECOND) * MILLISECOND))
}
