import {
  ExplanationAnswerSchema,
  JobAnswerSchema,
  JobHistoryAnswerSchema,
  JobListAnswerSchema,
  JobTimeoutAnswerSchema,
} from '../../client/answers/job-schemas.ts'
import { isRunning } from '../../model/domain.ts'
import type { FamilyName } from '../../model/family.ts'
import { didYouMean } from '../../model/nearest.ts'
import { readListQuery } from '../../wire/list-query.ts'
import { separated } from '../../wire/page.ts'
import { explanationAnswer, historyAnswer, jobText, spanAnswer } from '../answers.ts'
import { domainRoute, type Call, type ControlRoute } from '../route.ts'
import { countOf, flagOf, instantOf, invalid, microsOf, skipOf } from '../values.ts'
import { NewJobBody, SignalBody } from '../../client/schemas.ts'

export interface JobRoutes {
  readonly families: readonly FamilyName[]
}

const PAGE = 100
const WAIT = '30s'

/** Looking at jobs at any instant, making and moving them. None of these counts as a poll. */
export function jobRoutes({ families }: JobRoutes): ControlRoute[] {
  return [
    domainRoute('GET', '/jobs', {
      summary: 'The jobs as they are, or were, or will be at an instant',
      query: ['at', 'family', 'id', 'overall_status', 'operation', 'sort', 'limit', 'skip', 'timeline'],
      answers: { 200: JobListAnswerSchema },
      handle: async ({ domain, query, signal }) => {
        const limit = countOf(query.limit, '/limit', PAGE)
        const timeline = flagOf(query.timeline, '/timeline')
        const filter = {
          closed: signal,
          at: query.at === undefined ? undefined : instantOf(query.at, '/at'),
          family: familyOf(query.family, families),
          skip: skipOf(query.skip),
          limit: limit === -1 ? undefined : limit,
          ids: query.id === undefined ? [] : [query.id],
          statuses: wordsOf(query.overall_status),
          operations: wordsOf(query.operation),
          sort: sortOf(query.sort),
          timeline,
        }
        const { total, jobs, span } = await domain.jobs.list(filter, (step) => [
          step.map((job) => jobText(job)).join(','),
        ])
        const more = timeline ? `,"span":${JSON.stringify(spanAnswer(span))}` : ''
        return { parts: [`{"total":${total},"jobs":[`, ...separated(jobs), `]${more}}`] }
      },
    }),
    domainRoute('POST', '/jobs', {
      summary: 'Seeds one job: from a create request, or from a document that a CM sent',
      body: NewJobBody,
      answers: { 201: JobAnswerSchema },
      handle: async ({ domain, body }) => {
        if ((body.request === undefined) === (body.job === undefined)) throw invalid('', 'takes either request or job')
        return { status: 201, text: jobText(await domain.jobs.add(body)) }
      },
    }),
    domainRoute('GET', '/jobs/:id', {
      summary: 'One job with its plan and events',
      query: ['at', 'timeline'],
      answers: { 200: JobHistoryAnswerSchema },
      handle: ({ domain, query, params }) => {
        const at = query.at === undefined ? undefined : instantOf(query.at, '/at')
        const { timeline, ...reading } = domain.jobs.get(params.id, at)
        const shown = flagOf(query.timeline, '/timeline') ? { ...reading, timeline } : reading
        return { text: jobText(shown, historyAnswer(reading)) }
      },
    }),
    domainRoute('POST', '/jobs/:id/signal', {
      summary: 'Tells a waiting job to end',
      body: SignalBody,
      answers: { 200: JobAnswerSchema },
      handle: ({ domain, params, body }) => ({
        text: jobText(domain.jobs.signal(params.id, body.name)),
      }),
    }),
    domainRoute('POST', '/jobs/:id/cancel', {
      summary: "Does what a client's cancel does, without being a request of a client",
      answers: { 200: JobAnswerSchema },
      handle: ({ domain, params }) => ({ text: jobText(domain.jobs.cancel(params.id)) }),
    }),
    domainRoute('GET', '/jobs/:id/explain', {
      summary: 'Why the job is as it is, and what would move it',
      answers: { 200: ExplanationAnswerSchema },
      handle: ({ domain, params }) => ({
        json: explanationAnswer(domain.jobs.explain(params.id)),
      }),
    }),
    domainRoute('GET', '/jobs/:id/wait', {
      summary: 'The job, once it is final or of a status; the time-out is real time',
      query: ['is', 'timeout'],
      answers: { 200: JobAnswerSchema, 408: JobTimeoutAnswerSchema },
      handle: waitFor,
    }),
  ]
}

async function waitFor({ domain, params, query, signal }: Call<'/jobs/:id/wait', 'is' | 'timeout'>) {
  const { id } = params
  const timeoutMs = microsOf(query.timeout ?? WAIT, '/timeout') / 1000
  const reading = await domain.jobs.wait(id, { is: query.is ?? 'final', timeoutMs, signal })
  if (reading !== undefined) return { text: jobText(reading) }
  const explanation = explanationAnswer(domain.jobs.explain(id))
  const { mode } = domain.clock.read()
  const error = { code: 'timeout', message: `the job was not ${query.is ?? 'final'} within ${query.timeout ?? WAIT}` }
  return {
    status: 408,
    text: jobText(domain.jobs.get(id), { error, explanation, clockStands: !isRunning(mode) }),
  }
}

/** Several values stand in one, with commas, or in a query that is repeated. */
function wordsOf(text = ''): string[] {
  return text.split(',').filter((word) => word !== '')
}

/** As the vendor's lists are sorted. */
function sortOf(sort: string | undefined) {
  const reading = readListQuery({ sort })
  if ('query' in reading) return reading.query.sort
  throw invalid('/sort', reading.issues.map(({ message }) => message).join('; '))
}

function familyOf(text: string | undefined, families: readonly FamilyName[]): FamilyName | undefined {
  if (text === undefined) return undefined
  const family = families.find((name) => name === text)
  if (family !== undefined) return family
  throw invalid('/family', `${JSON.stringify(text)} is none of ${families.join(', ')}${didYouMean(text, families)}`)
}
