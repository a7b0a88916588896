import { AdvanceAnswerSchema, ClockAnswerSchema } from '../../client/answer-schemas.ts'
import type { Static } from 'typebox'
import type { Advance } from '../../domain/clock.ts'
import { formatInstant } from '../../wire/timestamps.ts'
import { clockAnswer, transitionAnswer } from '../answers.ts'
import { domainRoute, type ControlRoute } from '../route.ts'
import { instantOf, microsOf } from '../values.ts'
import { AdvanceBody, ClockBody } from '../../client/schemas.ts'

const NAMED_TRANSITIONS = 1000

/** Reading, setting and moving a domain's clock. */
export function clockRoutes(): ControlRoute[] {
  return [
    domainRoute('GET', '/clock', {
      summary: "The domain's clock",
      answers: { 200: ClockAnswerSchema },
      handle: ({ domain }) => ({ json: clockAnswer(domain.clock.read()) }),
    }),
    domainRoute('PUT', '/clock', {
      summary: 'Changes its mode, its rate, or puts it to an instant',
      body: ClockBody,
      answers: { 200: ClockAnswerSchema },
      handle: async ({ domain: { clock }, body }) => {
        const now = body.now === undefined ? undefined : instantOf(body.now, '/now')
        await clock.set({ ...body, now })
        return { json: clockAnswer(clock.read()) }
      },
    }),
    domainRoute('POST', '/clock/advance', {
      summary: 'Moves the clock and tells every transition on the way, in order',
      body: AdvanceBody,
      answers: { 200: AdvanceAnswerSchema },
      handle: async ({ domain, body }) => {
        const { now, total, transitions } = await domain.clock.advance(advanceOf(body), body.limit ?? NAMED_TRANSITIONS)
        return { json: { now: formatInstant(now), total, transitions: transitions.map(transitionAnswer) } }
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
