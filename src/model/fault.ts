import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import { MAX_GLOB_LENGTH } from './glob.ts'
import type { FaultSource } from './source-types.ts'

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

/** The effect of a fault on a call that it hits. */
const FaultDoSchema = Type.Union(
  [
    Type.Object({ respond: RespondSchema }, strict),
    Type.Object({ delay: DurationSchema }, strict),
    Type.Object({ virtualDelay: DurationSchema }, strict),
    Type.Object({ socket: Type.Enum(['reset', 'close', 'truncate', 'garbage']) }, strict),
    Type.Object({ lose: Type.Literal(true) }, strict),
    Type.Object({ token: Type.Enum(['expire', 'revoke']) }, strict),
  ],
  { description: 'one action a fault: respond, delay, virtualDelay, socket, lose or token' },
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
}
