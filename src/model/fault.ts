import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import { MAX_GLOB_LENGTH } from './glob.ts'
import type { FaultSource } from './source-types.ts'
import type { Instant } from './time.ts'

export type { FaultSource } from './source-types.ts'

const strict = { additionalProperties: false } as const
const Count = Type.Integer({ minimum: 1 })

/** Which calls a fault concerns; all given conditions must hold. Counting starts when the fault is set. */
const FaultOnSchema = Type.Object(
  {
    operation: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_GLOB_LENGTH,
        description: 'a name or a glob: azure.*, azure.bulkjobs.{get,list}',
      }),
    ),
    method: Type.Optional(Type.String({ minLength: 1 })),
    path: Type.Optional(
      Type.String({ minLength: 1, maxLength: MAX_GLOB_LENGTH, description: 'glob over the path, without its query' }),
    ),
    job: Type.Optional(Type.String({ minLength: 1 })),
    nth: Type.Optional(Type.Union([Count, Type.Array(Count, { minItems: 1 })])),
    every: Type.Optional(Count),
    rate: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'the share of calls to hit, drawn by the random seed',
      }),
    ),
    from: Type.Optional(
      Type.String({
        'x-duration': true,
        description: "only calls from this time of the domain's clock after it is set",
      }),
    ),
    for: Type.Optional(Type.String({ 'x-duration': true, description: 'only calls for so long after that' })),
  },
  strict,
)

const RespondSchema = Type.Object(
  {
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    retryAfter: Type.Optional(DurationSchema),
    body: Type.Optional(Type.Unknown({ description: "a string is sent unchanged; absent: the vendor's error shape" })),
  },
  strict,
)

/** The effects of a fault on a call that it hits, in the order in which they take place. */
const FaultDoSchema = Type.Object(
  {
    delay: Type.Optional(DurationSchema),
    virtualDelay: Type.Optional(DurationSchema),
    stale: Type.Optional(
      Type.String({ 'x-duration': true, description: 'the answer is as of this long ago, a duration of the domain' }),
    ),
    patch: Type.Optional(
      Type.Unknown({ description: 'a JSON merge patch (RFC 7386) of the answer; answers that are not JSON stay' }),
    ),
    socket: Type.Optional(Type.Enum(['reset', 'close', 'truncate', 'garbage'])),
    respond: Type.Optional(RespondSchema),
    lose: Type.Optional(Type.Literal(true)),
    token: Type.Optional(Type.Enum(['expire', 'revoke'])),
  },
  { ...strict, minProperties: 1, description: 'one or more actions that go together' },
)

/** A fault as a request describes it: which calls fail or are delayed, and how. @internal */
export const FaultSchema = Type.Object(
  {
    on: Type.Optional(FaultOnSchema),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'how often it may hit; absent: no limit' })),
    do: FaultDoSchema,
  },
  strict,
)

export type FaultAction = FaultSource['do']

/** A fault that is set. */
export interface Fault extends FaultSource {
  readonly id: string
  /** Number of matching calls so far, hit or not. */
  readonly seen: number
  readonly hits: number
  /** When it was set; absent in data of older versions, whose faults have no span of time. */
  readonly setAt?: Instant
}
