import Type, { type Static } from 'typebox'
import { CLOCK_MODES, MAX_RATE } from '../model/domain.ts'
import { DEFAULT_FAILURES, FAILURE_KINDS } from '../model/failure-kind.ts'
import { DurationSchema } from '../model/duration-schema.ts'
import { FaultSchema } from '../model/fault.ts'
import { JobRuleSchema, NamedScenarioSchema } from '../model/rule.ts'
import { ScenarioSchema } from '../model/scenario.ts'
import { SettingsSchema } from '../model/settings.ts'
import { UserSchema } from '../model/user.ts'

const strict = { additionalProperties: false } as const

export const InstantText = Type.String({ description: 'RFC 3339' })
export const ClockModeSchema = Type.Enum([...CLOCK_MODES])

export const ClockBody = Type.Object(
  {
    mode: Type.Optional(ClockModeSchema),
    now: Type.Optional(InstantText),
    rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_RATE })),
    lease: Type.Optional(
      Type.String({
        'x-duration': true,
        description: 'of auto: real time after which a sleeper that neither sleeps nor calls is dropped; absent: 5s',
      }),
    ),
    sleepers: Type.Optional(
      Type.Integer({ minimum: 1, description: 'of auto: no leap before this many sleepers are known' }),
    ),
  },
  strict,
)

export const SleepBody = Type.Object(
  {
    for: DurationSchema,
    sleeper: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'who sleeps; absent: the connection' }),
    ),
  },
  strict,
)

const limit = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 100_000, description: 'how many transitions the answer has; absent: 1,000' }),
)
const JobStatus = Type.String({ minLength: 1, description: 'final, or a status of the job; absent: final' })

export const AdvanceBody = Type.Union(
  [
    Type.Object({ by: DurationSchema, limit }, strict),
    Type.Object({ to: InstantText, limit }, strict),
    Type.Object({ next: Type.Literal(true), limit }, strict),
    Type.Object(
      {
        untilJob: Type.String({ minLength: 1 }),
        is: Type.Optional(JobStatus),
        max: Type.Optional(DurationSchema),
        limit,
      },
      strict,
    ),
  ],
  { description: 'one of by, to, next and untilJob (with is and max)' },
)

/** The settings, and the domain's random seed and users. */
export const SettingsBody = Type.Object(
  {
    ...Type.Partial(SettingsSchema).properties,
    tokenTtl: Type.Optional(DurationSchema),
    randomSeed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'for the draws of jobs made from now on',
      }),
    ),
    users: Type.Optional(Type.Array(UserSchema)),
  },
  strict,
)

export const DomainBody = Type.Object(
  {
    seed: Type.Optional(Type.Unknown({ description: 'a seed document (docs/reference/seeds.md)' })),
    clock: Type.Optional(Type.Union([ClockBody, Type.String({ description: 'step@2026-01-01T00:00:00Z' })])),
    scenario: Type.Optional(NamedScenarioSchema),
    settings: Type.Optional(SettingsBody),
  },
  strict,
)

export const NewJobBody = Type.Object(
  {
    family: Type.Optional(Type.String({ minLength: 1, description: 'a family: aws.bulkjob' })),
    request: Type.Optional(Type.Unknown({ description: 'the body of a create request' })),
    job: Type.Optional(Type.Unknown({ description: 'a job as a CM sent it' })),
    scenario: Type.Optional(NamedScenarioSchema),
    createdAt: Type.Optional(
      Type.String({
        description: 'an instant, or now-2s; beside `job`, all instants of the job move by the same amount',
      }),
    ),
  },
  strict,
)

const OnSync = Type.Optional(Type.Literal('on-sync', { description: 'by the next synchronization' }))

/** An element of a seed's `resources`. */
export const NewResourceBody = Type.Object(
  {
    kind: Type.String({ minLength: 1, description: 'a kind: aws.key' }),
    record: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'as the vendor writes it; what is missing is filled in',
      }),
    ),
    of: Type.Optional(Type.String({ minLength: 1, description: 'the id of the key that a backup is of' })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'so many; in seeds alone' })),
    appears: OnSync,
    vanishes: OnSync,
  },
  strict,
)

/** The ids or names of resources. */
export const MatchResourcesBody = Type.Object(
  { names: Type.Array(Type.String({ minLength: 1 }), { maxItems: 1000, description: 'ids or names' }) },
  strict,
)

export const SignalBody = Type.Object({ name: Type.String({ minLength: 1 }) }, strict)
export const ScenarioBody = ScenarioSchema
export const DefaultScenarioBody = Type.Object({ default: NamedScenarioSchema }, strict)
export const RuleBody = JobRuleSchema
export const ForkBody = Type.Object({ to: Type.String({ minLength: 1 }) }, strict)

export const TokenBody = Type.Object(
  {
    username: Type.Optional(Type.String({ minLength: 1 })),
    groups: Type.Optional(Type.Array(Type.String())),
    ttl: Type.Optional(DurationSchema),
    kind: Type.Optional(Type.Enum(['valid', 'expired', 'wrong-key', 'revoked'])),
  },
  strict,
)

export const FaultBody = FaultSchema

const REQUEST_FILTER = {
  operation: Type.Optional(Type.String({ minLength: 1, description: 'a name or a glob' })),
  method: Type.Optional(Type.String({ minLength: 1 })),
  path: Type.Optional(Type.String({ minLength: 1, description: 'a path or a glob' })),
  job: Type.Optional(Type.String({ minLength: 1 })),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  since: Type.Optional(InstantText),
}

const RequestFilterBody = Type.Object(REQUEST_FILTER, strict)

export type RequestFilterBody = Static<typeof RequestFilterBody>

export const RequestWaitBody = Type.Object(
  {
    ...REQUEST_FILTER,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    timeout: Type.Optional(DurationSchema),
  },
  strict,
)

export type RequestWaitBody = Static<typeof RequestWaitBody>

const FailureKindSchema = Type.Enum(FAILURE_KINDS)

export const EndBody = Type.Object(
  {
    hasFailed: Type.Optional(
      Type.Boolean({
        description: 'the test failed by itself: the text is the full report, and there are no problems',
      }),
    ),
    failOn: Type.Optional(
      Type.Array(FailureKindSchema, { description: 'what fails the test', default: DEFAULT_FAILURES }),
    ),
    allow: Type.Optional(
      Type.Array(Type.Union([FailureKindSchema, RequestFilterBody]), {
        description: 'kinds of failure, or requests, that are intended',
      }),
    ),
    title: Type.Optional(Type.String({ description: 'the name of the test, for the text and the trace' })),
    rules: Type.Optional(Type.Array(Type.String(), { description: 'the job rules that must be used: all by default' })),
    faults: Type.Optional(Type.Array(Type.String(), { description: 'the faults that must hit: all by default' })),
    asked: Type.Optional(
      Type.Object(REQUEST_FILTER, {
        ...strict,
        description: 'the last query of the journal: the report names the most similar request',
      }),
    ),
    askedInVain: Type.Optional(Type.Boolean({ description: 'the wait for `asked` timed out' })),
    keep: Type.Optional(Type.Boolean({ description: 'leaves the domain as it is' })),
  },
  strict,
)

export type EndBody = Static<typeof EndBody>
