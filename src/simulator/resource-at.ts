import type {
  Change,
  ChangeOrigin,
  Effect,
  KindBehaviour,
  LifeStep,
  Resource,
  ResourceState,
} from '../model/resource.ts'
import { toInstant, type Instant } from '../model/time.ts'

/** What a job's item did to a resource. */
export interface ItemEffect extends Effect {
  readonly by: { readonly job: string }
}

/** How a resource behaves by its kind. */
type Behaviour = Pick<KindBehaviour, 'apply' | 'refusal' | 'due' | 'isGone'>

type LivingResource = Pick<Resource, 'existsFrom' | 'record' | 'by' | 'isHidden' | 'vanishes' | 'isLossSilent'>

/** The state of a resource at an instant; undefined if it is not there. */
export function resourceAt(
  resource: LivingResource,
  effects: readonly Effect[],
  behaviour: Behaviour,
  now: Instant,
): ResourceState | undefined {
  return lifeOf(resource, effects, behaviour).findLast(({ at }) => at <= now)?.state
}

/**
 * The life of a resource, past and future: its creation, the effects that its states allow, and what time alone brings. At the
 * same instant, what time brings comes first. A change of a resource that is not there, or not known yet, has no effect.
 *
 * `skipSightings` leaves out the synchronizations that find a known resource as it was. Their number is that of all resources
 * of their containers, so the index has no steps for them, and the reader of domain/sightings.ts adds them to records.
 */
export function lifeOf(
  resource: LivingResource,
  effects: readonly Effect[],
  behaviour: Behaviour,
  { skipSightings = false }: { readonly skipSightings?: boolean } = {},
): LifeStep[] {
  const { existsFrom, record, by, isHidden, vanishes: isLost, isLossSilent } = resource
  const first: LifeStep = { at: existsFrom, change: undefined, by, isDue: false, state: { record, isHidden, isLost } }
  const steps = [first]
  let last = first
  let due = dueAfter(last, undefined, behaviour)
  const take = (step: LifeStep): void => {
    steps.push(step)
    last = step
    due = dueAfter(last, due, behaviour)
  }
  const passTo = (until: number): void => {
    while (due !== undefined && due.at <= until && last.state !== undefined)
      take({ ...due, isDue: true, state: passed(last.state, due, isLossSilent) })
  }
  for (const { at, change: made, by: origin } of effects) {
    if (at < existsFrom) continue
    passTo(at)
    const { state } = last
    if (state === undefined) break
    const isSighting = made.name === 'synchronized' && 'job' in origin
    const change = isSighting ? sightingOf(state, made, behaviour) : made
    if (change === undefined || (skipSightings && isSighting && change === made)) continue
    if (refusalOf(state, change, behaviour) === undefined)
      take({ at, change, by: origin, isDue: false, state: changed(state, { change, at }, behaviour) })
  }
  passTo(Infinity)
  return steps

  function passed(state: ResourceState, step: Due, isSilent: boolean): ResourceState | undefined {
    return step.change.name === 'gone' && isSilent ? { ...state, isLost: true } : changed(state, step, behaviour)
  }
}

/** What a synchronization does to a resource that it covers; undefined: nothing, since the cloud does not have it. */
function sightingOf(state: ResourceState, made: Change, { isGone }: Behaviour): Change | undefined {
  if (isGone?.(state.record) === true || (state.isHidden && state.isLost)) return undefined
  if (state.isHidden) return APPEARED
  return state.isLost ? VANISHED : made
}

const APPEARED: Change = { name: 'appeared' }
const VANISHED: Change = { name: 'vanished' }

interface Due {
  readonly at: Instant
  readonly change: Change
  readonly by: ChangeOrigin
}

/** The next change that time alone makes; its origin is that of the change that scheduled it. */
function dueAfter({ at, by, state }: LifeStep, before: Due | undefined, behaviour: Behaviour): Due | undefined {
  if (state === undefined || state.isLost) return undefined
  const due = behaviour.due(state.record)
  if (due === undefined) return undefined
  // A day that had passed when the record was made comes at once.
  const next = toInstant(Math.max(due.at, at))
  const isSame = before?.at === next && before.change.name === due.change.name
  return { at: next, change: due.change, by: isSame ? before.by : by }
}

/** Why a change is not possible in a state; undefined if it is. An empty text: CM does not know the resource yet. */
export function refusalOf(
  { record, isHidden, isLost }: ResourceState,
  change: Change,
  { apply, refusal }: Pick<KindBehaviour, 'apply' | 'refusal'>,
): string | undefined {
  if (isHidden) return ['appeared', 'deleted'].includes(change.name) ? undefined : ''
  if (isLost && !BY_SYNCHRONIZATION.includes(change.name))
    return refusal(apply(record, GONE, toInstant(0)) ?? record, change)
  return refusal(record, change)
}

const GONE: Change = { name: 'gone' }
const BY_SYNCHRONIZATION: readonly Change['name'][] = ['appeared', 'vanished', 'synchronized']

function changed(
  state: ResourceState,
  { change, at }: Pick<Effect, 'change' | 'at'>,
  { apply }: Behaviour,
): ResourceState | undefined {
  // A refresh shows a loss too.
  const isRefreshed = change.name === 'synchronized' && state.isLost
  const record = apply(state.record, isRefreshed ? GONE : change, at)
  if (record === undefined) return undefined
  return {
    record,
    isHidden: state.isHidden && change.name !== 'appeared',
    isLost: state.isLost && !isRefreshed && change.name !== 'vanished',
  }
}

/**
 * Direct calls and items in the order in which they act. At the same instant an item comes before the first call that says so,
 * otherwise after the calls.
 *
 * @param items in order of their jobs.
 */
export function inOrder(events: readonly Effect[], items: readonly ItemEffect[]): Effect[] {
  if (items.length === 0) return [...events]
  const ranked = [
    ...events.map((effect, rank) => ({ effect, rank, isItem: 0 })),
    ...items.map((effect) => ({ effect, rank: rankOf(effect, events), isItem: -1 })),
  ]
  return ranked
    .sort((a, b) => a.effect.at - b.effect.at || a.rank - b.rank || a.isItem - b.isItem)
    .map(({ effect }) => effect)
}

function rankOf({ at, by: { job } }: ItemEffect, events: readonly Effect[]): number {
  const rank = events.findIndex((event) => event.at === at && event.after?.includes(job) === true)
  return rank === -1 ? events.length : rank
}
