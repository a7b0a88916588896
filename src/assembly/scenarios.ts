import type { Config } from '../config.ts'
import type { FindScenario } from '../domain/world.ts'
import { EmulatorError, StartError } from '../errors.ts'
import { suggestion } from '../files/problems.ts'
import {
  createScenarioCatalogue,
  readScenarioFiles,
  shippedScenarios,
  type ScenarioCatalogue,
} from '../files/scenarios.ts'
import { readScenario } from '../model/read-scenario.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import { invalid } from './invalid.ts'

/** The scenarios of the configuration and those that ship; throws a StartError for any that is wrong. */
export async function openScenarios(
  { scenariosDir, scenarios, scenario }: Config,
  fixtures: URL,
): Promise<ScenarioCatalogue> {
  const shippedDir = new URL('scenarios/', fixtures)
  const { source } = shippedScenarios(shippedDir)
  const files = scenariosDir === undefined ? [] : await readScenarioFiles(scenariosDir, source)
  const user = new Map([...files, ...Object.entries(scenarios)])
  const catalogue = createScenarioCatalogue({ shippedDir, user })
  for (const name of Object.keys(scenarios)) catalogue.scenario(name)
  if (catalogue.source(scenario) === undefined)
    throw new StartError(
      [`--scenario: there is no scenario named ${scenario}; there are ${catalogue.names().join(', ')}`],
      2,
    )
  return catalogue
}

/** How domains find scenarios: their own first, then those of the configuration, then those that ship. */
export function scenarioFinder(catalogue: ScenarioCatalogue): FindScenario {
  return (named, own) => {
    const source = (name: string): ScenarioSource | undefined => own(name) ?? catalogue.source(name)
    const name = typeof named === 'string' ? named : (named.name ?? 'inline')
    const shipped = typeof named === 'string' && own(named) === undefined ? catalogue.scenario(named) : undefined
    if (shipped !== undefined) return shipped
    const found = typeof named === 'string' ? own(named) : named
    if (found === undefined) throw new EmulatorError('badRequest', noScenario(name, catalogue), undefined, '')
    const reading = readScenario(found, name, source)
    if ('violations' in reading) throw invalid(reading.violations)
    return reading.scenario
  }
}

function noScenario(name: string, catalogue: ScenarioCatalogue): string {
  return `there is no scenario named ${JSON.stringify(name.slice(0, 100))}${suggestion(name, catalogue.names())}`
}
