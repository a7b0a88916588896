import { EmulatorError } from '../errors.ts'
import type { ClockState } from '../model/domain.ts'
import type { Job, JobView, Transition } from '../model/job.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import { CALENDAR_END, isInCalendar, type Instant, type Micros } from '../model/time.ts'
import { jobAt } from '../simulator/job-at.ts'
import { itemTimes, jobTimes } from '../simulator/job-times.ts'
import type { DerivedJob, JobScope } from '../store/job-store.ts'
import type { DomainKey, DomainRecord } from '../store/store.ts'
import { createChanges, type Changes } from './changes.ts'
import { clockAt, clockKept, clockNow } from './clock-state.ts'
import { createFollower, type Follower } from './follower.ts'
import { createGate, type Gate } from './gate.ts'
import { atOnce } from './slices.ts'
import type { World } from './services.ts'

/** What a domain is at the moment, its jobs aside, and the ways in which everything in it looks at time and jobs. */
export interface DomainState {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly record: DomainRecord
  readonly settings: Settings
  /** The jobs that the domain shows. */
  readonly scope: JobScope
  readonly changes: Changes
  readonly follower: Follower
  readonly gate: Gate
  readonly world: World
  /** The instant of the domain now, or when so much time had elapsed. */
  now: (elapsed?: Micros) => Instant
  /**
   * Runs a command as one transaction: what throws in it changes nothing, neither in the store nor in memory. A command within a
   * command is part of the outer one.
   */
  command: <T>(work: () => T) => T
  /** Changes the record. */
  save: (change: Partial<DomainRecord>) => void
  /** Changes the record until the next save keeps it. */
  keepInMemory: (change: Partial<DomainRecord>) => void
  /** Says what a command has made of a job at this instant. */
  publish: (transitions: readonly Transition[]) => void
  /** Incremented when a reset or a snapshot replaces the domain's state; streams begin again then. */
  readonly epoch: number
  replace: (record: DomainRecord) => void
  /** True once the domain is removed; open streams and waits end. */
  readonly isGone: boolean
  markGone: () => void
  /** The clock with the present as its base. */
  clock: () => ClockState
  /** Puts the clock to an instant. */
  moveTo: (instant: Instant) => void
  /** Says that jobs were made or changed since the seed, so the clock cannot go back any more. */
  touch: () => void
  viewAt: (job: Job, at: Instant) => JobView
  /** A view of a job as vendor JSON. */
  render: (job: Job, view: JobView) => string
  /** A job as vendor JSON, as it is at an instant. */
  textAt: (job: Job, at: Instant) => string
  /** What is fixed at write time: instants for lists and items, and the last document where the end is known. */
  derived: (job: Job) => DerivedJob
  /** A scenario of this domain alone, as it was written. */
  ownScenario: (name: string) => ScenarioSource | undefined
  /** A scenario by name, the domain's own first, or as an object. */
  scenario: (named: string | ScenarioSource) => Scenario
}

/** The jobs that a domain or a snapshot shows. */
export function scopeOf({ content, visibleTo }: Pick<DomainRecord, 'content' | 'visibleTo'>): JobScope {
  return { content, visibleTo: visibleTo ?? Number.MAX_SAFE_INTEGER }
}

interface RunningCommand {
  /** When it began: it sees one instant throughout. */
  readonly elapsed: Micros
  isChanged: boolean
  readonly transitions: Transition[]
}

export function createDomainState(initial: DomainRecord, world: World): DomainState {
  let record = initial
  let settings = { ...world.settings, ...initial.settings }
  let epoch = 0
  let isGone = false
  const { id } = initial
  let running: RunningCommand | undefined

  const adopt = (changed: DomainRecord): void => {
    record = changed
    settings = { ...world.settings, ...record.settings }
  }
  const viewAt = (job: Job, at: Instant): JobView => jobAt(job.plan, job.events, at)
  const render = (job: Job, view: JobView): string => world.renderJob(job, view, { domainId: id, settings })

  /** Deletes what a seed has left that could not be added, and could not be deleted then for want of room. */
  function trimLeftovers(): void {
    if (record.visibleTo === undefined || state.gate.busy !== undefined) return
    atOnce(world.store.contents.trim(record.content, record.visibleTo))
    state.save({ visibleTo: undefined })
  }

  function command<T>(work: () => T): T {
    if (running !== undefined) return work()
    if (isGone) throw new EmulatorError('unauthorized', 'Invalid token', `the domain ${initial.name} was deleted`)
    const before = { record, epoch }
    const changes: RunningCommand = (running = { elapsed: world.real.elapsed(), isChanged: false, transitions: [] })
    let result: T
    try {
      state.follower.catchUp()
      result = world.store.transaction(() => {
        trimLeftovers()
        return work()
      })
    } catch (error) {
      adopt(before.record)
      epoch = before.epoch
      throw error
    } finally {
      running = undefined
    }
    if (changes.isChanged) {
      state.follower.publish(changes.transitions)
      state.changes.notify()
    }
    return result
  }

  const state: DomainState = {
    key: initial.key,
    id,
    name: initial.name,
    world,
    changes: createChanges(),
    gate: createGate(),
    get follower() {
      return follower
    },
    get record() {
      return record
    },
    get settings() {
      return settings
    },
    get scope() {
      return scopeOf(record)
    },
    get epoch() {
      return epoch
    },
    get isGone() {
      return isGone
    },
    command,
    save: (change) =>
      command(() => {
        const changed = { ...record, ...change }
        world.store.domains.save(changed)
        adopt(changed)
        if (running !== undefined) running.isChanged = true
      }),
    keepInMemory: (change) => {
      adopt({ ...record, ...change })
    },
    publish: (transitions) => {
      running?.transitions.push(...transitions)
    },
    replace: (replaced) =>
      command(() => {
        state.save(replaced)
        epoch += 1
      }),
    markGone: () => {
      isGone = true
      state.follower.end()
      state.changes.notify()
    },
    now: (elapsed = running?.elapsed ?? world.real.elapsed()) => clockNow(record.clock, elapsed),
    clock: () => clockKept(record.clock, world.real),
    moveTo: (instant) => state.save({ clock: clockAt(record.clock, instant, world.real) }),
    touch: () => {
      if (!record.isTouched) state.save({ isTouched: true })
      else if (running !== undefined) running.isChanged = true
    },
    viewAt,
    render,
    textAt: (job, at) => render(job, viewAt(job, at)),
    derived: (job) => {
      const times = jobTimes(job.plan, job.events)
      const items = itemTimes(job.plan, job.events)
      refusePastCalendar([times.createdAt, times.endsAt, ...items.map(({ at }) => at)])
      const finalText = times.endsAt === undefined ? undefined : render(job, viewAt(job, Infinity))
      return { times, items, finalText }
    },
    ownScenario: (name) => (Object.hasOwn(record.scenarios, name) ? record.scenarios[name] : undefined),
    scenario: (named) => world.findScenario(named, state.ownScenario),
  }
  const follower = createFollower(state)
  return state
}

/** A job has no instant that no clock can reach. */
function refusePastCalendar(instants: readonly (Instant | undefined)[]): void {
  // A finished job of a seed ended before all time.
  if (instants.every((at) => at === undefined || at === -Infinity || isInCalendar(at))) return
  throw new EmulatorError('badRequest', `the job would begin too early, or end after ${CALENDAR_END}`, undefined, '')
}
