import Type, { type TSchema } from 'typebox'
import type { FamilyName } from '../model/family.ts'
import { FaultSchema } from '../model/fault.ts'
import { JobRuleSchema, NamedScenarioSchema } from '../model/rule.ts'
import { CHANGES } from '../model/resource.ts'
import { ScenarioSchema } from '../model/scenario.ts'
import { SettingsSchema } from '../model/settings.ts'
import { UserSchema } from '../model/user.ts'
import { ClockModeSchema, InstantText } from './schemas.ts'

// Responses of the control API, except those about requests of clients (journal-answer-schemas.ts). Objects are open:
// later versions may add fields.

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const Count = Type.Integer({ minimum: 0 })
const Family = Type.Unsafe<FamilyName>(Type.String())
const NextTransitionAt = nullable(InstantText)
const ChangeNameSchema = Type.Enum([...CHANGES])

export const ErrorAnswerSchema = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'for programs: not-found, bad-request, conflict ...' }),
    message: Type.String(),
    pointer: Type.Optional(Type.String({ description: 'JSON pointer to the place in the body, or /NAME of a query' })),
  }),
})

export const ClockAnswerSchema = Type.Object({
  mode: ClockModeSchema,
  now: InstantText,
  rate: Type.Number({ description: 'domain seconds per real second, while it runs' }),
  nextTransitionAt: NextTransitionAt,
})

export const FullClockAnswerSchema = Type.Object({
  ...ClockAnswerSchema.properties,
  sleepers: Type.Array(
    Type.Object({ name: Type.String(), until: nullable(InstantText) }, { description: 'until is null for one awake' }),
  ),
  lease: Type.Optional(Type.String({ description: 'of auto: a duration of real time' })),
  expectedSleepers: Type.Optional(Count),
})

export const SleepAnswerSchema = Type.Object({
  now: InstantText,
  early: Type.Optional(Type.Boolean({ description: 'the time has not come that far: sleep again for the rest' })),
})

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

export const DomainAnswerSchema = Type.Object({
  name: Type.String(),
  id: Type.String(),
  jobs: Count,
  clock: ClockAnswerSchema,
})

export const DomainListAnswerSchema = Type.Object({ domains: Type.Array(DomainAnswerSchema) })

const NewToken = {
  name: Type.String(),
  id: Type.String(),
  created: Type.Boolean(),
  domain: Type.String({ description: 'the domain for a sign-in that names it: the same as `name`' }),
  jwt: Type.String(),
}

export const DomainAccessSchema = Type.Object({
  ...NewToken,
  username: Type.String({ description: 'signs in to the domain without naming it: admin@t-42' }),
  user: Type.String({ description: 'the same user for a sign-in that names the domain: admin' }),
  password: Type.String(),
})

/** For the bearer of a CM token on a locked emulator: without passwords of other users. */
export const OwnDomainAnswerSchema = Type.Object(NewToken)

export const TokenAnswerSchema = Type.Object({ jwt: Type.String() })

const { password: _password, ...PublicUser } = UserSchema.properties

export const SettingsAnswerSchema = Type.Object({
  ...SettingsSchema.properties,
  randomSeed: Count,
  users: Type.Array(Type.Object(PublicUser), { description: 'of this domain alone' }),
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

const VendorRecordSchema = Type.Record(Type.String(), Type.Unknown(), { description: 'as the vendor writes it' })

const Hidden = Type.Optional(Type.Literal(true, { description: 'a synchronization has yet to show it to API clients' }))

export const ResourceAnswerSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  record: VendorRecordSchema,
  hidden: Hidden,
  summary: Type.Optional(
    Type.Object(
      {
        name: Type.Optional(Type.String()),
        state: Type.Optional(Type.String()),
        container: Type.Optional(Type.String({ description: 'its id, or a name of it' })),
        region: Type.Optional(Type.String()),
        changedAt: InstantText,
      },
      { description: 'with `summary=true`: what it is, whatever its kind' },
    ),
  ),
})

const ChangeOriginSchema = Type.Union([
  Type.Object({ job: Type.String() }),
  Type.Object({ request: Type.String() }),
  Type.Object({ seed: Type.Literal(true) }),
])

export const ResourceHistoryAnswerSchema = Type.Object({
  ...ResourceAnswerSchema.properties,
  effects: Type.Array(
    Type.Object({
      at: InstantText,
      change: ChangeNameSchema,
      by: ChangeOriginSchema,
    }),
    { description: 'its changes in order, those to come too' },
  ),
})

export const ResourceTimelineAnswerSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.Optional(Type.String()),
  steps: Type.Array(
    Type.Object({
      at: InstantText,
      change: ChangeNameSchema,
      by: ChangeOriginSchema,
      state: Type.Optional(Type.String({ description: 'the state from then on, if its kind has any' })),
      hidden: Hidden,
      removed: Type.Optional(Type.Literal(true, { description: 'it is not there any more' })),
    }),
    { description: 'its creation and its changes in order, those to come too' },
  ),
})

export const ResourceMatchesAnswerSchema = Type.Object({
  resources: Type.Array(
    Type.Object({
      name: Type.String({ description: 'as it was asked for' }),
      id: Type.String(),
      kind: Type.String(),
    }),
  ),
})

export const ResourceListAnswerSchema = Type.Object({ total: Count, resources: Type.Array(ResourceAnswerSchema) })

/** The 408 of a wait for a job. */
export const JobTimeoutAnswerSchema = Type.Object({
  ...JobAnswerSchema.properties,
  ...ErrorAnswerSchema.properties,
  explanation: ExplanationAnswerSchema,
  clockStands: Type.Boolean({ description: 'true: no longer wait would have helped' }),
})

export const ScenarioListAnswerSchema = Type.Object({
  default: NamedScenarioSchema,
  scenarios: Type.Array(Type.String()),
})

export const DefaultScenarioAnswerSchema = Type.Object({ default: NamedScenarioSchema })

export const ScenarioAnswerSchema = Type.Object({ ...ScenarioSchema.properties, name: Type.String() })

export const JobRuleAnswerSchema = Type.Object({
  ...JobRuleSchema.properties,
  id: Type.String(),
  times: Count,
  left: Type.Integer({ minimum: 0, description: 'how many jobs the rule still applies to' }),
})

export const JobRuleListAnswerSchema = Type.Object({ rules: Type.Array(JobRuleAnswerSchema) })

export const FaultAnswerSchema = Type.Object({
  ...FaultSchema.properties,
  id: Type.String(),
  seen: Type.Integer({ minimum: 0, description: 'matching calls so far, hit or not' }),
  hits: Count,
  setAt: Type.Optional(InstantText),
})

export const FaultListAnswerSchema = Type.Object({ faults: Type.Array(FaultAnswerSchema) })

export const SnapshotAnswerSchema = Type.Object({ name: Type.String() })
export const SnapshotListAnswerSchema = Type.Object({ snapshots: Type.Array(SnapshotAnswerSchema) })
export const SeedAnswerSchema = Type.Object({ added: Count, dryRun: Type.Boolean() })

export const SweepPlanAnswerSchema = Type.Object({
  cases: Type.Array(
    Type.Object({
      name: Type.String({ description: 'azure.bulkjobs.get#2:reset' }),
      fault: FaultSchema,
      mayGiveUp: Type.Optional(
        Type.Literal(true, {
          description:
            'the client cannot know whether the call has created something: it may fail, but not create it twice',
        }),
      ),
    }),
  ),
})

export const InfoAnswerSchema = Type.Object({
  name: Type.String(),
  version: Type.String(),
  cmVersion: Type.String(),
  domains: Count,
  families: Type.Array(
    Type.Object({
      name: Family,
      operations: Type.Array(Type.String()),
      itemField: Type.String(),
      example: Type.Optional(Type.Unknown({ description: 'the body of a create' })),
    }),
  ),
  kinds: Type.Array(
    Type.Object({
      name: Type.String(),
      states: Type.Array(Type.String(), { description: 'the words for its states' }),
      container: Type.Optional(Type.String({ description: 'the kind that contains it' })),
    }),
    { description: 'the kinds of resources, keys first' },
  ),
})

export const DocumentAnswerSchema = Type.Record(Type.String(), Type.Unknown())
