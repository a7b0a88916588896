import {
  DefaultScenarioAnswerSchema,
  JobRuleAnswerSchema,
  JobRuleListAnswerSchema,
  ScenarioAnswerSchema,
  ScenarioListAnswerSchema,
} from '../../client/answer-schemas.ts'
import type { DomainControl } from '../../domain/jobs.ts'
import { EmulatorError } from '../../errors.ts'
import { didYouMean } from '../../model/nearest.ts'
import type { JobRule, JobRuleSource } from '../../model/rule.ts'
import type { ScenarioSource } from '../../model/scenario.ts'
import { FAMILIES } from '../../wire/families.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { invalid, within } from '../values.ts'
import { DefaultScenarioBody, RuleBody, ScenarioBody } from '../../client/schemas.ts'

export interface ScenarioRoutes {
  /** Scenarios of the configuration and those that ship, by name. */
  readonly shared: {
    readonly names: () => readonly string[]
    readonly source: (name: string) => ScenarioSource | undefined
  }
}

/** How jobs unfold in this domain, and which of the next take what. */
export function scenarioRoutes({ shared }: ScenarioRoutes): ControlRoute[] {
  return [
    domainRoute('GET', '/scenarios', {
      summary: 'The names of all scenarios, and the default for jobs that clients create',
      answers: { 200: ScenarioListAnswerSchema },
      handle: ({ domain: { control } }) => {
        const names = [...new Set([...shared.names(), ...Object.keys(control.scenarios())])].sort()
        return { json: { default: control.defaultScenario(), scenarios: names } }
      },
    }),
    domainRoute('PUT', '/scenarios', {
      summary: 'Sets the default for jobs that clients create',
      body: DefaultScenarioBody,
      answers: { 200: DefaultScenarioAnswerSchema },
      handle: async ({ domain: { control }, body }) => {
        await within(
          (pointer) => `/default${pointer}`,
          () => control.setDefaultScenario(body.default),
        )
        return { json: { default: control.defaultScenario() } }
      },
    }),
    domainRoute('GET', '/scenarios/:name', {
      summary: 'One scenario, as it is written',
      answers: { 200: ScenarioAnswerSchema },
      handle: ({ domain: { control }, params: { name } }) => {
        const source = ownScenario(control, name) ?? shared.source(name)
        if (source === undefined)
          throw new EmulatorError('notFound', `there is no scenario named ${name.slice(0, 100)}`)
        return { json: { name, ...source } }
      },
    }),
    domainRoute('PUT', '/scenarios/:name', {
      summary: 'Keeps a scenario of this domain',
      body: ScenarioBody,
      answers: { 200: ScenarioAnswerSchema, 201: ScenarioAnswerSchema },
      handle: ({ domain: { control }, params: { name }, body }) => {
        const isNew = ownScenario(control, name) === undefined
        control.setScenario(name, body)
        return { status: isNew ? 201 : 200, json: { name, ...body } }
      },
    }),
    domainRoute('GET', '/rules', {
      summary: 'The job rules, with what is left of each',
      answers: { 200: JobRuleListAnswerSchema },
      handle: ({ domain: { control } }) => ({ json: { rules: control.rules() } }),
    }),
    domainRoute('POST', '/rules', {
      summary: 'The next jobs of a kind that clients create take this scenario',
      body: RuleBody,
      answers: { 201: JobRuleAnswerSchema },
      handle: async ({ domain: { control }, body }) => {
        refuseOperation(body.when)
        const rule: JobRule = await within(
          (pointer) => `/scenario${pointer}`,
          () => control.addRule(body),
        )
        return { status: 201, json: rule }
      },
    }),
    domainRoute('DELETE', '/rules', {
      summary: 'Forgets all job rules',
      answers: NO_CONTENT,
      handle: ({ domain: { control } }) => {
        control.clearRules()
        return { status: 204 }
      },
    }),
  ]
}

function ownScenario(control: DomainControl, name: string): ScenarioSource | undefined {
  const own = control.scenarios()
  return Object.hasOwn(own, name) ? own[name] : undefined
}

/** `azure.bulkjobs.create` names an API call, which is what faults are about. */
function refuseOperation({ family, operation }: NonNullable<JobRuleSource['when']> = {}): void {
  if (operation === undefined) return
  if (operation.includes('.'))
    throw invalid(
      '/when/operation',
      `${JSON.stringify(operation)} is the name of an API call; here goes the operation of a job, such as enablekey or delete-key-backups`,
    )
  const known = FAMILIES.filter(({ name }) => family === undefined || name === family).flatMap(
    ({ operations }) => operations,
  )
  if (known.includes(operation)) return
  const hint = didYouMean(operation, known) || `: there are ${known.join(', ')}`
  throw invalid('/when/operation', `can never be met: no job has the operation ${JSON.stringify(operation)}${hint}`)
}
