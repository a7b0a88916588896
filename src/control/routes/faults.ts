import { FaultAnswerSchema, FaultListAnswerSchema } from '../../client/answers/domain-schemas.ts'
import type { FaultSource } from '../../model/fault.ts'
import { HOUR } from '../../model/time.ts'
import { FAMILIES } from '../../wire/families/index.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { faultAnswer } from '../answers.ts'
import { invalid, microsOf } from '../values.ts'
import { FaultBody } from '../../client/schemas.ts'

/** Calls that fail or linger on purpose. */
export function faultRoutes(): ControlRoute[] {
  return [
    domainRoute('GET', '/faults', {
      summary: 'The faults, with how many calls each has seen and hit',
      answers: { 200: FaultListAnswerSchema },
      handle: ({ domain: { faults } }) => ({ json: { faults: faults.all().map(faultAnswer) } }),
    }),
    domainRoute('POST', '/faults', {
      summary: 'Lets calls fail or linger on purpose (docs/reference/faults.md)',
      body: FaultBody,
      answers: { 201: FaultAnswerSchema },
      handle: ({ domain: { faults }, body }) => {
        refuseJobOperation(body.on?.operation)
        checkDurations(body)
        return { status: 201, json: faultAnswer(faults.add(body)) }
      },
    }),
    domainRoute('DELETE', '/faults', {
      summary: 'Forgets all faults',
      answers: NO_CONTENT,
      handle: ({ domain: { faults } }) => {
        faults.clear()
        return { status: 204 }
      },
    }),
    domainRoute('DELETE', '/faults/:id', {
      summary: 'Forgets one fault',
      answers: NO_CONTENT,
      handle: ({ domain: { faults }, params: { id } }) => {
        faults.remove(id)
        return { status: 204 }
      },
    }),
  ]
}

/** `enablekey` is what a job does, which is what job rules are about. */
function refuseJobOperation(operation: string | undefined): void {
  const family = FAMILIES.find(({ operations }) => operations.some((name) => name === operation))
  if (operation === undefined || family === undefined) return
  throw invalid(
    '/on/operation',
    `${JSON.stringify(operation)} is the operation of a job; here goes the name of an API call, such as ` +
      `${family.name}.create (a job rule can pick jobs by their operation: POST .../rules)`,
  )
}

/** Real time. Clients give up earlier than this. */
const MAX_DELAY = 24 * HOUR

function checkDurations({ on = {}, do: action }: FaultSource): void {
  const { delay = '0s', virtualDelay = '0s', stale = '0s', respond: { retryAfter = '0s' } = {} } = action
  microsOf(on.from ?? '0s', '/on/from')
  microsOf(on.for ?? '0s', '/on/for')
  microsOf(retryAfter, '/do/respond/retryAfter')
  microsOf(virtualDelay, '/do/virtualDelay')
  microsOf(stale, '/do/stale')
  if (microsOf(delay, '/do/delay') > MAX_DELAY)
    throw invalid('/do/delay', 'passes for real, and is a day at the most (virtualDelay moves the clock instead)')
}
