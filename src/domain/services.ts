import type { FamilyName } from '../model/family.ts'
import type { Job, JobView } from '../model/job.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { Store } from '../store/store.ts'
import type { JournalBudget } from '../journal/journal-budget.ts'
import type { LargeLists } from './large-lists.ts'
import type { RealClock } from './real-clock.ts'

/** Writes a job as vendor JSON. Handed in, since only wire/ knows the vendor's spelling. */
export type RenderJob = (job: Job, view: JobView, context: { domainId: string; settings: Settings }) => string

/** A scenario by name or as an object; throws a catalogue error that says what is wrong with it. */
export type FindScenario = (
  named: string | ScenarioSource,
  own: (name: string) => ScenarioSource | undefined,
) => Scenario

/** What every domain of an emulator shares. */
export interface World {
  readonly store: Store
  readonly real: RealClock
  readonly renderJob: RenderJob
  readonly findScenario: FindScenario
  readonly cloudOf: (family: FamilyName) => string
  /** Settings and default scenario of the configuration, where a domain has none of its own. */
  readonly settings: Settings
  readonly scenario: string | ScenarioSource
  readonly journals: JournalBudget
  readonly largeLists: LargeLists
}
