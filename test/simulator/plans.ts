import { readScenario } from '../../src/model/read-scenario.ts'
import type { Scenario, ScenarioSource } from '../../src/model/scenario.ts'
import type { UnfoldingPlan } from '../../src/model/plan.ts'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { planJob, type PlanInput } from '../../src/simulator/plan-job.ts'
import { START } from '../laws/histories.ts'

export function scenarioOf(source: ScenarioSource): Scenario {
  const reading = readScenario(source, 'test', () => undefined)
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues))
  return reading.scenario
}

/** The plan of a job with two items that starts at START. */
export function planOf(source: ScenarioSource, input: Partial<PlanInput> = {}): UnfoldingPlan {
  return planJob({
    scenario: scenarioOf(source),
    chosenBy: 'configuration',
    settings: DEFAULT_SETTINGS,
    key: { seed: 1, content: 'test', occurrence: 0 },
    items: ['k1', 'k2'],
    createdAt: START,
    startedAt: START,
    ...input,
  })
}
