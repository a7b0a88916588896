import type { ScenarioSource } from './scenario.ts'

/**
 * A scenario in TypeScript, with the types of a scenario file: what an editor completes and the compiler checks.
 *
 * @example
 * ```ts
 * import { createEmulator, defineScenario } from 'cckm-emulator'
 *
 * const slowStart = defineScenario({ extends: 'default', after: '30s', items: [{ index: 0, at: '90%' }] })
 * await using emulator = await createEmulator({ scenarios: { slowStart }, scenario: 'slowStart' })
 * ```
 */
export function defineScenario(scenario: ScenarioSource): ScenarioSource {
  return scenario
}
