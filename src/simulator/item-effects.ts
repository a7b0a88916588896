import { isSuccess, type Job } from '../model/job.ts'
import type { Plan, PlannedCoverage } from '../model/plan.ts'
import type { Change, KindName } from '../model/resource.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { ItemEffect } from './resource-at.ts'
import { transitionsOf } from './transitions.ts'

/** What a job does to a resource, if that is of the kind. */
interface TargetEffect {
  readonly kind: KindName
  readonly effect: ItemEffect
}

const ALWAYS = { from: toInstant(-Infinity), to: toInstant(Infinity) }

/** The ids of the resources that a job may act on, whether they are there or not, and the names of the containers that it covers. */
export function targetsOf({ plan }: Pick<Job, 'plan'>): readonly string[] {
  return [...itemTargets(plan), ...(plan.containers ?? [])]
}

function itemTargets(plan: Plan): readonly string[] {
  if (plan.kind === 'finished' || plan.effect === undefined || plan.containers !== undefined) return []
  const open = plan.items.filter(({ at }) => at !== 'before').map(({ id }) => id)
  return plan.effect.with === undefined ? open : [...open, plan.effect.with.resource]
}

/** What a job does, by the ids of the resources, as its plan and its events so far have it. */
export function effectsOf(job: Pick<Job, 'id' | 'plan' | 'events'>): ReadonlyMap<string, readonly TargetEffect[]> {
  const effects = new Map<string, TargetEffect[]>()
  if (job.plan.kind === 'finished' || job.plan.effect === undefined || job.plan.containers !== undefined) return effects
  const { effect } = job.plan
  const add = (id: string, at: Instant, { kind, change }: { kind: KindName; change: Change }): void => {
    const target = { kind, effect: { at, change, by: { job: job.id } } }
    effects.set(id, [...(effects.get(id) ?? []), target])
  }
  const successes = successesOf(job)
  for (const { item, at } of successes) add(item, at, effect)
  const [first] = successes
  if (effect.with !== undefined && first !== undefined) add(effect.with.resource, first.at, effect.with)
  return effects
}

/** When an item of a synchronization sees all that lies in a part of the inventory. */
export interface Sighting extends PlannedCoverage {
  readonly at: Instant
}

/** What a job sees of the inventory, as its plan and its events so far have it. */
export function sightingsOf(job: Pick<Job, 'id' | 'plan' | 'events'>): readonly Sighting[] {
  if (job.plan.kind === 'finished' || job.plan.effect === undefined) return []
  const ends = new Map(successesOf(job).map(({ item, at }) => [item, at]))
  return (job.plan.covers ?? []).flatMap((coverage) => {
    const at = ends.get(coverage.item)
    return at === undefined ? [] : [{ ...coverage, at }]
  })
}

function successesOf(job: Pick<Job, 'id' | 'plan' | 'events'>): { readonly item: string; readonly at: Instant }[] {
  return transitionsOf(job, ALWAYS).flatMap(({ item, to, at }) =>
    item !== undefined && isSuccess(job.plan, to) ? [{ item, at }] : [],
  )
}
