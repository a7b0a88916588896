import type { EmulatorError } from '../errors.ts'
import type { Settings } from '../model/settings.ts'
import type { Micros } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { streamChanges } from './change-stream.ts'
import { createClock, type Clock } from './clock.ts'
import { createFaults, type Faults } from '../journal/faults.ts'
import { createInventory, type Inventory } from './inventory.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { initialRecord } from './new-domain.ts'
import { createRequests, type Requests } from './requests.ts'
import { createScenarios, type Scenarios } from './scenarios.ts'
import { addSeed, reseed, type AddSeedOptions } from './seeding.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { createSleepers, type Sleepers } from './sleepers.ts'
import { shownEarlier, type DomainState } from './state.ts'
import { refuseDuplicateUsers } from './users.ts'

/** Changes of a domain's settings, users or random seed; absent parts stay. */
interface DomainChange {
  readonly settings?: Partial<Settings>
  readonly users?: readonly User[]
  readonly randomSeed?: number
}

/** One isolated domain. Nothing in it depends on another domain. */
export interface Domain {
  readonly id: string
  readonly name: string
  readonly jobs: Jobs
  readonly inventory: Inventory
  readonly clock: Clock
  /** The clients that sleep by its clock. */
  readonly sleepers: Sleepers
  readonly scenarios: Scenarios
  readonly snapshots: Snapshots
  readonly requests: Requests
  readonly faults: Faults
  /** Those of the configuration, with the domain's own on top. */
  readonly settings: Settings
  /** Users of this domain alone. */
  readonly users: readonly User[]
  /** Part of the key of each random draw. */
  readonly randomSeed: number
  /** Its jobs and its inventory as they were this long ago, to read only. */
  before: (time: Micros) => Pick<Domain, 'jobs' | 'inventory'>
  configure: (change: DomainChange) => void
  /** Resolves once no large call of the domain is under way; undefined: none is. Calls that write wait for it. */
  readonly busy: Promise<unknown> | undefined
  /** Yields when something in the domain has changed, without saying what. Ends with the signal. */
  changes: (signal: AbortSignal) => AsyncIterable<void>
  /** Adds the jobs and resources of a seed document, all or none; returns how many. */
  seed: (document: unknown, options: AddSeedOptions) => Promise<number>
  /** Ends the calls of clients that are waiting, with this error. */
  interrupt: (error: EmulatorError) => void
  /** Calls the listener when waiting calls are to end. Returns a function that removes it. */
  onInterrupt: (listener: (error: EmulatorError) => void) => () => void
  /** Restores the initial state of the domain. */
  reset: () => Promise<void>
  /** Adds a domain that is a copy of this one. */
  fork: (to: string) => Promise<Domain>
}

export function createDomain(state: DomainState, fork: Domain['fork']): Domain {
  const faults = createFaults(state)
  const requests = createRequests(state, faults)
  const waiting = new Set<(error: EmulatorError) => void>()
  return {
    id: state.id,
    name: state.name,
    jobs: createJobs(state),
    inventory: createInventory(state),
    clock: createClock(state),
    sleepers: createSleepers(state, requests),
    scenarios: createScenarios(state),
    snapshots: createSnapshots(state),
    requests,
    faults,
    get settings() {
      return state.settings
    },
    get users() {
      return state.record.users
    },
    get randomSeed() {
      return state.record.randomSeed
    },
    before: (time) => {
      const past = shownEarlier(state, time)
      return { jobs: createJobs(past), inventory: createInventory(past) }
    },
    configure: ({ settings = {}, users = state.record.users, randomSeed = state.record.randomSeed }) => {
      refuseDuplicateUsers(users)
      state.save({ settings: { ...state.record.settings, ...settings }, users, randomSeed })
    },
    get busy() {
      return state.gate.busy
    },
    changes: (signal) => streamChanges(state, signal),
    interrupt: (error) => {
      for (const listener of [...waiting]) listener(error)
    },
    onInterrupt: (listener) => {
      waiting.add(listener)
      return () => void waiting.delete(listener)
    },
    seed: (document, options) => addSeed(state, document, options),
    reset: () =>
      state.runAlone(async () => {
        await reseed(state, initialRecord(state.record.origin, state.services))
        requests.clear()
      }),
    fork,
  }
}
