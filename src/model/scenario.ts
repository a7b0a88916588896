import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import { MAX_GLOB_LENGTH } from './glob.ts'
import type { Micros } from './time.ts'

export type { ScenarioSource, ItemRule } from './source-types.ts'

/** Each rule is compared with each item, and clients may send rules in a header, so their number is bounded. */
const MAX_ITEM_RULES = 100

const Share = Type.String({ pattern: '^\\d+(\\.\\d+)?%$', description: "a share of the job's duration: 40%" })

const Position = Type.Integer()

/** @internal */
export const ItemRuleSchema = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_GLOB_LENGTH, description: 'glob over the item id' })),
    index: Type.Optional(
      Type.Union([Position, Type.Array(Position, { minItems: 2, maxItems: 2 })], {
        description:
          'position in the job, from 0; negative counts from the end; two are the first and the last of a range',
      }),
    ),
    every: Type.Optional(Type.Integer({ minimum: 1, description: 'every n-th item: 3 takes the 3rd, 6th, 9th' })),
    fraction: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'share of all items, drawn by the random seed; the shares of several rules add up',
      }),
    ),
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'exactly so many items, drawn by the random seed; all if there are fewer; before any fraction',
      }),
    ),
    status: Type.Optional(
      Type.String({ description: 'text in detailed_status; absent: what the family writes for success' }),
    ),
    at: Type.Optional(
      Type.Union([Type.Literal('never'), Share, DurationSchema], {
        description: "when the result appears: a share of the job's duration, a duration, or never",
      }),
    ),
  },
  { additionalProperties: false },
)

const FinalStatus = Type.String({
  minLength: 1,
  description: 'an overall_status; the word `failure` stands for the failure word of the domain (setting failureWord)',
})

/** `signal: finish`, or several names, each with the status that it ends the job with. */
const SignalSchema = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Record(Type.String({ minLength: 1 }), FinalStatus, { minProperties: 1 }),
])

const CancelSchema = Type.Union([
  Type.Literal('effective'),
  Type.Literal('ignored'),
  Type.Literal('rejected'),
  Type.Object({ effective: DurationSchema }, { additionalProperties: false }),
])

/** Phases and pauses of a scenario are looked at in each answer about a job, so their number is bounded. */
const MAX_STEPS = 100

const PhaseSchema = Type.Object(
  {
    status: Type.String({ minLength: 1, description: 'the overall_status meanwhile' }),
    for: DurationSchema,
  },
  { additionalProperties: false },
)

const PauseSchema = Type.Object(
  {
    at: Type.Union([Share, DurationSchema], {
      description: 'when the job pauses: a share of `after`, or a duration after the start; pauses do not count',
    }),
    for: DurationSchema,
  },
  { additionalProperties: false },
)

/** A scenario in a file or a request. @internal */
export const ScenarioSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'the JSON Schema that an editor checks the file by; ignored' })),
    name: Type.Optional(Type.String({ minLength: 1 })),
    description: Type.Optional(Type.String()),
    extends: Type.Optional(Type.String({ minLength: 1, description: 'the scenario whose fields this one inherits' })),
    after: Type.Optional(DurationSchema),
    polls: Type.Optional(Type.Integer({ minimum: 1, description: 'ends at the n-th GET by id of the API client' })),
    signal: Type.Optional(SignalSchema),
    never: Type.Optional(Type.Literal(true)),
    jitter: Type.Optional(
      Type.Union([Share, DurationSchema], {
        description: 'up to this much is added to `after`, drawn by the random seed',
      }),
    ),
    phases: Type.Optional(
      Type.Array(PhaseSchema, {
        maxItems: MAX_STEPS,
        description: 'words of overall_status before the end, one after the other from the start; then in_progress',
      }),
    ),
    pauses: Type.Optional(
      Type.Array(PauseSchema, {
        maxItems: MAX_STEPS,
        description: 'times in which nothing happens; they are added to `after`, and later items are as much later',
      }),
    ),
    items: Type.Optional(Type.Array(ItemRuleSchema, { maxItems: MAX_ITEM_RULES })),
    itemCount: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, description: 'number of items of a job whose request names none' }),
    ),
    overall_status: Type.Optional(FinalStatus),
    cancel: Type.Optional(CancelSchema),
    results: Type.Optional(Type.Union([Type.Literal('progressive'), Type.Literal('final')])),
  },
  { additionalProperties: false },
)

/** Rounding error allowed in sums of fractions: ten times 0.1 counts as 1. */
export const FRACTION_TOLERANCE = 1e-9

/** In a scenario: the failure word of the domain. */
export const FAILURE = 'failure'

/** A moment in a job: a share of its duration, a time after its start, or never. */
export type ItemTime = { readonly share: number } | { readonly micros: Micros } | 'never'

/** Which items a rule applies to; all given conditions must hold. */
interface ItemMatch {
  readonly id: string | undefined
  /** The first and the last position, both included; negative ones count from the end. */
  readonly index: readonly [first: number, last: number] | undefined
  readonly every: number | undefined
  readonly fraction: number | undefined
  readonly count: number | undefined
}

export interface ScenarioItemRule extends ItemMatch {
  readonly status: string
  readonly at: ItemTime | undefined
}

/** A status that a job shows for a time before its end. */
interface ScenarioPhase {
  readonly status: string
  readonly for: Micros
}

interface ScenarioPause {
  /** On the time line without pauses. */
  readonly at: Exclude<ItemTime, 'never'>
  readonly for: Micros
}

/** A scenario after resolving `extends` and normalizing its values. */
export interface Scenario {
  readonly name: string
  readonly description: string
  readonly after: Micros | undefined
  readonly jitter: Exclude<ItemTime, 'never'> | undefined
  readonly polls: number | undefined
  readonly signals: readonly { readonly name: string; readonly status: string }[]
  readonly phases: readonly ScenarioPhase[]
  readonly pauses: readonly ScenarioPause[]
  readonly items: readonly ScenarioItemRule[]
  readonly itemCount: number | undefined
  readonly status: string
  /** Whether a scenario of the user's own says what a cancel does; a family's rule yields to it, but to no shipped scenario. */
  readonly isCancelOwn?: true
  readonly cancel: { readonly kind: 'effective'; readonly after: Micros } | { readonly kind: 'ignored' | 'rejected' }
  readonly results: 'progressive' | 'final'
}
