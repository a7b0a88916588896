import { toneOfState, type StateTone } from '../axis/tone.ts'
import type { AxisRow } from '../axis/window.ts'
import type { ResourceStepAnswer, ResourceTimelineAnswer } from '../client/answers/resources.ts'
import { instantOf, shownInstant, type Instant } from './instants.ts'

/** A stretch of time in which a resource has one state. */
interface StateSpan {
  readonly from: Instant
  /** undefined: it has no known end. */
  readonly to: Instant | undefined
  readonly tone: StateTone
  readonly text: string
}

/** A resource as a row of the time axis. */
export interface KeyRow extends AxisRow {
  readonly spans: readonly StateSpan[]
}

/** The spans of a timeline. Steps that leave the state as it was, such as new tags, begin no span. */
export function keyRowOf({ id, steps }: ResourceTimelineAnswer): KeyRow {
  const spans: StateSpan[] = []
  for (const step of steps) {
    const from = instantOf(step.at)
    const last = spans.at(-1)
    if (last?.to === undefined && last?.text === wordOf(step)) continue
    if (last !== undefined) spans[spans.length - 1] = { ...last, to: from }
    if (step.removed !== true) spans.push({ from, to: undefined, tone: toneOfStep(step), text: wordOf(step) })
  }
  return { id, spans }
}

/** The state of a step in words. */
export function wordOf({ state, hidden, removed }: ResourceStepAnswer): string {
  if (removed === true) return 'removed'
  return [state ?? 'there', hidden === true ? '(hidden)' : ''].filter(Boolean).join(' ')
}

function toneOfStep({ state, hidden }: ResourceStepAnswer): StateTone {
  return hidden === true ? 'unseen' : toneOfState(state)
}

/** A row in words, for screen readers: `Enabled from 12:00:00, gone from 12:00:05`. */
export function rowText({ spans }: KeyRow): string {
  const parts = spans.map(({ from, text }) => `${text} from ${shownInstant(from)}`)
  const end = spans.at(-1)?.to
  return [...parts, ...(end === undefined ? [] : [`removed at ${shownInstant(end)}`])].join(', ')
}
