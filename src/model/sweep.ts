import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import type { FaultAction, FaultSource } from './fault.ts'
import type { CallOperation } from './operations.ts'
import type { ScenarioSource, SweepPlanRequest } from './source-types.ts'
import type { Settings } from './settings.ts'

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
  /** Present if the client cannot know whether the call has created something: it may fail, but not create it twice. */
  readonly mayGiveUp?: true
}

interface PlanOptions extends SweepPlanRequest {
  /** Positions of calls without a case. They still count as calls. */
  readonly leftOut?: ReadonlySet<number>
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
  request: PlanOptions = {},
): SweepCase[] {
  const names = request.faults ?? SWEEP_FAULTS
  const counts = new Map<string, number>()
  return calls.flatMap((operation, index) => {
    const known = operations.find(({ name }) => name === operation)
    if (known === undefined) return []
    const nth = (counts.get(operation) ?? 0) + 1
    counts.set(operation, nth)
    if (request.leftOut?.has(index) === true) return []
    const { retryAfter = RETRY_AFTER, slow = SLOW } = request
    const options = { retryAfter, slow, hasToken: known.hasToken }
    return names.map((name) => ({
      name: `${operation}#${nth}:${name}`,
      fault: { on: { operation, nth }, do: TRIED_FAULTS[name].action(options) },
      ...(known.creates && TRIED_FAULTS[name].hidesOutcome === true && { mayGiveUp: true as const }),
    }))
  })
}

const RETRY_AFTER = '1s'
const SLOW = '2s'

interface TriedFault {
  readonly action: (options: {
    readonly retryAfter: string
    readonly slow: string
    readonly hasToken: boolean
  }) => FaultAction
  /** True: the client cannot know whether the request was processed. */
  readonly hidesOutcome?: true
}

/** The faults, and what a client can know of each. */
const TRIED_FAULTS: Readonly<Record<SweepFaultName, TriedFault>> = {
  '500': { action: () => ({ respond: { status: 500 } }) },
  '503': { action: ({ retryAfter }) => ({ respond: { status: 503, retryAfter } }) },
  '429': { action: ({ retryAfter }) => ({ respond: { status: 429, retryAfter } }) },
  // A connection that is reset after the request was processed looks the same.
  reset: { action: () => ({ socket: 'reset' }), hidesOutcome: true },
  truncate: { action: () => ({ socket: 'truncate' }), hidesOutcome: true },
  lose: { action: () => ({ lose: true }), hidesOutcome: true },
  // The token stays expired, so a client that only repeats the request does not survive.
  '401': { action: ({ hasToken }) => (hasToken ? { token: 'expire' } : { respond: { status: 401 } }) },
  // A client whose own timeout is shorter cannot know the outcome.
  slow: { action: ({ slow }) => ({ delay: slow }), hidesOutcome: true },
}

/** An ending of the client's jobs that a sweep tries. */
interface SweepOutcome {
  readonly scenario: (words: Pick<Settings, 'abortedWord' | 'undoneItem'>) => ScenarioSource
  /** True: the job does not succeed, so a client that exits with 0 has not noticed that. */
  readonly isFailure: boolean
}

const FAILED_ITEM = 'Error: the operation failed'

/** The endings by their names in cases: `outcome:stuck`. */
export const SWEEP_OUTCOMES = {
  'partial-failure': {
    scenario: () => ({ extends: 'partial-failure', items: [{ index: -1, status: FAILED_ITEM }] }),
    isFailure: false,
  },
  failure: { scenario: () => ({ extends: 'failure' }), isFailure: true },
  'late-failure': { scenario: () => ({ extends: 'late-failure' }), isFailure: true },
  aborted: {
    scenario: ({ abortedWord, undoneItem }) => ({
      extends: 'default',
      items: [{ every: 1, status: undoneItem, at: '100%' }],
      overall_status: abortedWord,
    }),
    isFailure: true,
  },
  'unknown-word': {
    scenario: () => ({ extends: 'default', items: [{ every: 1, at: 'never' }], overall_status: 'suspended' }),
    isFailure: true,
  },
  stuck: { scenario: () => ({ extends: 'stuck' }), isFailure: true },
} as const satisfies Readonly<Record<string, SweepOutcome>>

export type SweepOutcomeName = keyof typeof SWEEP_OUTCOMES
