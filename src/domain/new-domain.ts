import { prefixPointer } from '../errors.ts'
import { isRunning, ROOT_DOMAIN, ROOT_DOMAIN_ID, type ClockState } from '../model/domain.ts'
import { freshId } from '../model/identifiers.ts'
import type { DomainOrigin, DomainRecord } from '../store/store.ts'
import { clockAt } from './clock-state.ts'
import { fillFromSeeds } from './seeding.ts'
import type { DomainServices } from './services.ts'
import { createDomainState, type DomainState } from './state.ts'
import { refuseDuplicateUsers } from './users.ts'

/** A domain or snapshot with complete content that is not yet in the store. */
export type NewDomain = Omit<DomainRecord, 'key'>

export const DEFAULT_ORIGIN: DomainOrigin = {
  clock: undefined,
  settings: {},
  users: [],
  scenario: undefined,
  seed: undefined,
}

export async function buildFromSeeds(name: string, origin: DomainOrigin, services: DomainServices): Promise<NewDomain> {
  const id = name === ROOT_DOMAIN ? ROOT_DOMAIN_ID : freshId()
  const domain = { id, name, visibleTo: undefined, ...initialRecord(origin, services) }
  // Key and content are not known yet: this state only checks the origin and renders the seed.
  const state = createDomainState({ ...domain, key: 0, content: 0 }, services)
  prefixPointer('/scenario', () => origin.scenario !== undefined && state.scenario(origin.scenario))
  prefixPointer('/settings', () => {
    refuseDuplicateUsers(origin.users)
  })
  return { ...domain, content: await services.contents.build((content) => fillFromSeeds(state, content)) }
}

/** A copy of a domain's present state under another name. */
export function buildCopy(state: DomainState, name: string): Promise<NewDomain> {
  return copyOf(state, { id: freshId(), name })
}

/** A domain of its own: jobs and resources have its id in place of that of the original. */
export function buildFork(state: DomainState, name: string): Promise<NewDomain> {
  const id = freshId()
  return copyOf(state, { id, name }, (record) => state.services.readdress(record, { from: state.id, to: id }))
}

async function copyOf(
  state: DomainState,
  identity: Pick<NewDomain, 'id' | 'name'>,
  recordOf?: (record: string) => string,
): Promise<NewDomain> {
  const { contents, store } = state.services
  const content = await contents.build((copy) => store.contents.copy(state.scope, copy, recordOf))
  const { key: _key, ...record } = state.record
  return { ...record, ...identity, clock: state.clock(), content, visibleTo: undefined }
}

/** The initial record of a domain with this origin, which a reset restores. */
export function initialRecord(
  origin: DomainOrigin,
  services: DomainServices,
): Omit<NewDomain, 'id' | 'name' | 'content' | 'visibleTo'> {
  return {
    randomSeed: origin.randomSeed ?? services.randomSeed,
    clock: origin.clock === undefined ? services.startClock() : restartedClock(origin.clock, services),
    settings: origin.settings,
    users: origin.users,
    scenario: origin.scenario,
    scenarios: {},
    rules: [],
    faults: [],
    isDirty: false,
    origin,
  }
}

/** A clock as it was when it was first set. One that showed the real time does so again. */
function restartedClock(clock: ClockState, { real }: DomainServices): ClockState {
  const restarted = clockAt(clock, clock.base, real)
  const showedRealTime = isRunning(clock.mode) && clock.base === clock.realStart
  return showedRealTime ? { ...restarted, base: restarted.realStart } : restarted
}
