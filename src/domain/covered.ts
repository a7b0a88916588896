import { v4 } from 'uuid'
import type { Job } from '../model/job.ts'
import type { UnfoldingPlan } from '../model/plan.ts'
import {
  RECORDS_PER_READ,
  type ChangeName,
  type FoundResource,
  type KindName,
  type ResourceFilter,
} from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { sightingsOf, type Sighting } from '../simulator/item-effects.ts'
import { drawBytes, drawKey } from '../simulator/random.ts'
import { behaviourOf } from './behaviour.ts'
import { createFinder, findShown, insertResource, shownQuery } from './inventory-edit.ts'
import { createEffectReader, rewriteLife } from './lives.ts'
import { covers, createSightingReader } from './sightings.ts'
import type { DomainState } from './state.ts'

/**
 * Recomputes, from an instant on, the steps of the resources that a synchronization makes visible, marks as gone or creates.
 * All other resources that it covers stay as they are kept: the instant at which they were seen is added when they are read.
 */
export function rewriteCovered(state: DomainState, job: Job, from: Instant): void {
  const { plan } = job
  if (plan.kind === 'finished' || plan.effect === undefined || plan.covers === undefined) return
  const effectsOn = createEffectReader(state)
  const { areaOf } = createSightingReader(state)
  const { covers: coverages } = plan
  for (const batch of state.services.store.resources.hiddenOrLost(state.scope, from)) {
    const covered = batch.filter((resource) => {
      const area = areaOf(resource)
      return area !== undefined && coverages.some((coverage) => covers(coverage, area))
    })
    for (const [resource, items] of effectsOn(covered)) rewriteLife(state, resource, { from, items })
  }
  if (plan.effect.copies !== undefined) rewriteCopies(state, job, { ...plan.effect, copies: plan.effect.copies, from })
}

interface Copies extends Pick<NonNullable<UnfoldingPlan['effect']>, 'kind'> {
  readonly copies: KindName
  readonly from: Instant
}

/** Makes the backups of a synchronization again from an instant on; earlier ones stay. */
function rewriteCopies(state: DomainState, job: Job, { kind, copies, from }: Copies): void {
  const { resources } = state.services.store
  resources.unmake(state.scope, job.id, from)
  const { versionsOf, refusal } = behaviourOf(state, kind)
  for (const sighting of sightingsOf(job).filter(({ at }) => at >= from)) {
    const find = createFinder(state, { at: sighting.at })
    for (const each of seenBy(state, sighting, { kind, isNewestOnly: versionsOf !== undefined })) {
      // A key that refuses changes, such as one that is gone, cannot be backed up.
      if (refusal(each.record, { name: 'updated' }) !== undefined) continue
      const key = drawKey(state.record.randomSeed, `${job.id} ${each.id}`, 0)
      const record = state.services.seeds.fillRecord(
        { kind: copies, record: {}, of: each.id, count: undefined, isHidden: false, vanishes: false },
        {
          domainId: state.id,
          now: sighting.at,
          drawId: (purpose) => v4({ random: drawBytes(key, purpose) }),
          find: (other, idOrName) => (idOrName === each.id ? each.record : find(other, idOrName)),
          of: each.id,
        },
      )
      const id = String(record.id)
      if (resources.find(state.scope, id) !== undefined) continue
      const origin = { requestHash: undefined, occurrence: undefined, by: { job: job.id }, existsFrom: sighting.at }
      insertResource(state, { id, kind: copies, record }, origin)
    }
  }
}

interface SeenQuery {
  readonly kind: KindName
  readonly isNewestOnly?: boolean
}

/** The resources of a kind that an item covers, as they are at its instant. Read in batches. */
function* seenBy(
  state: DomainState,
  sighting: Sighting,
  { kind, isNewestOnly = false }: SeenQuery,
): Generator<FoundResource, void> {
  const { resources } = state.services.store
  const filters = areaFilters(state, kind, sighting)
  if (filters === undefined) return
  const query = { kind, filters, sort: [], skip: 0, limit: undefined, isNewestOnly }
  const { seqs } = resources.page(state.scope, shownQuery(state, query, sighting.at))
  const { record } = createSightingReader(state)
  for (let first = 0; first < seqs.length; first += RECORDS_PER_READ)
    for (const shown of resources.entries(state.scope, seqs.slice(first, first + RECORDS_PER_READ), sighting.at))
      yield { id: shown.id, kind: shown.kind, record: record(shown, sighting.at) }
}

function areaFilters(
  state: DomainState,
  kind: KindName,
  { container, region, at }: Sighting,
): ResourceFilter[] | undefined {
  const { area, containedBy } = behaviourOf(state, kind)
  if (area === undefined || containedBy === undefined) return undefined
  const found = findShown(state, { kind: containedBy, idOrName: container, at })
  if (found === undefined) return undefined
  const names = behaviourOf(state, containedBy).namesOf(found.record)
  return [
    { path: area.container, wanted: [container, ...names] },
    ...(region === undefined || area.region === undefined ? [] : [{ path: area.region, wanted: [region] }]),
  ]
}

/** What an item of a job does to a resource. */
export interface ItemChange {
  readonly item: string
  readonly resource: string
  readonly change: ChangeName
  readonly at: Instant
}

/** Max unchanged resources of a kind that an explanation lists for each item. */
const MAX_SEEN = 1000

/** Reads no further than to the last one that it returns. */
function firstOf<T>(all: Iterable<T>, isWanted: (each: T) => boolean, max: number): T[] {
  const wanted: T[] = []
  for (const each of all) {
    if (isWanted(each)) wanted.push(each)
    if (wanted.length === max) break
  }
  return wanted
}

/** What a synchronization does: to its containers, to what it shows, finds lost or makes, and to what it sees. */
export function changesOfSightings(state: DomainState, job: Job): ItemChange[] {
  const { resources } = state.services.store
  const noticed = resources.appearedOrVanishedBy(state.scope, job.id)
  const made = resources.madeBy(state.scope, job.id)
  const { areaOf } = createSightingReader(state)
  return sightingsOf(job).flatMap((sighting) => {
    const { item, container, at } = sighting
    const isHere = ({ id }: { readonly id: string }): boolean => {
      const resource = resources.find(state.scope, id)
      const area = resource && areaOf(resource)
      return area !== undefined && covers(sighting, area)
    }
    const shown = noticed.filter((each) => each.at === at && isHere(each))
    const copies = made.filter((each) => each.existsFrom === at && isHere(each))
    const known = new Set([...shown, ...copies].map(({ id }) => id))
    const seen = state.services.kinds.flatMap(({ name, isGone }) => {
      const isUnchanged = ({ id, record }: FoundResource): boolean => !known.has(id) && isGone?.(record) !== true
      return firstOf(seenBy(state, sighting, { kind: name }), isUnchanged, MAX_SEEN)
    })
    const change = (resource: string, name: ChangeName): ItemChange => ({ item, resource, change: name, at })
    return [
      change(container, 'synchronized'),
      ...shown.map(({ id, change: { name } }) => change(id, name)),
      ...copies.map(({ id }) => change(id, 'created')),
      ...seen.map(({ id }) => change(id, 'synchronized')),
    ]
  })
}
