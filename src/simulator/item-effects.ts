import { SUCCESS, type Job } from '../model/job.ts'
import type { Change, KindName } from '../model/resource.ts'
import { toInstant } from '../model/time.ts'
import type { ItemEffect } from './resource-at.ts'
import { transitionsOf } from './transitions.ts'

const ALWAYS = { from: toInstant(-Infinity), to: toInstant(Infinity) }

/** The ids of the resources that a job may act on, whether they are there or not. */
export function targetsOf({ plan }: Pick<Job, 'plan'>): readonly string[] {
  if (plan.kind === 'finished' || plan.effect === undefined) return []
  const open = plan.items.filter(({ at }) => at !== 'before').map(({ id }) => id)
  return plan.effect.with === undefined ? open : [...open, plan.effect.with.resource]
}

/** What a job does to a resource, by its plan and its events so far. */
export function itemEffects(
  job: Pick<Job, 'id' | 'plan' | 'events'>,
  { id, kind }: { readonly id: string; readonly kind: KindName },
): ItemEffect[] {
  if (job.plan.kind === 'finished' || job.plan.effect === undefined) return []
  const { effect } = job.plan
  const successes = transitionsOf(job, ALWAYS).filter(({ item, to }) => item !== undefined && to === SUCCESS)
  const own = kind === effect.kind ? successes.filter(({ item }) => item === id) : []
  const effectOf = (change: Change) => (success: { readonly at: ItemEffect['at'] }) => ({
    at: success.at,
    change,
    by: { job: job.id },
  })
  const other = effect.with?.resource === id && effect.with.kind === kind ? effect.with : undefined
  return [
    ...own.map(effectOf(effect.change)),
    ...(other === undefined ? [] : successes.slice(0, 1).map(effectOf(other.change))),
  ]
}
