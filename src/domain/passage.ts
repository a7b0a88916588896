import type { AnyTransition, Job, ResourceTransition, Transition } from '../model/job.ts'
import { isSuccess } from '../model/job.ts'
import { stateOf } from '../model/record-summary.ts'
import type { KindBehaviour, ResourceRecord } from '../model/resource.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { sightingsOf, type Sighting } from '../simulator/item-effects.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import type { DueCursor, JobScope, JobStore } from '../store/job-store.ts'
import type { DueStep, ResourceStore } from '../store/resource-store.ts'

/**
 * A position in the order of transitions: after those at earlier instants, and after those of jobs and resources up to `seq`
 * at its own.
 */
export type Cursor = DueCursor

/** The first transitions of a range of time, in order. */
interface Passage {
  readonly transitions: readonly AnyTransition[]
  /** The position of the next ones; undefined if there are no more. */
  readonly next: Cursor | undefined
}

interface Stretch {
  /** Exclusive. */
  readonly from: Cursor
  /** Inclusive. */
  readonly to: Instant
  /** Transitions of one job at one instant are never separated. */
  readonly limit: number
}

/** What the changes of a domain are read from. */
export interface TimedDomain {
  readonly scope: JobScope
  readonly services: {
    readonly store: { readonly jobs: JobStore; readonly resources: ResourceStore }
    readonly kinds: readonly KindBehaviour[]
  }
}

/** The transitions of a range of time; the cost depends on their number, not on the length of the range. */
export function passage(domain: TimedDomain, { from, to, limit }: Stretch): Passage {
  const { scope, services } = domain
  const { jobs, resources } = services.store
  const ofJobs = jobs
    .due(scope, { from, to, limit })
    .flatMap(({ seq, job }) => changesOf(domain, job, { seq, from, to }).map((transition) => ({ seq, transition })))
  const ofResources = resources
    .due(scope, { from, to, limit })
    .map((step) => ({ seq: step.seq, transition: ownTransition(services.kinds, step) }))
  const ordered = [...ofJobs, ...ofResources].sort((a, b) => a.transition.at - b.transition.at || a.seq - b.seq)
  const last = ordered[limit - 1]
  if (last === undefined) return { transitions: ordered.map(({ transition }) => transition), next: undefined }
  const next = { at: last.transition.at, seq: last.seq }
  const named = ordered.filter(({ seq, transition: { at } }) => at < next.at || (at === next.at && seq <= next.seq))
  return { transitions: named.map(({ transition }) => transition), next }
}

/** The first instant after this one at which time changes a job or a resource; undefined: there is none. */
export function nextTransitionAt({ scope, services }: TimedDomain, after: Instant): Instant | undefined {
  const { jobs, resources } = services.store
  const ofJob = jobs.nextTransitionAt(scope, after)
  const ofResource = resources.nextDueAt(scope, after)
  return ofJob === undefined || ofResource === undefined
    ? (ofJob ?? ofResource)
    : toInstant(Math.min(ofJob, ofResource))
}

/** How many changes time brings after `from` and up to `to`. */
export function countTransitions({ scope, services }: TimedDomain, from: Instant, to: Instant): number {
  const { jobs, resources } = services.store
  return jobs.countDue(scope, from, to) + resources.countDue(scope, from, to)
}

function changesOf(
  domain: TimedDomain,
  job: Job,
  { seq, from, to }: { seq: number; from: Cursor; to: Instant },
): Transition[] {
  // Instants are integers: transitions at the cursor's instant count if the job comes after the cursor.
  return withEffects(domain, job, transitionsOf(job, { from: toInstant(seq > from.seq ? from.at - 1 : from.at), to }))
}

/** Transitions of a job that also tell what its items did to resources. */
export function withEffects(
  { scope, services }: TimedDomain,
  { id: job, plan, events }: Pick<Job, 'id' | 'plan' | 'events'>,
  transitions: readonly Transition[],
): Transition[] {
  if (plan.kind === 'finished' || plan.effect === undefined) return [...transitions]
  if (plan.covers !== undefined)
    return withSightings({ scope, services }, sightingsOf({ id: job, plan, events }), transitions)
  const { kind, change } = plan.effect
  const { resources } = services.store
  return transitions.map((transition) => {
    const { item: id, to, at } = transition
    if (id === undefined || !isSuccess(plan, to) || !resources.isActedOn(scope, { id, job, at })) return transition
    return { ...transition, effect: { resource: id, kind, change: change.name } }
  })
}

/** The items of a synchronization: its container stands for all that lies in it. */
function withSightings(
  { scope, services }: TimedDomain,
  sightings: readonly Sighting[],
  transitions: readonly Transition[],
): Transition[] {
  return transitions.map((transition) => {
    const sighting = sightings.find(({ item, at }) => item === transition.item && at === transition.at)
    const container = sighting && services.store.resources.find(scope, sighting.container)
    if (container === undefined) return transition
    return { ...transition, effect: { resource: container.id, kind: container.kind, change: 'synchronized' } }
  })
}

function ownTransition(kinds: readonly KindBehaviour[], { id, kind, at, change, before }: DueStep): ResourceTransition {
  const behaviour = kinds.find(({ name }) => name === kind)
  const from = behaviour && stateOf(behaviour.summary, JSON.parse(before) as ResourceRecord)
  return { resource: id, kind, from, to: change.name, at }
}
