import { EndAnswerSchema } from '../../client/answers/request-schemas.ts'
import type { RequestNewsAnswer } from '../../client/answers/requests.ts'
import { EndBody, type RequestFilterBody } from '../../client/schemas.ts'
import type { Domain } from '../../domain/domain.ts'
import type { Domains } from '../../domain/registry.ts'
import { EmulatorError } from '../../errors.ts'
import { ROOT_DOMAIN } from '../../model/domain.ts'
import { DEFAULT_FAILURES } from '../../model/failure-kind.ts'
import type { RequestQuery } from '../../model/journal.ts'
import { problemsOf } from '../../report/problems.ts'
import { reportOf } from '../../report/report.ts'
import { tracePage } from '../../trace/page.ts'
import { observe } from '../observation.ts'
import { domainRoute, type ControlRoute } from '../route.ts'
import { traceOf } from '../trace.ts'
import { instantOf, invalid } from '../values.ts'

interface EndRoutes {
  readonly domains: Domains
  readonly version: string
}

/** Ending a test with one call, and the same report at any time. */
export function endRoutes({ domains, version }: EndRoutes): ControlRoute[] {
  return [
    domainRoute('POST', '/end', {
      summary: 'Ends a test: returns what is wrong, a report and a trace. Removes the domain; resets root',
      body: EndBody,
      query: ['trace'],
      answers: { 200: EndAnswerSchema },
      handle: async ({ domain, body, query, otherCalls }) => {
        const { hasFailed = false, title, keep = false } = body
        const trace = traceMode(query.trace)
        const { problems, text } = await judge(domain, body, otherCalls.waiting())
        const ok = problems.length === 0
        const isTraced = trace === 'true' || (trace === 'problems' && (!ok || hasFailed))
        const page = isTraced ? tracePage(await traceOf(domain, version, title)) : undefined
        if (!keep) await end(domain, domains, otherCalls.interrupt)
        return { json: { ok, problems: [...problems], text, ...(page !== undefined && { trace: page }) } }
      },
    }),
    domainRoute('GET', '/report.txt', {
      summary: 'The report of a test that fails now: running jobs, the last requests, unused rules and faults',
      answers: { 200: 'text/plain' },
      handle: async ({ domain, otherCalls }) => ({
        text: `${reportOf(await observe(domain, otherCalls.waiting()), { withIdle: true })}\n`,
        type: 'text/plain; charset=utf-8',
      }),
    }),
  ]
}

/** `problems`: a trace only if there are problems, or the test has failed. */
function traceMode(text = 'true'): 'true' | 'false' | 'problems' {
  if (text === 'true' || text === 'false' || text === 'problems') return text
  throw invalid('/trace', `${JSON.stringify(text)} is not true, false or problems`)
}

async function judge(domain: Domain, body: EndBody, calls: readonly RequestNewsAnswer[]) {
  const { hasFailed = false, failOn = DEFAULT_FAILURES, allow = [], rules, faults, asked, askedInVain, title } = body
  const judgement = {
    failOn,
    rules,
    faults,
    allow: allow.map((each, index) => (typeof each === 'string' ? each : queryOf(each, `/allow/${index}`))),
  }
  const query = asked === undefined ? undefined : queryOf(asked, '/asked')
  const observation = await observe(domain, calls)
  const problems = hasFailed ? [] : problemsOf(observation, judgement)
  const test = title === undefined ? '' : ` of ${title}`
  const head = `cckm-emulator, domain ${domain.name}${test}`
  if (!hasFailed && problems.length === 0) return { problems, text: `${head}: no problems` }
  const report = reportOf(observation, {
    withIdle: hasFailed,
    asked: query && { query, text: JSON.stringify(asked), timedOut: askedInVain === true },
  })
  return { problems, text: [...problems.map(({ message }) => message), head, report].join('\n') }
}

function queryOf({ since, ...filter }: RequestFilterBody, pointer: string): RequestQuery {
  return { ...filter, ...(since !== undefined && { since: instantOf(since, `${pointer}/since`) }) }
}

/** Open calls get the same answer as later ones, whose token no domain knows. */
async function end(domain: Domain, domains: Domains, interrupt: (error: EmulatorError) => void): Promise<void> {
  if (domain.name === ROOT_DOMAIN) {
    interrupt(new EmulatorError('notReady', 'the test that used the root domain has ended'))
    await domain.reset()
  } else {
    interrupt(new EmulatorError('unauthorized', 'Invalid token', `the domain ${domain.name} has ended`))
    await domains.remove(domain.id)
  }
}
