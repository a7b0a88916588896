import {
  InFlightTimeoutAnswerSchema,
  PollingReportAnswerSchema,
  RequestCountAnswerSchema,
  RequestListAnswerSchema,
  RequestTimeoutAnswerSchema,
  RequestsAnswerSchema,
} from '../../client/answers/request-schemas.ts'
import { nearestMiss } from '../../journal/nearest-miss.ts'
import { pollingReport } from '../../journal/polling-report.ts'
import { expandBraces, MAX_GLOB_LENGTH } from '../../model/glob.ts'
import type { RequestQuery } from '../../model/journal.ts'
import { CALL_OPERATIONS } from '../../wire/operations.ts'
import { domainRoute, NO_CONTENT, type Call, type ControlRoute } from '../route.ts'
import { countOf, flagOf, instantOf, invalid, microsOf } from '../values.ts'
import { nearestAnswer, reportAnswer, requestAnswer, requestWithStatus } from '../journal-answers.ts'
import { RequestWaitBody } from '../../client/schemas.ts'

const FILTERS = ['id', 'operation', 'method', 'path', 'job', 'status', 'since'] as const
type Filters = Call<'', (typeof FILTERS)[number]>['query']

const WAIT = '30s'

/** What was asked of the vendor's API in this domain, and how well jobs were polled. */
export function requestRoutes(): ControlRoute[] {
  return [
    domainRoute('GET', '/requests', {
      summary:
        'The requests of clients in the order in which they came, at most the newest 1,000; secrets are taken out',
      query: [...FILTERS, 'limit', 'jobStatus'],
      answers: { 200: RequestListAnswerSchema },
      handle: ({ domain, query }) => {
        const found = domain.requests.find(filterOf(query))
        const limit = countOf(query.limit, '/limit', -1)
        const answer = flagOf(query.jobStatus, '/jobStatus') ? requestWithStatus : requestAnswer
        const shown = limit < 0 ? found : found.slice(Math.max(0, found.length - limit))
        return { json: { total: found.length, dropped: domain.requests.dropped(), requests: shown.map(answer) } }
      },
    }),
    domainRoute('GET', '/requests/count', {
      summary: 'How many there are; where that is not what is expected, the request that comes nearest',
      query: [...FILTERS, 'expect'],
      answers: { 200: RequestCountAnswerSchema },
      handle: ({ domain, query }) => {
        const filter = filterOf(query)
        const count = domain.requests.find(filter).length
        if (query.expect === undefined || countOf(query.expect, '/expect', 0) === count) return { json: { count } }
        return { json: { count, nearest: nearestIn(domain, filter) } }
      },
    }),
    domainRoute('POST', '/requests/wait', {
      isOpen: true,
      summary: 'The requests once so many of them are answered; those before count. The time-out is real time',
      body: RequestWaitBody,
      answers: { 200: RequestsAnswerSchema, 408: RequestTimeoutAnswerSchema },
      handle: waitFor,
    }),
    domainRoute('GET', '/requests/in-flight', {
      summary: 'The requests that are not answered yet; with a timeout (real time), once there are none',
      query: ['timeout'],
      answers: { 200: RequestsAnswerSchema, 408: InFlightTimeoutAnswerSchema },
      handle: inFlight,
    }),
    domainRoute('DELETE', '/requests', {
      isOpen: true,
      summary: 'Empties the journal',
      answers: NO_CONTENT,
      handle: ({ domain }) => {
        domain.requests.clear()
        return { status: 204 }
      },
    }),
    domainRoute('GET', '/reports/polling', {
      summary: 'How well clients polled their jobs, by the journal',
      query: ['job'],
      answers: { 200: PollingReportAnswerSchema },
      handle: ({ domain, query }) => ({
        json: reportAnswer(pollingReport(domain.requests.find(), CALL_OPERATIONS, query.job)),
      }),
    }),
  ]
}

async function waitFor({ domain, body, signal }: Call<'/requests/wait', never, RequestWaitBody>) {
  const { count = 1, timeout = WAIT, since, ...rest } = body
  refuseGlobs(rest)
  const filter = { ...rest, ...(since !== undefined && { since: instantOf(since, '/since') }) }
  const timeoutMs = microsOf(timeout, '/timeout') / 1000
  const { count: so, entries } = await domain.requests.wait(filter, { count, timeoutMs, signal })
  if (so >= count) return { json: { count: so, requests: entries.map(requestAnswer) } }
  const nearest = nearestIn(domain, filter)
  const hint = nearest === null ? '' : `; nearest is ${nearest.request.method} ${nearest.request.path}: ${nearest.text}`
  const message = `${so} of ${count} requests were answered within ${timeout}${hint}`
  return { status: 408, json: { error: { code: 'timeout', message }, count: so, nearest } }
}

async function inFlight({ domain: { requests }, query: { timeout }, signal }: Call<'/requests/in-flight', 'timeout'>) {
  const timeoutMs = timeout === undefined ? 0 : microsOf(timeout, '/timeout') / 1000
  const isSettled = timeout === undefined || (await requests.waitUntilIdle({ timeoutMs, signal }))
  const open = requests.inFlight().map(requestAnswer)
  const answer = { count: open.length, requests: open }
  if (isSettled) return { json: answer }
  const [first] = open
  const named = first === undefined ? '' : `: ${first.method} ${first.path}`
  const message = `${open.length} of the requests were not answered within ${timeout}${named}`
  return { status: 408, json: { error: { code: 'timeout', message }, ...answer } }
}

function nearestIn(domain: Call['domain'], filter: RequestQuery) {
  return nearestAnswer(nearestMiss(domain.requests.find(), filter), filter)
}

/** Each glob is compared with each request of the journal. */
function refuseGlobs({ operation = '', path = '' }: RequestQuery): void {
  for (const [name, glob] of Object.entries({ operation, path }))
    if (glob.length > MAX_GLOB_LENGTH) throw invalid(`/${name}`, `is longer than ${MAX_GLOB_LENGTH} characters`)
  if (expandBraces(operation) === undefined) throw invalid('/operation', 'has lists in braces for too many names')
}

function filterOf(query: Filters): RequestQuery {
  const { id, operation, method, path, job, status, since } = query
  if (status !== undefined && !/^[1-5]\d\d$/.test(status))
    throw invalid('/status', `${JSON.stringify(status)} is no HTTP status`)
  refuseGlobs({ operation, path })
  return {
    id,
    operation,
    method,
    path,
    job,
    status: status === undefined ? undefined : Number(status),
    since: since === undefined ? undefined : instantOf(since, '/since'),
  }
}
