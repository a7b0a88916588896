import {
  DefaultScenarioAnswerSchema,
  JobRuleAnswerSchema,
  JobRuleListAnswerSchema,
  ScenarioAnswerSchema,
  ScenarioListAnswerSchema,
} from '../../client/answers/domain-schemas.ts'
import type { Scenarios } from '../../domain/scenarios.ts'
import { EmulatorError, prefixPointer } from '../../errors.ts'
import { didYouMean } from '../../model/nearest.ts'
import type { JobRuleSource } from '../../model/rule.ts'
import type { ScenarioSource } from '../../model/scenario.ts'
import { FAMILIES } from '../../wire/families/index.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { invalid } from '../values.ts'
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
      handle: ({ domain: { scenarios } }) => {
        const names = [...new Set([...shared.names(), ...Object.keys(scenarios.own())])].sort()
        return { json: { default: scenarios.default(), scenarios: names } }
      },
    }),
    domainRoute('PUT', '/scenarios', {
      summary: 'Sets the default for jobs that clients create',
      body: DefaultScenarioBody,
      answers: { 200: DefaultScenarioAnswerSchema },
      handle: ({ domain: { scenarios }, body }) => {
        prefixPointer('/default', () => {
          scenarios.setDefault(body.default)
        })
        return { json: { default: scenarios.default() } }
      },
    }),
    domainRoute('GET', '/scenarios/:name', {
      summary: 'One scenario, as it is written',
      answers: { 200: ScenarioAnswerSchema },
      handle: ({ domain: { scenarios }, params: { name } }) => {
        const source = ownScenario(scenarios, name) ?? shared.source(name)
        if (source === undefined)
          throw new EmulatorError('notFound', `there is no scenario named ${name.slice(0, 100)}`)
        const { name: ownName = name, ...rest } = source
        return { json: { name: ownName, ...rest } }
      },
    }),
    domainRoute('PUT', '/scenarios/:name', {
      summary: 'Keeps a scenario of this domain',
      body: ScenarioBody,
      answers: { 200: ScenarioAnswerSchema, 201: ScenarioAnswerSchema },
      handle: ({ domain: { scenarios }, params: { name }, body }) => {
        const isNew = ownScenario(scenarios, name) === undefined
        scenarios.set(name, body)
        return { status: isNew ? 201 : 200, json: { name, ...body } }
      },
    }),
    domainRoute('GET', '/rules', {
      summary: 'The job rules, with what is left of each',
      answers: { 200: JobRuleListAnswerSchema },
      handle: ({ domain: { scenarios } }) => ({ json: { rules: scenarios.rules() } }),
    }),
    domainRoute('POST', '/rules', {
      summary: 'The next jobs of a kind that clients create take this scenario',
      body: RuleBody,
      answers: { 201: JobRuleAnswerSchema },
      handle: ({ domain: { scenarios }, body }) => {
        refuseFamily(body.when?.family)
        refuseOperation(body.when)
        return { status: 201, json: prefixPointer('/scenario', () => scenarios.addRule(body)) }
      },
    }),
    domainRoute('DELETE', '/rules', {
      summary: 'Forgets all job rules',
      answers: NO_CONTENT,
      handle: ({ domain: { scenarios } }) => {
        scenarios.clearRules()
        return { status: 204 }
      },
    }),
  ]
}

function ownScenario(scenarios: Scenarios, name: string): ScenarioSource | undefined {
  const own = scenarios.own()
  return Object.hasOwn(own, name) ? own[name] : undefined
}

function refuseFamily(family: string | undefined): void {
  const names = FAMILIES.map(({ name }) => name)
  if (family === undefined || names.includes(family)) return
  throw invalid('/when/family', `${JSON.stringify(family)} is none of ${names.join(', ')}${didYouMean(family, names)}`)
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
