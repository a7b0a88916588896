import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import type { FaultAction, FaultSource } from './fault.ts'
import type { CallOperation } from './operations.ts'
import type { SweepPlanRequest } from './source-types.ts'

export type { SweepPlanRequest } from './source-types.ts'

/** The faults that a sweep tries on each request, as they appear in the names of cases. */
export const SWEEP_FAULTS = ['500', '503', '429', 'reset', 'truncate', 'lose', '401', 'slow'] as const
export type SweepFaultName = (typeof SWEEP_FAULTS)[number]

/** @internal */
export const SweepPlanSchema = Type.Object(
  {
    faults: Type.Optional(Type.Array(Type.Enum([...SWEEP_FAULTS]), { minItems: 1 })),
    retryAfter: Type.Optional(DurationSchema),
    slow: Type.Optional(DurationSchema),
  },
  { additionalProperties: false },
)

/** One fault on one request. */
export interface SweepCase {
  /** `azure.bulkjobs.get#2:reset`: the fault on the second call of that operation. */
  readonly name: string
  /** Ready to be set before the client runs again. */
  readonly fault: FaultSource
}

/**
 * The cases for a client's calls: each call with each fault, in order of arrival. Calls are counted by operation, as
 * faults count them.
 *
 * @param calls the names of the calls
 * @param operations the operations that faults can concern
 */
export function planSweep(
  calls: readonly string[],
  operations: readonly CallOperation[],
  request: SweepPlanRequest = {},
): SweepCase[] {
  const names = request.faults ?? SWEEP_FAULTS
  const counts = new Map<string, number>()
  return calls.flatMap((operation) => {
    const known = operations.find(({ name }) => name === operation)
    if (known === undefined) return []
    const nth = (counts.get(operation) ?? 0) + 1
    counts.set(operation, nth)
    return names.map((name) => ({
      name: `${operation}#${nth}:${name}`,
      fault: { on: { operation, nth }, do: actionOf(name, { ...request, hasToken: known.hasToken }) },
    }))
  })
}

const RETRY_AFTER = '1s'
const SLOW = '2s'

function actionOf(
  name: SweepFaultName,
  { retryAfter = RETRY_AFTER, slow = SLOW, hasToken }: SweepPlanRequest & { readonly hasToken: boolean },
): FaultAction {
  switch (name) {
    case '500':
      return { respond: { status: 500 } }
    case '503':
      return { respond: { status: 503, retryAfter } }
    case '429':
      return { respond: { status: 429, retryAfter } }
    case 'reset':
    case 'truncate':
      return { socket: name }
    case 'lose':
      return { lose: true }
    case '401':
      // The token stays expired, so a client that only repeats the request does not survive.
      return hasToken ? { token: 'expire' } : { respond: { status: 401 } }
    case 'slow':
      return { delay: slow }
  }
}
