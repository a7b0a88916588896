import { EmulatorError, prefixMessage } from '../errors.ts'
import { DOMAIN_NAME } from '../model/domain.ts'
import { freshId } from '../model/identifiers.ts'
import type { JobRule, JobRuleSource } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import { ownScenariosOf, type DomainState } from './state.ts'

/** The scenarios of a domain, and rules about which jobs get which scenario. */
export interface Scenarios {
  own: () => Readonly<Record<string, ScenarioSource>>
  /** Adds or replaces a scenario of the domain. */
  set: (name: string, source: ScenarioSource) => void
  /** The scenario of jobs that name no other. */
  default: () => string | ScenarioSource
  setDefault: (scenario: string | ScenarioSource) => void
  rules: () => readonly JobRule[]
  addRule: (rule: JobRuleSource) => JobRule
  clearRules: () => void
}

export function createScenarios(state: DomainState): Scenarios {
  /** Throws if a scenario, or a rule that names one, would be invalid. */
  function checkScenarios(scenarios: Readonly<Record<string, ScenarioSource>>, changed: string): void {
    const own = ownScenariosOf(scenarios)
    const find = (named: string | ScenarioSource) => state.services.findScenario(named, own)
    find(changed)
    const { scenarios: known, scenario: byDefault, rules } = state.record
    for (const name of Object.keys(known))
      prefixMessage(`this change makes the scenario ${name} invalid`, () => find(name))
    if (byDefault !== undefined)
      prefixMessage("this change makes the domain's default scenario invalid", () => find(byDefault))
    for (const { id, scenario, left } of rules)
      if (left > 0) prefixMessage(`this change makes the job rule ${id} invalid`, () => find(scenario))
  }

  return {
    own: () => state.record.scenarios,
    set: (name, source) => {
      refuseName(name, source)
      const scenarios = { ...state.record.scenarios, [name]: source }
      checkScenarios(scenarios, name)
      state.save({ scenarios })
    },
    default: () => state.record.scenario ?? state.services.scenario,
    setDefault: (scenario) => {
      state.scenario(scenario)
      state.save({ scenario })
    },
    rules: () => state.record.rules,
    addRule: (source) => {
      state.scenario(source.scenario)
      const times = source.times ?? 1
      const rule: JobRule = { ...source, id: freshId(), times, left: times }
      state.save({ rules: [...state.record.rules, rule] })
      return rule
    },
    clearRules: () => {
      state.save({ rules: [] })
    },
  }
}

function refuseName(name: string, source: ScenarioSource): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError('badRequest', 'a scenario has a name of 1 to 64 of A-Z a-z 0-9 . _ -')
  if (source.name !== undefined && source.name !== name)
    throw new EmulatorError('badRequest', `/name is not ${name}, the name it is kept under`, undefined, '/name')
}
