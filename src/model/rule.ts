import Type from 'typebox'
import { MAX_GLOB_LENGTH } from './glob.ts'
import { ScenarioSchema } from './scenario.ts'
import type { JobRuleSource } from './source-types.ts'

export type { JobRuleSource } from './source-types.ts'

/** A scenario by name, or as an object. @internal */
export const NamedScenarioSchema = Type.Union([Type.String({ minLength: 1 }), ScenarioSchema])

/** A job rule as a request describes it: which of the next jobs that clients create get which scenario. @internal */
export const JobRuleSchema = Type.Object(
  {
    when: Type.Optional(
      Type.Object(
        {
          family: Type.Optional(Type.String({ minLength: 1, description: 'a family: aws.bulkjob' })),
          operation: Type.Optional(Type.String({ minLength: 1, description: "the job's vendor operation: enablekey" })),
          item: Type.Optional(
            Type.String({ minLength: 1, maxLength: MAX_GLOB_LENGTH, description: 'glob over the ids of its items' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    scenario: NamedScenarioSchema,
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'how many jobs; absent: one' })),
  },
  { additionalProperties: false },
)

/** A job rule in the queue. */
export interface JobRule extends JobRuleSource {
  readonly id: string
  readonly times: number
  /** Number of jobs that it still applies to. */
  readonly left: number
}
