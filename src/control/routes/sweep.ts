import { SweepPlanAnswerSchema } from '../../client/answers/domain-schemas.ts'
import { EmulatorError } from '../../errors.ts'
import type { JournalEntry } from '../../model/journal.ts'
import { planSweep, SweepPlanSchema } from '../../model/sweep.ts'
import { domainRoute, type ControlRoute } from '../route.ts'
import { microsOf } from '../values.ts'
import { CALL_OPERATIONS } from '../../wire/operations.ts'

/** The journal holds no more. */
const FULL_JOURNAL = 1000

/** What to try on a client, by what it has just done. */
export function sweepRoutes(): ControlRoute[] {
  return [
    domainRoute('POST', '/sweep/plan', {
      isOpen: true,
      summary:
        'A fault for each request of the journal, to be set one at a time before the client runs again (docs/guides/sweep.md)',
      body: SweepPlanSchema,
      answers: { 200: SweepPlanAnswerSchema },
      handle: ({ domain, body }) => {
        if (body.retryAfter !== undefined) microsOf(body.retryAfter, '/retryAfter')
        if (body.slow !== undefined) microsOf(body.slow, '/slow')
        const entries = domain.requests.find()
        // Faults count calls from the first one.
        if (entries.length >= FULL_JOURNAL || domain.requests.dropped() > 0)
          throw new EmulatorError(
            'conflict',
            `the journal is full (${entries.length} requests): the first of them may be gone, so none can be counted`,
            'plan for a shorter run, in a domain of its own',
          )
        const met = entries.filter(({ countedByFaults }) => countedByFaults)
        const calls = met.map(({ operation }) => operation)
        return { json: { cases: planSweep(calls, CALL_OPERATIONS, { ...body, leftOut: leftOut(met) }) } }
      },
    }),
  ]
}

/**
 * Positions of the requests that a fault of the client's own test hit, of those just before and after with the same path, and of
 * the sign-ins between the hit and its repeat. So no run has two faults in a row.
 */
function leftOut(entries: readonly JournalEntry[]): ReadonlySet<number> {
  return new Set(
    entries.flatMap(({ fault, operation, path }, index) => {
      if (fault === undefined) return []
      const alike = entries.flatMap((each, at) => (each.operation === operation && each.path === path ? [at] : []))
      const place = alike.indexOf(index)
      const repeat = alike[place + 1] ?? index
      const signIns = entries.flatMap((each, at) => (at > index && at < repeat && isSignIn(each) ? [at] : []))
      return [...alike.slice(Math.max(0, place - 1), place + 2), ...signIns]
    }),
  )
}

function isSignIn({ operation }: JournalEntry): boolean {
  return CALL_OPERATIONS.some(({ name, issuesToken }) => name === operation && issuesToken)
}
