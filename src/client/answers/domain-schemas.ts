import Type, { type TSchema } from 'typebox'
import type { FamilyName } from '../../model/family.ts'
import { FaultSchema } from '../../model/fault.ts'
import { JobRuleSchema, NamedScenarioSchema } from '../../model/rule.ts'
import { CHANGES } from '../../model/resource.ts'
import { ScenarioSchema } from '../../model/scenario.ts'
import { SettingsSchema } from '../../model/settings.ts'
import { UserSchema } from '../../model/user.ts'
import { ClockModeSchema, InstantText } from '../schemas.ts'

// Responses of the control API about domains and the emulator, and what all responses share. Objects are open: later
// versions may add fields.

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const Count = Type.Integer({ minimum: 0 })
export const Family = Type.Unsafe<FamilyName>(Type.String())
export const NextTransitionAt = nullable(InstantText)
export const ChangeNameSchema = Type.Enum([...CHANGES])

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
