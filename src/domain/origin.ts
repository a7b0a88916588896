import type { ClockState } from '../model/domain.ts'
import { freshId } from '../model/identifiers.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { clockAt } from './clock-state.ts'
import type { DomainState } from './state.ts'
import type { World } from './services.ts'

/** A domain before it is added. */
export type DomainDraft = Omit<DomainRecord, 'key' | 'content' | 'visibleTo'>

export const NO_ORIGIN: DomainOrigin = {
  clock: undefined,
  settings: {},
  users: [],
  scenario: undefined,
  seed: undefined,
}

/** What a domain begins with where its origin says nothing. */
export interface Beginning {
  readonly world: World
  /** The clock of a domain made now. */
  readonly startClock: () => ClockState
  readonly randomSeed: number
}

/** How a domain begins, and where a reset goes back to. */
export function beginningOf(origin: DomainOrigin, beginning: Beginning): Omit<DomainDraft, 'id' | 'name'> {
  return {
    randomSeed: origin.randomSeed ?? beginning.randomSeed,
    clock: origin.clock === undefined ? beginning.startClock() : restarted(origin.clock, beginning.world),
    settings: origin.settings,
    users: origin.users,
    scenario: origin.scenario,
    scenarios: {},
    rules: [],
    faults: [],
    isTouched: false,
    origin,
  }
}

/** A clock as it was when it was first set. One that showed the real time does so again. */
function restarted(clock: ClockState, { real }: World): ClockState {
  const again = clockAt(clock, clock.base, real)
  const showedReal = clock.mode === 'running' && clock.base === clock.realStart
  return showedReal ? { ...again, base: again.realStart } : again
}

/** A copy of a domain as it is now, under another name. */
export function draftOf({ record, clock }: DomainState, name: string): DomainDraft {
  const { key: _key, content: _content, visibleTo: _visibleTo, ...rest } = record
  return { ...rest, id: freshId(), name, clock: clock() }
}
