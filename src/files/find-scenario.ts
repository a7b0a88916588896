import { EmulatorError } from '../errors.ts'
import { withHints } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import { readScenario, type ScenarioLookup } from '../model/read-scenario.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import { invalid } from './invalid.ts'
import type { ScenarioCatalogue } from './scenarios.ts'

/**
 * Finds a scenario by name: a domain's own first, then those of the configuration, then the shipped ones. Or reads one
 * from an object.
 */
export function scenarioFinder(catalogue: ScenarioCatalogue) {
  return (named: string | ScenarioSource, own: ScenarioLookup): Scenario => {
    const [name, source] = typeof named === 'string' ? [named, own(named)] : [named.name ?? 'inline', named]
    if (source === undefined) return sharedScenario(catalogue, name)
    const lookup: ScenarioLookup = (other) => own(other) ?? catalogue.source(other)
    const reading = readScenario(source, name, lookup, catalogue)
    if ('issues' in reading) throw invalid(withHints(reading.issues, source))
    return reading.scenario
  }
}

function sharedScenario(catalogue: ScenarioCatalogue, name: string): Scenario {
  const scenario = catalogue.scenario(name)
  if (scenario !== undefined) return scenario
  const shown = JSON.stringify(name.slice(0, 100))
  const message = `there is no scenario named ${shown}${didYouMean(name, catalogue.names())}`
  throw new EmulatorError('badRequest', message, undefined, '')
}
