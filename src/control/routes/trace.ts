import { domainRoute, type ControlRoute } from '../route.ts'
import { TRACE_HEADERS, tracePage } from '../../trace/page.ts'
import { traceOf } from '../trace.ts'

/** What happened in a domain, for people: to be kept beside a test that failed. */
export function traceRoutes({ version }: { readonly version: string }): ControlRoute[] {
  return [
    domainRoute('GET', '/trace', {
      summary:
        'Jobs, clock, requests, answers and faults as one HTML file without scripts, under a title; secrets are taken out',
      query: ['title'],
      answers: { 200: 'text/html' },
      handle: async ({ domain, query }) => ({
        text: tracePage(await traceOf(domain, version, query.title)),
        type: 'text/html; charset=utf-8',
        headers: TRACE_HEADERS,
      }),
    }),
  ]
}
