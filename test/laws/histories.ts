import { fc } from '../support/fast-check.ts'
import type { JobEvent } from '../../src/model/job.ts'
import type { FinishedPlan, Plan, UnfoldingPlan } from '../../src/model/plan.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts'
import { SECOND, toInstant, toMicros, type Instant, type Micros } from '../../src/model/time.ts'
import { cancel, poll, remove, signal, type Decision } from '../../src/simulator/commands.ts'
import { planJob } from '../../src/simulator/plan-job.ts'
import { scenario } from './scenarios.ts'

/** A job's plan and its events, as the emulator would have allowed them. */
export interface History {
  readonly plan: Plan
  readonly events: readonly JobEvent[]
  readonly settings: Settings
}

/** The start of the laws' jobs. */
export const START = toInstant(Date.UTC(2024, 1, 6, 9, 22, 54) * 1000)

const settings: fc.Arbitrary<Settings> = fc
  .record({
    failureWord: fc.constantFrom('error', 'failed'),
    abortedWord: fc.constantFrom('aborted', 'cancelled'),
    undoneItem: fc.constantFrom('Aborted', ''),
    cancelFinished: fc.constantFrom<Settings['cancelFinished']>('flag', 'refuse'),
    deleteRunning: fc.constantFrom<Settings['deleteRunning']>('refuse', 'allow'),
  })
  .map((chosen) => ({ ...DEFAULT_SETTINGS, ...chosen }))

const items = fc.uniqueArray(
  fc.integer({ min: 0, max: 9 }).map((n) => `k${n}`),
  { maxLength: 5 },
)

export const unfoldingPlan: fc.Arbitrary<UnfoldingPlan> = fc
  .record({
    scenario,
    settings,
    items,
    key: fc.record({ seed: fc.nat(), content: fc.string(), occurrence: fc.nat({ max: 3 }) }),
    done: fc.integer({ min: 0, max: 2 }),
    age: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ done, age, ...input }) =>
    planJob({
      ...input,
      chosenBy: 'configuration',
      done: Array.from({ length: done }, (_, index) => ({ id: `done${index}`, status: 'Success' })),
      createdAt: toInstant(START - age * SECOND),
      updatedAt: toInstant(START - Math.floor(age / 2) * SECOND),
      startedAt: START,
    }),
  )

const finishedPlan: fc.Arbitrary<FinishedPlan> = fc.record({
  kind: fc.constant('finished'),
  createdAt: fc.constant(toInstant(START - 9 * SECOND)),
  updatedAt: fc.constant(toInstant(START - SECOND)),
  completedAt: fc.constantFrom(undefined, toInstant(START - SECOND)),
  status: fc.constantFrom('completed', 'error'),
  abort: fc.boolean(),
  items: items.map((ids) => ids.map((id) => ({ id, status: 'Success' }))),
})

/** A command, this long after the previous one. */
export interface Step {
  readonly wait: Micros
  readonly act: 'cancel' | 'poll' | 'delete' | 'finish' | 'fail'
}

const micros = fc
  .oneof(
    fc.integer({ min: 0, max: 4 }).map((seconds) => seconds * SECOND),
    fc.integer({ min: 0, max: 4 * SECOND }),
  )
  .map(toMicros)

const step: fc.Arbitrary<Step> = fc.record({
  wait: micros,
  act: fc.constantFrom<Step['act']>('poll', 'cancel', 'finish', 'fail', 'delete'),
})

export const history: fc.Arbitrary<History> = fc
  .record({
    plan: fc.oneof({ weight: 9, arbitrary: unfoldingPlan }, { weight: 1, arbitrary: finishedPlan }),
    settings,
    steps: fc.array(step, { maxLength: 8 }),
  })
  .map(({ steps, ...rest }) => ({ ...rest, events: happen(rest, steps) }))

/** Instants around a job's duration, often whole seconds. */
export const instant: fc.Arbitrary<Instant> = fc
  .oneof(
    fc.integer({ min: -4, max: 20 }).map((seconds) => START + seconds * SECOND),
    fc.integer({ min: -4 * SECOND, max: 20 * SECOND }).map((offset) => START + offset),
  )
  .map(toInstant)

export const instants: fc.Arbitrary<Instant[]> = fc
  .array(instant, { minLength: 2, maxLength: 8 })
  .map((some) => some.sort((a, b) => a - b))

/** The events that a series of commands appends; refused commands append none. */
function happen(job: Omit<History, 'events'>, steps: readonly Step[]): JobEvent[] {
  const events: JobEvent[] = []
  let now = START
  for (const { wait, act } of steps) {
    now = toInstant(now + wait)
    const decision = decide({ ...job, events }, act, now)
    if ('refusal' in decision || decision.event === undefined) continue
    events.push(decision.event)
    if (act === 'delete') break
  }
  return events
}

function decide(job: History, act: Step['act'], now: Instant): Decision {
  if (act === 'cancel') return cancel(job, now, job.settings)
  if (act === 'poll') return poll(job, now)
  if (act === 'delete') return remove(job, now, job.settings)
  return signal(job, now, act)
}
