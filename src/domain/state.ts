import { EmulatorError } from '../errors.ts'
import type { ClockState } from '../model/domain.ts'
import type { Job, JobTimes, JobView } from '../model/job.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import { CALENDAR_END, isInCalendar, type Instant, type Micros } from '../model/time.ts'
import { jobAt } from '../simulator/job-at.ts'
import { jobTimes } from '../simulator/job-times.ts'
import type { DomainKey, JobWrite } from '../store/job-store.ts'
import type { DomainRecord } from '../store/store.ts'
import { createChanges, type Changes } from './changes.ts'
import { clockAt, clockKept, clockNow } from './clock.ts'
import type { World } from './world.ts'

/** What a domain is at the moment, its jobs aside, and the ways in which everything in it looks at time and jobs. */
export interface DomainState {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly record: DomainRecord
  readonly settings: Settings
  readonly changes: Changes
  readonly world: World
  /** The instant of the domain now, or when so much time had elapsed. */
  now: (elapsed?: Micros) => Instant
  /** Keeps a change of the record; whoever waits for something looks again. */
  save: (change: Partial<DomainRecord>) => Promise<void>
  /** Counts the resets and snapshots that put the domain elsewhere, where what is watched begins anew. */
  readonly story: number
  /** Keeps the record of a domain that was put elsewhere. */
  begin: (record: DomainRecord) => Promise<void>
  /** Whether the domain was dropped: whoever still watches it may go. */
  readonly isGone: boolean
  leave: () => void
  /** The clock with the present as its base. */
  clock: () => ClockState
  /** Puts the clock to an instant. */
  moveTo: (instant: Instant) => Promise<void>
  /** Says that jobs were made or changed since the seed, so the clock cannot go back any more. */
  touch: () => Promise<void>
  /** A job as vendor JSON, as it is at an instant. */
  textAt: (job: Job, at: Instant) => string
  viewAt: (job: Job, at: Instant) => JobView
  /** A look at a job as vendor JSON. */
  render: (job: Job, view: JobView) => string
  /** What is fixed at write time: instants for lists, and the last document where the end is known. */
  derived: (job: Job) => Pick<JobWrite, 'times' | 'finalText'>
  /** A scenario of this domain alone, as it was written. */
  ownScenario: (name: string) => ScenarioSource | undefined
  /** A scenario by name, the domain's own first, or as an object. */
  scenario: (named: string | ScenarioSource) => Scenario
}

export function createDomainState(initial: DomainRecord, world: World): DomainState {
  let record = initial
  let settings = { ...world.settings, ...initial.settings }
  let story = 0
  let isGone = false
  const { id } = initial

  const viewAt = (job: Job, at: Instant): JobView => jobAt(job.plan, job.events, at)
  const render = (job: Job, view: JobView): string => world.renderJob(job, view, { domainId: id, settings })

  const state: DomainState = {
    key: initial.key,
    id,
    name: initial.name,
    world,
    changes: createChanges(),
    get record() {
      return record
    },
    get settings() {
      return settings
    },
    get story() {
      return story
    },
    begin: async (begun) => {
      story += 1
      await state.save(begun)
    },
    get isGone() {
      return isGone
    },
    leave: () => {
      isGone = true
      state.changes.tell()
    },
    now: (elapsed = world.real.elapsed()) => clockNow(record.clock, elapsed),
    save: async (change) => {
      const changed = { ...record, ...change }
      // First, so that what a full disk refuses is not so in memory either.
      const saved = world.domains.save(changed)
      record = changed
      settings = { ...world.settings, ...record.settings }
      await saved
      state.changes.tell()
    },
    clock: () => clockKept(record.clock, world.real),
    moveTo: async (instant) => state.save({ clock: clockAt(record.clock, instant, world.real) }),
    touch: async () => {
      if (!record.isTouched) await state.save({ isTouched: true })
      else state.changes.tell()
    },
    viewAt,
    render,
    textAt: (job, at) => render(job, viewAt(job, at)),
    derived: (job) => {
      const times = jobTimes(job.plan, job.events)
      refusePastCalendar(times)
      const finalText = times.endsAt === undefined ? undefined : render(job, viewAt(job, Infinity))
      return { times, finalText }
    },
    ownScenario: (name) => (Object.hasOwn(record.scenarios, name) ? record.scenarios[name] : undefined),
    scenario: (named) => world.findScenario(named, state.ownScenario),
  }
  return state
}

/** A job has no instant that no clock can reach. */
function refusePastCalendar({ createdAt, endsAt = 0, lastTransitionAt = 0 }: JobTimes): void {
  // A finished job of a seed ended before all time.
  const last = Math.max(createdAt, endsAt, lastTransitionAt)
  if (!isInCalendar(createdAt) || !isInCalendar(last))
    throw new EmulatorError('badRequest', `the job would begin too early, or end after ${CALENDAR_END}`, undefined, '')
}
