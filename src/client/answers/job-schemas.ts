import Type from 'typebox'
import { ChangeNameSchema, Count, ErrorAnswerSchema, Family, NextTransitionAt, nullable } from './domain-schemas.ts'
import { InstantText } from '../schemas.ts'

// Responses of the control API about jobs.

const TransitionAnswerSchema = Type.Object({
  subject: Type.Union([
    Type.Object({ job: Type.String() }),
    Type.Object({ resource: Type.String(), kind: Type.String() }, { description: 'no job changes it' }),
  ]),
  job: Type.Optional(Type.String({ description: 'the job, where it or an item of it changes' })),
  item: Type.Optional(Type.String({ description: 'absent: the job itself changes' })),
  from: nullable(Type.String()),
  to: Type.String(),
  at: InstantText,
  effect: Type.Optional(
    Type.Object(
      { resource: Type.String(), kind: Type.String(), change: ChangeNameSchema },
      { description: 'what the item does to a resource' },
    ),
  ),
})

export const AdvanceAnswerSchema = Type.Object({
  now: InstantText,
  total: Type.Integer({
    minimum: 0,
    description: 'number of all transitions on the way; `transitions` has the first of them',
  }),
  transitions: Type.Array(TransitionAnswerSchema),
})

const VendorJobSchema = Type.Object(
  {
    id: Type.String(),
    overall_status: Type.String(),
    detailed_status: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: Type.Unknown(), description: 'the job as the vendor writes it' },
)

const TimelineAnswerSchema = Type.Object({
  startedAt: InstantText,
  endsAt: nullable(Type.String({ description: 'null: time alone never ends it' })),
  endStatus: nullable(Type.String()),
  cancelledAt: nullable(InstantText),
  steps: Type.Array(
    Type.Object({
      at: nullable(InstantText),
      done: Type.Optional(Count),
      failed: Type.Optional(Count),
      cancelled: Type.Optional(Count),
      none: Type.Optional(Count),
    }),
    { description: 'items in order of time: the number of each outcome that has its result by `at` (null: unknown)' },
  ),
})

export const JobAnswerSchema = Type.Object({
  id: Type.String(),
  family: Family,
  scenario: nullable(Type.String()),
  job: VendorJobSchema,
  deleted: Type.Optional(
    Type.Literal(true, { description: 'API clients no longer see the job; `job` is its last state' }),
  ),
  nextTransitionAt: NextTransitionAt,
  timeline: Type.Optional(TimelineAnswerSchema),
})

export const JobHistoryAnswerSchema = Type.Object({
  ...JobAnswerSchema.properties,
  plan: Type.Record(Type.String(), Type.Unknown()),
  events: Type.Array(Type.Object({ kind: Type.String(), at: InstantText, name: Type.Optional(Type.String()) })),
})

export const JobListAnswerSchema = Type.Object({
  total: Count,
  jobs: Type.Array(JobAnswerSchema),
  span: Type.Optional(nullable(Type.Object({ from: InstantText, to: nullable(InstantText) }))),
})

export const ExplanationAnswerSchema = Type.Object({
  job: Type.String(),
  status: Type.String(),
  isFinal: Type.Boolean(),
  deleted: Type.Optional(Type.Literal(true)),
  scenario: nullable(Type.String()),
  chosenBy: nullable(Type.String({ description: 'what chose the scenario: header, rule, domain, configuration ...' })),
  rule: Type.Optional(Type.String({ description: 'the id of the job rule that chose it' })),
  now: InstantText,
  clock: Type.String(),
  waitsFor: Type.Array(
    Type.Object({
      trigger: Type.Enum(['after', 'polls', 'signal', 'never', 'cancel']),
      text: Type.String(),
      at: Type.Optional(InstantText),
    }),
  ),
  nextTransitionAt: NextTransitionAt,
  phases: Type.Optional(
    Type.Array(Type.Object({ status: Type.String(), at: InstantText }), {
      description: 'its statuses before the end, each from that instant on',
    }),
  ),
  pauses: Type.Optional(Type.Array(Type.Object({ from: InstantText, until: InstantText }))),
  effects: Type.Array(
    Type.Object({ item: Type.String(), resource: Type.String(), change: ChangeNameSchema, at: InstantText }),
    { description: 'what its items did to resources, and what they will do' },
  ),
  text: Type.String(),
})

/** The 408 of a wait for a job. */
export const JobTimeoutAnswerSchema = Type.Object({
  ...JobAnswerSchema.properties,
  ...ErrorAnswerSchema.properties,
  explanation: ExplanationAnswerSchema,
  clockStands: Type.Boolean({ description: 'true: no longer wait would have helped' }),
})
