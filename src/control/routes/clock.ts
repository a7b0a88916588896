import { FullClockAnswerSchema, SleepAnswerSchema } from '../../client/answers/domain-schemas.ts'
import { AdvanceAnswerSchema } from '../../client/answers/job-schemas.ts'
import type { Static } from 'typebox'
import type { Socket } from 'node:net'
import type { Advance } from '../../domain/clock.ts'
import type { Domain } from '../../domain/domain.ts'
import { formatInstant } from '../../wire/timestamps.ts'
import { fullClockAnswer, transitionAnswer } from '../answers.ts'
import { clockChangeOf } from '../clock-body.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { instantOf, microsOf } from '../values.ts'
import { AdvanceBody, ClockBody, SleepBody } from '../../client/schemas.ts'

const NAMED_TRANSITIONS = 1000

/** Reading, setting and moving a domain's clock. */
export function clockRoutes(): ControlRoute[] {
  const nameOf = createConnectionNames()
  return [
    domainRoute('GET', '/clock', {
      summary: "The domain's clock",
      answers: { 200: FullClockAnswerSchema },
      handle: ({ domain }) => ({ json: fullClockAnswer(domain) }),
    }),
    domainRoute('PUT', '/clock', {
      summary: 'Changes its mode, its rate, or puts it to an instant',
      body: ClockBody,
      answers: { 200: FullClockAnswerSchema },
      handle: async ({ domain, body }) => {
        await domain.clock.set(clockChangeOf(body, domain.clock.read().mode, ''))
        return { json: fullClockAnswer(domain) }
      },
    }),
    domainRoute('POST', '/clock/advance', {
      summary: 'Moves the clock, and returns every transition on the way, in order',
      body: AdvanceBody,
      answers: { 200: AdvanceAnswerSchema },
      handle: async ({ domain, body }) => {
        const { now, total, transitions } = await domain.clock.advance(advanceOf(body), body.limit ?? NAMED_TRANSITIONS)
        return { json: { now: formatInstant(now), total, transitions: transitions.map(transitionAnswer) } }
      },
    }),
    domainRoute('POST', '/clock/sleep', {
      isOpen: true,
      summary: "Answers once the domain's time has come that far, or with early after 240 s of real time",
      body: SleepBody,
      answers: { 200: SleepAnswerSchema },
      handle: async ({ domain, body, connection, signal }) => {
        const name = body.sleeper ?? nameOf(connection, domain)
        const { now, isEarly } = await domain.sleepers.sleep({ for: microsOf(body.for, '/for'), name, signal })
        return { json: { now: formatInstant(now), ...(isEarly && { early: true }) } }
      },
    }),
    domainRoute('DELETE', '/clock/sleepers/:name', {
      isOpen: true,
      summary: 'Drops a sleeper: the clock no longer waits for it',
      answers: NO_CONTENT,
      handle: ({ domain, params }) => {
        domain.sleepers.drop(params.name)
        return { status: 204 }
      },
    }),
  ]
}

function advanceOf(body: Static<typeof AdvanceBody>): Advance {
  if ('by' in body) return { by: microsOf(body.by, '/by') }
  if ('to' in body) return { to: instantOf(body.to, '/to') }
  if ('next' in body) return { next: true }
  const { untilJob, is = 'final', max } = body
  return { untilJob, is, max: max === undefined ? undefined : microsOf(max, '/max') }
}

/** Names connections that sleep without a name: `connection-1` and so on, in each domain. */
function createConnectionNames(): (connection: Socket, domain: Domain) => string {
  const names = new WeakMap<Domain, { count: number; readonly byConnection: WeakMap<Socket, string> }>()
  return (connection, domain) => {
    const known = names.get(domain) ?? { count: 0, byConnection: new WeakMap<Socket, string>() }
    names.set(domain, known)
    const name = known.byConnection.get(connection) ?? `connection-${(known.count += 1)}`
    if (!known.byConnection.has(connection)) {
      known.byConnection.set(connection, name)
      // Also a sleeper that is awake: no other connection can have its name.
      connection.once('close', () => {
        domain.sleepers.forget(name)
      })
    }
    return name
  }
}
