import type { ClockReading } from '../domain/clock.ts'
import type { Domain } from '../domain/domain.ts'
import type { Explanation } from '../domain/explain.ts'
import type { JobReading } from '../domain/jobs.ts'
import { formatDuration } from '../model/duration.ts'
import type { Fault } from '../model/fault.ts'
import type { AnyTransition, Job } from '../model/job.ts'
import type { JobTimeline } from '../model/job-timeline.ts'
import type { Instant } from '../model/time.ts'
import { toJson } from '../wire/raw-json.ts'
import { formatInstant } from '../wire/timestamps.ts'
import type { ClockAnswer, FaultAnswer, FullClockAnswer } from '../client/answers/domains.ts'
import type { ExplanationAnswer, SpanAnswer, TimelineAnswer, TransitionAnswer } from '../client/answers/jobs.ts'

/** Shapes of the control API's answers. Instants are RFC 3339, or null where there is none. */

function instantText(instant: Instant | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant)
}

export function clockAnswer({ mode, now, rate, nextTransitionAt }: ClockReading): ClockAnswer {
  return { mode, now: formatInstant(now), rate, nextTransitionAt: instantText(nextTransitionAt) }
}

export function fullClockAnswer({ clock, sleepers }: Pick<Domain, 'clock' | 'sleepers'>): FullClockAnswer {
  const reading = clock.read()
  const { lease, expectedSleepers } = reading
  return {
    ...clockAnswer(reading),
    sleepers: sleepers.list().map(({ name, until }) => ({ name, until: instantText(until) })),
    ...(lease !== undefined && { lease: formatDuration(lease) }),
    ...(expectedSleepers !== undefined && { expectedSleepers }),
  }
}

export function transitionAnswer(transition: AnyTransition): TransitionAnswer {
  const { from, to, at } = transition
  const change = { from: from ?? null, to, at: formatInstant(at) }
  if ('resource' in transition) return { subject: { resource: transition.resource, kind: transition.kind }, ...change }
  const { job, item, effect } = transition
  return { subject: { job }, job, ...(item !== undefined && { item }), ...change, ...(effect && { effect }) }
}

/** A job with its vendor document as it is sent to clients, to the byte. */
export function jobText(reading: JobReading, more: Readonly<Record<string, unknown>> = {}): string {
  const { id, family, scenario, text, view } = reading
  const members: [string, unknown][] = [
    ['id', id],
    ['family', family],
    ['scenario', scenario ?? null],
  ]
  const timeline = reading.timeline === undefined ? {} : { timeline: timelineAnswer(reading.timeline) }
  const deleted = view.isDeleted ? { deleted: true } : {}
  const rest = Object.entries({
    ...deleted,
    nextTransitionAt: instantText(view.nextTransitionAt),
    ...timeline,
    ...more,
  })
  return toJson([...members.map(json), ['job', text], ...rest.map(json)])
}

function json([key, value]: [string, unknown]): [string, string] {
  return [key, JSON.stringify(value)]
}

function timelineAnswer({ startedAt, endsAt, endStatus, cancelledAt, steps }: JobTimeline): TimelineAnswer {
  return {
    startedAt: formatInstant(startedAt),
    endsAt: instantText(endsAt),
    endStatus: endStatus ?? null,
    cancelledAt: instantText(cancelledAt),
    steps: steps.map(({ at, counts }) => ({ at: instantText(at), ...counts })),
  }
}

export function spanAnswer(span: { from: Instant; to: Instant | undefined } | undefined): SpanAnswer | null {
  return span === undefined ? null : { from: formatInstant(span.from), to: instantText(span.to) }
}

/** The plan and the events of a job, with their instants written out. */
export function historyAnswer({ plan, events }: Pick<Job, 'plan' | 'events'>): { plan: object; events: object[] } {
  const instants =
    plan.kind === 'unfolding'
      ? { startedAt: formatInstant(plan.startedAt) }
      : { completedAt: instantText(plan.completedAt) }
  const written = {
    ...plan,
    ...instants,
    createdAt: formatInstant(plan.createdAt),
    updatedAt: formatInstant(plan.updatedAt),
  }
  return { plan: written, events: events.map((event) => ({ ...event, at: formatInstant(event.at) })) }
}

export function explanationAnswer(explanation: Explanation): ExplanationAnswer {
  const { now, nextTransitionAt, waitsFor, phases, pauses, effects, scenario, chosenBy, isDeleted, ...rest } =
    explanation
  return {
    ...rest,
    ...(isDeleted && { deleted: true }),
    scenario: scenario ?? null,
    chosenBy: chosenBy ?? null,
    now: formatInstant(now),
    waitsFor: waitsFor.map(({ at, ...waiting }) => ({
      ...waiting,
      ...(at !== undefined && { at: formatInstant(at) }),
    })),
    nextTransitionAt: instantText(nextTransitionAt),
    ...(phases !== undefined && { phases: phases.map(({ status, at }) => ({ status, at: formatInstant(at) })) }),
    ...(pauses !== undefined && {
      pauses: pauses.map(({ from, until }) => ({ from: formatInstant(from), until: formatInstant(until) })),
    }),
    effects: effects.map((effect) => ({ ...effect, at: formatInstant(effect.at) })),
  }
}

export function faultAnswer({ setAt, ...fault }: Fault): FaultAnswer {
  return { ...fault, ...(setAt !== undefined && { setAt: formatInstant(setAt) }) }
}
