import { isDeepStrictEqual } from 'node:util'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import type { JobMark, JobWrite } from '../store/job-store.ts'
import type { DomainState } from './state.ts'

/** Scenarios as they were found, by how they were named. */
export type FoundScenarios = Map<string | ScenarioSource, Scenario>

/** All that the jobs of a seed came from, beside the seed. While it is the same, the same jobs would come again. */
interface Basis {
  readonly at: Instant
  readonly settings: Settings
  readonly randomSeed: number
  readonly scenario: string
  readonly scenarios: FoundScenarios
  /** From when on the jobs do not depend on the instant of seeding: all were over by then; undefined: they do. */
  readonly timelessFrom: Instant | undefined
}

/** How a domain was seeded, and up to where. */
export interface Beginning extends Basis {
  readonly mark: JobMark
}

/** Keeps what a seeding depends on while it goes. */
export interface SeedNotes {
  readonly scenarios: FoundScenarios
  readonly watch: (writes: Iterable<JobWrite>) => Iterable<JobWrite>
  readonly end: () => Basis
}

export function createSeedNotes(state: DomainState): SeedNotes {
  const scenarios: FoundScenarios = new Map()
  let timelessFrom: Instant | undefined = -Infinity
  const scenario = state.record.scenario ?? state.world.scenario
  return {
    scenarios,
    *watch(writes) {
      for (const write of writes) {
        const { existsFrom, plan } = write.job
        const isTimeless = plan.kind === 'finished' && existsFrom === plan.createdAt
        if (timelessFrom !== undefined) timelessFrom = isTimeless ? Math.max(timelessFrom, existsFrom) : undefined
        yield write
      }
    },
    end: () => ({
      ...{ scenario, scenarios, timelessFrom },
      at: state.now(),
      settings: state.settings,
      randomSeed: state.record.randomSeed,
    }),
  }
}

/** With more of them, looking all up again costs as much as making the jobs. */
const MOST_SCENARIOS = 50

/** Whether seeding the domain now would make the very jobs that were made then. */
export function beginsSo(state: DomainState, basis: Basis): boolean {
  const { settings, record, world } = state
  return (
    isSameTime(state, basis) &&
    record.randomSeed === basis.randomSeed &&
    (record.scenario ?? world.scenario) === basis.scenario &&
    basis.scenarios.size <= MOST_SCENARIOS &&
    isDeepStrictEqual(settings, basis.settings) &&
    [...basis.scenarios].every(([named, found]) => isDeepStrictEqual(state.scenario(named), found))
  )
}

function isSameTime({ now, record }: DomainState, { at, timelessFrom }: Basis): boolean {
  if (timelessFrom !== undefined) return now() >= timelessFrom
  return record.clock.mode !== 'running' && now() === at
}
