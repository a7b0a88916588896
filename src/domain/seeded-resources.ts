import { EmulatorError, prefixPointer, StartError } from '../errors.ts'
import { containerOf } from '../model/record-summary.ts'
import type { ChangeOrigin, FoundResource } from '../model/resource.ts'
import type { Seed, SeedResource } from '../model/seed.ts'
import { createEdit, createFinder, findShown, insertResource } from './inventory-edit.ts'
import { behaviourOf } from './behaviour.ts'
import type { Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

/** An element of a seed with the JSON pointer to it in what was sent. */
interface PlacedResource {
  readonly resource: SeedResource
  readonly place: string
}

/** The resources of a seed; `prefix` leads to the seed in what was sent. */
export function placedResources({ resources }: Seed, prefix = ''): PlacedResource[] {
  return Array.from(resources, (resource, index) => ({ resource, place: `${prefix}/resources/${index}` }))
}

/**
 * Adds the resources of seeds, containers first, so that each finds its own whatever the order of the elements; returns how
 * many. Yields after each.
 */
export function* addResources(state: DomainState, placed: readonly PlacedResource[]): Sliced<number> {
  const rankOf = ({ resource }: PlacedResource): number =>
    state.services.kinds.findIndex(({ name }) => name === resource.kind)
  let count = 0
  for (const each of [...placed].sort((a, b) => rankOf(a) - rankOf(b)))
    for (const _ of addElement(state, each, { seed: true })) {
      count += 1
      yield
    }
  return count
}

/** Adds the resources of one element. */
export function* addElement(
  state: DomainState,
  { resource, place }: PlacedResource,
  by: ChangeOrigin,
): Iterable<FoundResource> {
  const { kind, record, of, count } = resource
  const content = JSON.stringify([kind, record, of ?? null])
  const find = createFinder(state, { at: state.now(), withHidden: true })
  for (let number = 1; number <= (count ?? 1); number += 1) {
    const { now, domainId, drawId, origin } = createEdit(state, { id: '', content })
    const context = { now, domainId, drawId, find, of, number: count === undefined ? undefined : number }
    const filled = atElement(resource, place, () => state.services.seeds.fillRecord(resource, context))
    const { isHidden, vanishes } = resource
    const found = { id: String(filled.id), kind, record: filled }
    atElement(resource, place, () => {
      if (isHidden || vanishes) refuseHiddenContainer(state, found, isHidden ? '/appears' : '/vanishes')
      insertResource(state, found, { ...origin(), by, isHidden, vanishes })
    })
    yield found
  }
}

/** A resource that a synchronization shows needs a container that CM knows, since no synchronization covers hidden ones. */
function refuseHiddenContainer(state: DomainState, { kind, record }: FoundResource, pointer: string): void {
  const { containedBy, summary } = behaviourOf(state, kind)
  const container = containerOf(summary, record)
  if (containedBy === undefined || container === undefined) return
  const key = { kind: containedBy, idOrName: container, at: state.now() }
  if (findShown(state, key) !== undefined || findShown(state, { ...key, withHidden: true }) === undefined) return
  throw new EmulatorError('badRequest', `its ${containedBy} ${container} is hidden itself`, undefined, pointer)
}

/** Tells the place of what is wrong with an element. */
function atElement<T>({ where }: SeedResource, place: string, work: () => T): T {
  try {
    return prefixPointer(where === undefined ? place : '', work)
  } catch (error) {
    if (where === undefined || !(error instanceof EmulatorError)) throw error
    throw new StartError([`${where(error.pointer ?? '')}: ${error.message.replaceAll('\n', ' ')}`], 2)
  }
}
