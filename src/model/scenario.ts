import Type from 'typebox'
import { DurationSchema } from './duration-schema.ts'
import { MAX_GLOB_LENGTH } from './glob.ts'
import type { Micros } from './time.ts'

export type { ScenarioSource, ItemRule } from './source-types.ts'

/** Each rule is compared with each item, so what a client may write in a header needs a bound. */
const MAX_ITEM_RULES = 100

const Share = Type.String({ pattern: '^\\d+(\\.\\d+)?%$', description: "a share of the job's duration: 40%" })

/** @internal */
export const ItemRuleSchema = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_GLOB_LENGTH, description: 'glob over the item id' })),
    index: Type.Optional(Type.Integer({ description: 'place in the job, from 0; negative counts from the end' })),
    every: Type.Optional(Type.Integer({ minimum: 1, description: 'every n-th item: 3 takes the 3rd, 6th, 9th' })),
    fraction: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'so many items as are this share of all, drawn by the random seed; those of all rules add up',
      }),
    ),
    status: Type.Optional(Type.String({ description: 'text in detailed_status; absent: Success' })),
    at: Type.Optional(
      Type.Union([Type.Literal('never'), Share, DurationSchema], {
        description: "when the result is there: a share of the job's duration, a duration, or never",
      }),
    ),
  },
  { additionalProperties: false },
)

const FinalStatus = Type.String({
  minLength: 1,
  description: 'an overall_status; the word `failure` stands for the failure word of the domain (setting failureWord)',
})

/** `signal: finish`, or several names with what each ends the job as. */
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

/** A scenario as a file or a request writes it. @internal */
export const ScenarioSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'the JSON Schema that an editor checks the file by; ignored' })),
    name: Type.Optional(Type.String({ minLength: 1 })),
    description: Type.Optional(Type.String()),
    extends: Type.Optional(
      Type.String({ minLength: 1, description: 'the scenario whose fields hold where this one is silent' }),
    ),
    after: Type.Optional(DurationSchema),
    polls: Type.Optional(Type.Integer({ minimum: 1, description: 'ends at the n-th GET by id of the API client' })),
    signal: Type.Optional(SignalSchema),
    never: Type.Optional(Type.Literal(true)),
    jitter: Type.Optional(
      Type.Union([Share, DurationSchema], {
        description: 'up to this much is added to `after`, drawn by the random seed',
      }),
    ),
    items: Type.Optional(Type.Array(ItemRuleSchema, { maxItems: MAX_ITEM_RULES })),
    itemCount: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, description: 'items for a job whose request names none' }),
    ),
    overall_status: Type.Optional(FinalStatus),
    cancel: Type.Optional(CancelSchema),
    results: Type.Optional(Type.Union([Type.Literal('progressive'), Type.Literal('final')])),
  },
  { additionalProperties: false },
)

/** What sums of fractions may be off by: decimals are not exact, and ten times 0.1 is the whole. */
export const FRACTION_TOLERANCE = 1e-9

/** Stands, in a scenario, for whatever the domain calls failure. */
export const FAILURE = 'failure'

/** A point in a job: so much of its duration, so long after its start, or not at all. */
export type ItemTime = { readonly share: number } | { readonly micros: Micros } | 'never'

/** Which items a rule takes; all that are given must hold. */
export interface ItemMatch {
  readonly id: string | undefined
  readonly index: number | undefined
  readonly every: number | undefined
  readonly fraction: number | undefined
}

export interface ScenarioItemRule extends ItemMatch {
  readonly status: string
  readonly at: ItemTime | undefined
}

/** A scenario, read: nothing is inherited or spelled two ways any more. */
export interface Scenario {
  readonly name: string
  readonly description: string
  readonly after: Micros | undefined
  readonly jitter: Exclude<ItemTime, 'never'> | undefined
  readonly polls: number | undefined
  readonly signals: readonly { readonly name: string; readonly status: string }[]
  readonly items: readonly ScenarioItemRule[]
  readonly itemCount: number | undefined
  readonly status: string
  readonly cancel: { readonly kind: 'effective'; readonly after: Micros } | { readonly kind: 'ignored' | 'rejected' }
  readonly results: 'progressive' | 'final'
}
