import { formatDuration, parseDuration } from '../../src/model/duration.ts'
import type { JobEvent } from '../../src/model/job.ts'
import type { UnfoldingPlan } from '../../src/model/plan.ts'
import type { ScenarioSource } from '../../src/model/scenario.ts'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { DAY, toInstant, toMicros, type Instant } from '../../src/model/time.ts'
import { cancel, poll, remove, signal, type Decision } from '../../src/simulator/commands.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import { START } from '../laws/histories.ts'
import { planOf, scenarioOf } from './plans.ts'

/** The input part of a golden file; the rest is computed from it. */
export interface TimelineInput {
  readonly about: string
  /** Number of items in the request; absent: as many as the scenario states. */
  readonly items: number
  /** `+2s cancel`, `+3s poll`, `+3s delete`, `+3s signal finish` */
  readonly steps: readonly string[]
}

export interface Timeline extends TimelineInput {
  /** Steps that were refused, with the reason. */
  readonly refused?: readonly string[]
  /** `+1s item-1: Success`, `+5s in_progress -> completed` */
  readonly transitions: readonly string[]
  readonly views: readonly object[]
}

/** The input part of a new golden file. */
export const BEGINNING: readonly TimelineInput[] = [
  { about: 'nobody interferes', items: 3, steps: [] },
  { about: 'the request names no items', items: 0, steps: [] },
  { about: 'it is polled', items: 2, steps: ['+1s poll', '+2s poll', '+4s poll'] },
  { about: 'it is cancelled in the middle', items: 3, steps: ['+2s cancel', '+3s cancel'] },
  { about: 'it is cancelled at the very end', items: 2, steps: ['+5s cancel'] },
  { about: 'it is deleted, when it may be', items: 1, steps: ['+2s delete', '+1h delete'] },
]

export function unfold(source: ScenarioSource, { about, items, steps }: TimelineInput): Timeline {
  const plan = planOf(source, { items: namesOf(items > 0 ? items : (scenarioOf(source).itemCount ?? 0)) })
  const { events, refused } = happen(plan, steps)
  const changes = transitionsOf({ id: 'job', plan, events }, { from: toInstant(-Infinity), to: toInstant(Infinity) })
  const instants = [START, ...steps.map((step) => readStep(step).at), ...changes.map(({ at }) => at), START + DAY]
  return {
    ...{ about, items, steps },
    ...(refused.length > 0 && { refused }),
    transitions: changes.map(({ item, from, to, at }) =>
      item === undefined ? `${offset(at)} ${from ?? ''} -> ${to}` : `${offset(at)} ${item}: ${to}`,
    ),
    views: [...new Set(instants)].sort((a, b) => a - b).map((at) => viewAt(plan, events, toInstant(at))),
  }
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `item-${index + 1}`)
}

function happen(plan: UnfoldingPlan, steps: readonly string[]): { events: JobEvent[]; refused: string[] } {
  const events: JobEvent[] = []
  const refused: string[] = []
  for (const step of steps) {
    const decision = decide({ plan, events }, readStep(step))
    if ('refusal' in decision) refused.push(`${step}: ${decision.refusal}`)
    else if (decision.event !== undefined) events.push(decision.event)
  }
  return { events, refused }
}

interface Step {
  readonly at: Instant
  readonly act: string
  readonly name: string
}

function readStep(step: string): Step {
  const [wait = '', act = '', name = ''] = step.slice(1).split(' ')
  return { at: toInstant(START + (parseDuration(wait) ?? NaN)), act, name }
}

function decide(job: { plan: UnfoldingPlan; events: JobEvent[] }, { at, act, name }: Step): Decision {
  if (act === 'cancel') return cancel(job, at, DEFAULT_SETTINGS)
  if (act === 'poll') return poll(job, at)
  if (act === 'delete') return remove(job, at, DEFAULT_SETTINGS)
  if (act === 'signal') return signal(job, at, name)
  throw new Error(`no such step: ${act}`)
}

/** A job as JSON: absent values are absent. */
function viewAt(plan: UnfoldingPlan, events: readonly JobEvent[], at: Instant): object {
  const view = jobAt(plan, events, at)
  return {
    at: offset(at),
    status: view.status,
    results: Object.fromEntries(view.results.map(({ id, status }) => [id, status])),
    updatedAt: offset(view.updatedAt),
    ...(view.completedAt !== undefined && { completedAt: offset(view.completedAt) }),
    ...(view.nextTransitionAt !== undefined && { next: offset(view.nextTransitionAt) }),
    ...(view.abort && { abort: true }),
    ...(view.isDeleted && { deleted: true }),
  }
}

function offset(at: Instant): string {
  return `+${formatDuration(toMicros(at - START))}`
}
