import { AdvanceAnswerSchema, ClockAnswerSchema } from '../../client/answer-schemas.ts'
import type { Static } from 'typebox'
import type { Advance } from '../../domain/clock.ts'
import { formatInstant } from '../../wire/timestamps.ts'
import { clockAnswer, transitionAnswer } from '../answers.ts'
import { domainRoute, type ControlRoute } from '../route.ts'
import { instantOf, invalid, microsOf } from '../values.ts'
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

function advanceOf({ by, to, next, untilJob, is, max }: Static<typeof AdvanceBody>): Advance {
  const ways: (Advance | undefined)[] = [
    by === undefined ? undefined : { by: microsOf(by, '/by') },
    to === undefined ? undefined : { to: instantOf(to, '/to') },
    next === undefined ? undefined : { next },
    untilJob === undefined
      ? undefined
      : { untilJob, is: is ?? 'final', max: max === undefined ? undefined : microsOf(max, '/max') },
  ]
  const [way, ...others] = ways.filter((each) => each !== undefined)
  if (way === undefined || others.length > 0) throw invalid('', 'takes one of by, to, next and untilJob')
  if (untilJob === undefined && (is ?? max) !== undefined)
    throw invalid(is === undefined ? '/max' : '/is', 'goes with untilJob alone')
  return way
}
