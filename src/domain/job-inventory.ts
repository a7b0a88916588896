import { EmulatorError } from '../errors.ts'
import type { FamilyName, ItemSelector, JobAction, SelectedItem, Selection } from '../model/family.ts'
import { containerOf } from '../model/record-summary.ts'
import type { Job } from '../model/job.ts'
import type { PlannedEffect } from '../model/plan.ts'
import type { FoundResource } from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { refusalOf } from '../simulator/resource-at.ts'
import { createEdit, findShown, shownAt } from './inventory-edit.ts'
import { behaviourOf } from './behaviour.ts'
import { rewriteCovered } from './covered.ts'
import { createEffectReader, rewriteLife } from './lives.ts'
import type { DomainState } from './state.ts'

/** What is read of the inventory when a job is planned. */
export interface JobInventory {
  /**
   * The items that a request selects. With `inventory: strict`, an item of a missing container gets an id that does not exist,
   * so that it fails.
   */
  readonly select: (family: FamilyName, selector: ItemSelector) => Selection
  /** What the items of a job do; undefined: nothing. */
  readonly effectOf: (action: JobAction | undefined) => PlannedEffect | undefined
  /** The text with which the cloud refuses what a job does to an item at an instant; undefined if it does not. */
  readonly refusalOf: (
    effect: PlannedEffect | undefined,
  ) => ((item: string, at: Instant) => string | undefined) | undefined
}

export function createJobInventory(state: DomainState): JobInventory {
  const edit = createEdit(state, { id: '', content: '' })
  return {
    select: (family, selector) => {
      if (selector.kind === 'ids') return { items: selector.ids.map((id) => ({ id })) }
      const selection = state.services.familyOf(family).select?.(selector, edit) ?? { items: [] }
      const [missing] = selection.unknown ?? []
      if (missing !== undefined && missing !== '' && isStrict(state)) throw notThere(missing)
      return { ...selection, items: selection.items.map((item) => (isStrict(state) ? asMissing(item) : asThere(item))) }
    },
    effectOf: (action) => {
      if (action === undefined) return undefined
      const { with: source, ...own } = action
      if (source === undefined) return own
      const { kind, idOrName, valuesOf, change } = source
      const other = edit.find(kind, idOrName)
      if (other === undefined) {
        if (isStrict(state)) throw notThere(idOrName)
        return undefined
      }
      const values = { ...action.change.values, ...valuesOf(other.record) }
      return { kind: action.kind, change: { ...action.change, values }, with: { resource: other.id, kind, change } }
    },
    refusalOf: (effect) => effect && ((item, at) => refusalAt(state, effect, { item, at })),
  }
}

function asThere({ missing: _missing, ...item }: SelectedItem): SelectedItem {
  return item
}

function asMissing(item: SelectedItem): SelectedItem {
  return item.missing === undefined ? item : { ...item, id: item.missing }
}

function isStrict({ settings }: DomainState): boolean {
  return settings.inventory === 'strict'
}

function notThere(idOrName: string): EmulatorError {
  return new EmulatorError('notFound', 'Resource not found', `there is no ${idOrName.slice(0, 100)} in the inventory`)
}

function refusalAt(
  state: DomainState,
  { kind, change }: PlannedEffect,
  { item, at }: { readonly item: string; readonly at: Instant },
): string | undefined {
  const behaviour = behaviourOf(state, kind)
  const found = shownAt(state, { kind, idOrName: item, at }).find(({ id }) => id === item)
  if (found !== undefined)
    return isClosed(state, found, at) ? 'Resource not found' : refusalOf(found, change, behaviour)
  const known = state.services.store.resources.find(state.scope, item)
  // What was known and is gone fails in any case. What a synchronization has yet to show is not known.
  const wasKnown = known?.kind === kind && !known.isHidden && known.existsFrom <= at
  return wasKnown || isStrict(state) ? (behaviour.missing?.(item) ?? 'Resource not found') : undefined
}

/** Whether the container of a resource is archived, so that CM refuses changes in it. */
function isClosed(state: DomainState, { kind, record }: FoundResource, at: Instant): boolean {
  const { containedBy, summary } = behaviourOf(state, kind)
  const idOrName = containerOf(summary, record)
  if (containedBy === undefined || idOrName === undefined) return false
  const container = findShown(state, { kind: containedBy, idOrName, at })
  return container !== undefined && behaviourOf(state, containedBy).isClosed?.(container.record) === true
}

/** Recomputes the steps of a job's resources from an instant on. */
export function rewriteTargets(state: DomainState, targets: readonly string[], from: Instant): void {
  const { resources } = state.services.store
  const found = [...new Set(targets)].flatMap((id) => resources.find(state.scope, id) ?? [])
  for (const [resource, items] of createEffectReader(state)(found)) rewriteLife(state, resource, { from, items })
}

/** What a job that was just added does to the inventory. */
export function actOnInventory(state: DomainState, job: Job, targets: readonly string[]): void {
  if (job.plan.kind !== 'unfolding') return
  rewriteTargets(state, targets, job.plan.startedAt)
  rewriteCovered(state, job, job.plan.startedAt)
}
