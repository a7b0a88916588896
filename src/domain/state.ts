import { EmulatorError } from '../errors.ts'
import type { ClockState } from '../model/domain.ts'
import type { AnyTransition, Job, JobView } from '../model/job.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import { CALENDAR_END, isInCalendar, toInstant, type Instant, type Micros } from '../model/time.ts'
import { jobAt } from '../simulator/job-at.ts'
import { targetsOf } from '../simulator/item-effects.ts'
import { itemTimes, jobTimes } from '../simulator/job-times.ts'
import type { ContentKey, DerivedJob, JobScope } from '../store/job-store.ts'
import type { DomainKey, DomainRecord } from '../store/store.ts'
import { createChanges, type Changes } from './changes.ts'
import { clockAt, rebaseClock, clockNow } from './clock-state.ts'
import { createFollower, type Follower } from './follower.ts'
import { createGate, type Gate } from './gate.ts'
import { atOnce } from './slices.ts'
import type { DomainServices, OwnScenarios } from './services.ts'

/** The state of a domain except its jobs, and functions with which the domain reads time and jobs. */
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
  readonly services: DomainServices
  /** The instant of the domain now, or at a time of the monotonic clock. */
  now: (elapsed?: Micros) => Instant
  /**
   * Runs a command as one transaction: if it throws, nothing changes, neither in the store nor in memory. A command
   * within a command is part of the outer one.
   */
  command: <T>(work: () => T) => T
  /** Changes the record. */
  save: (change: Partial<DomainRecord>) => void
  /** Changes the record in memory only; the next save stores it. */
  keepInMemory: (change: Partial<DomainRecord>) => void
  /** Reports the transitions that a command causes at its instant. */
  publish: (transitions: readonly AnyTransition[]) => void
  /** Runs a large call, after those that came before it; calls that write wait meanwhile (see `Gate`). */
  runAlone: <T>(work: () => T | Promise<T>) => Promise<T>
  /** Incremented when a reset or a snapshot replaces the domain's state; streams start again then. */
  readonly epoch: number
  /** Replaces the content of the domain, with other changes of its record, and drops the previous content. */
  replace: (change: Partial<DomainRecord> & { readonly content: ContentKey }) => void
  /** True once the domain is removed; open streams and waits end. */
  readonly isGone: boolean
  markGone: () => void
  /** The clock with the present as its base. */
  clock: () => ClockState
  /** Sets the clock to an instant. */
  moveTo: (instant: Instant) => void
  /** Records that a job was created or changed since the seed: the clock cannot go back any more. */
  markDirty: () => void
  viewAt: (job: Job, at: Instant) => JobView
  /** A view of a job as vendor JSON; the answer to its create may differ from later ones. */
  render: (job: Job, view: JobView, options?: { readonly isCreate: boolean }) => string
  /** A job as vendor JSON at an instant. */
  textAt: (job: Job, at: Instant) => string
  /** The stored values beside a job: instants for lists and items, and the final document if the end is known. */
  derived: (job: Job) => DerivedJob
  /** A scenario of this domain alone, as it was written. */
  ownScenario: OwnScenarios
  /** A scenario by name, the domain's own first, or as an object. */
  scenario: (named: string | ScenarioSource) => Scenario
}

/** The scenarios of a domain, found by name. */
export function ownScenariosOf(scenarios: DomainRecord['scenarios']): OwnScenarios {
  return (name) => (Object.hasOwn(scenarios, name) ? scenarios[name] : undefined)
}

/** The jobs that a domain or a snapshot shows. */
export function scopeOf({ content, visibleTo }: Pick<DomainRecord, 'content' | 'visibleTo'>): JobScope {
  return { content, visibleTo: visibleTo ?? Number.MAX_SAFE_INTEGER }
}

/** The same domain with all that a content has, also what is still being added. */
export function withAllOf(state: DomainState, content: ContentKey): DomainState {
  return Object.create(state, { scope: { value: scopeOf({ content, visibleTo: undefined }) } }) as DomainState
}

/** The same domain with its clock this much earlier, to read what was then. */
export function shownEarlier(state: DomainState, time: Micros): DomainState {
  const now: DomainState['now'] = (elapsed) => toInstant(state.now(elapsed) - time)
  return Object.create(state, { now: { value: now } }) as DomainState
}

interface RunningCommand {
  /** When it started. A command sees one instant throughout. */
  readonly elapsed: Micros
  isChanged: boolean
  readonly transitions: AnyTransition[]
}

export function createDomainState(initial: DomainRecord, services: DomainServices): DomainState {
  let record = initial
  let settings = { ...services.settings, ...initial.settings }
  let epoch = 0
  let isGone = false
  const { id } = initial
  let running: RunningCommand | undefined

  const adopt = (changed: DomainRecord): void => {
    record = changed
    settings = { ...services.settings, ...record.settings }
  }
  const viewAt = (job: Job, at: Instant): JobView => jobAt(job.plan, job.events, at)
  const render: DomainState['render'] = (job, view, options) =>
    services.renderJob(job, view, { domainId: id, settings, ...options })

  /** Deletes the jobs of a failed seed that could not be deleted then, because the disk was full. */
  function trimPartialSeed(): void {
    if (record.visibleTo === undefined || state.gate.busy !== undefined) return
    atOnce(services.store.contents.trim(record.content, record.visibleTo))
    state.save({ visibleTo: undefined })
  }

  function command<T>(work: () => T): T {
    if (running !== undefined) return work()
    if (isGone) throw new EmulatorError('unauthorized', 'Invalid token', `the domain ${initial.name} was deleted`)
    const before = { record, epoch }
    const changes: RunningCommand = (running = { elapsed: services.real.elapsed(), isChanged: false, transitions: [] })
    let result: T
    try {
      state.follower.catchUp()
      result = services.store.transaction(() => {
        trimPartialSeed()
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
    services,
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
        services.store.domains.save(changed)
        adopt(changed)
        if (running !== undefined) running.isChanged = true
      }),
    keepInMemory: (change) => {
      adopt({ ...record, ...change })
    },
    publish: (transitions) => {
      running?.transitions.push(...transitions)
    },
    runAlone: (work) =>
      state.gate.run(() => {
        if (isGone) throw new EmulatorError('notFound', `the domain ${initial.name} was deleted`)
        return work()
      }),
    replace: (change) => {
      const { content } = record
      try {
        command(() => {
          state.save({ visibleTo: undefined, ...change })
          epoch += 1
          if (change.origin !== undefined) services.store.domains.saveOrigin(record)
        })
      } catch (error) {
        services.contents.drop(change.content)
        throw error
      }
      services.contents.drop(content)
    },
    markGone: () => {
      isGone = true
      state.follower.end()
      state.changes.notify()
    },
    now: (elapsed = running?.elapsed ?? services.real.elapsed()) => clockNow(record.clock, elapsed),
    clock: () => rebaseClock(record.clock, services.real),
    moveTo: (instant) => state.save({ clock: clockAt(record.clock, instant, services.real) }),
    markDirty: () => {
      if (!record.isDirty) state.save({ isDirty: true })
      else if (running !== undefined) running.isChanged = true
    },
    viewAt,
    render,
    textAt: (job, at) => render(job, viewAt(job, at)),
    derived: (job) => {
      const times = jobTimes(job.plan, job.events)
      const items = itemTimes(job.plan, job.events)
      refusePastCalendar([times.createdAt, times.endsAt, ...items.map(({ at }) => at)])
      const finalText = times.endsAt === undefined ? undefined : render(job, viewAt(job, toInstant(Infinity)))
      return { times, items, targets: targetsOf(job), finalText }
    },
    ownScenario: (name) => ownScenariosOf(record.scenarios)(name),
    scenario: (named) => services.findScenario(named, state.ownScenario),
  }
  const follower = createFollower(state)
  return state
}

/** Throws if a job has an instant that no clock can reach. */
function refusePastCalendar(instants: readonly (Instant | undefined)[]): void {
  // -Infinity: a finished job of a seed.
  if (instants.every((at) => at === undefined || at === -Infinity || isInCalendar(at))) return
  throw new EmulatorError('badRequest', `the job would begin too early, or end after ${CALENDAR_END}`, undefined, '')
}
