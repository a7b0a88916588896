import type { Coverage } from '../model/family.ts'
import { memberOf } from '../model/record-summary.ts'
import type { ResourceRecord, FoundResource, KindName } from '../model/resource.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { sightingsOf, type Sighting } from '../simulator/item-effects.ts'
import type { ItemEffect } from '../simulator/resource-at.ts'
import type { ShownResource } from '../store/resource-store.ts'
import type { Store } from '../store/store.ts'
import { behaviourOf } from './behaviour.ts'
import type { DomainServices } from './services.ts'
import type { DomainState } from './state.ts'

/** The part of a domain's state that its inventory is read from. */
export interface InventoryState extends Pick<DomainState, 'scope' | 'now'> {
  readonly services: Pick<DomainServices, 'kinds'> & { readonly store: Pick<Store, 'jobs' | 'resources'> }
}

/** What synchronizations see, read once for many resources. */
interface SightingReader {
  /** The part of the inventory that holds a resource, its container by id; undefined if no synchronization covers the kind. */
  readonly areaOf: (resource: Pick<FoundResource, 'kind' | 'record'>) => Coverage | undefined
  /** The synchronizations that covered a resource, or will, in order of their jobs. */
  readonly all: (resource: Pick<FoundResource, 'kind' | 'record'>) => ItemEffect[]
  /** A resource as it is at an instant, with the instant of the last synchronization that saw it. */
  readonly record: (shown: Omit<ShownResource, 'seq' | 'id' | 'isLost'>, at: Instant) => ResourceRecord
  /** The same as JSON text. */
  readonly text: (shown: Omit<ShownResource, 'seq' | 'id' | 'isLost'>, at: Instant) => string
}

/** How many ends of items are read at once. Usually the search stops at the newest one. */
const ENDS_PER_READ = 20

export function createSightingReader(state: InventoryState): SightingReader {
  const { scope, services } = state
  const { jobs, resources } = services.store
  const known = new Map<number, { readonly job: string; readonly sightings: readonly Sighting[] }>()
  const ids = new Map<string, string>()
  const lastSighting = new Map<string, Instant | undefined>()
  const effectsByArea = new Map<string, ItemEffect[]>()

  function sightingsOfJob(seq: number): { readonly job: string; readonly sightings: readonly Sighting[] } {
    const found = known.get(seq)
    if (found !== undefined) return found
    const [entry] = jobs.entries(scope, [seq], { at: toInstant(0), asText: false })
    const read =
      entry !== undefined && 'job' in entry
        ? { job: entry.job.id, sightings: sightingsOf(entry.job) }
        : { job: '', sightings: [] }
    known.set(seq, read)
    return read
  }

  function areaOf({ kind, record }: Pick<FoundResource, 'kind' | 'record'>): Coverage | undefined {
    const { area, containedBy } = behaviourOf(state, kind)
    if (area === undefined) return undefined
    const named = String(memberOf(record, area.container))
    const container = containedBy === undefined ? named : idOf(containedBy, named)
    return { container, ...(area.region !== undefined && { region: String(memberOf(record, area.region)) }) }
  }

  function idOf(kind: KindName, idOrName: string): string {
    const key = `${kind}\n${idOrName}`
    const id = ids.get(key) ?? resources.shown(scope, { kind, idOrName, at: state.now() })[0]?.id ?? idOrName
    ids.set(key, id)
    return id
  }

  /** The last instant up to another one at which a synchronization saw a part of the inventory. */
  function lastOver(area: Coverage, to: Instant): Instant | undefined {
    const key = `${areaKey(area)}\n${to}`
    if (!lastSighting.has(key)) lastSighting.set(key, search())
    return lastSighting.get(key)

    function search(): Instant | undefined {
      for (let skip = 0; ; skip += ENDS_PER_READ) {
        const ends = jobs.endsOver(scope, area.container, { to, skip, limit: ENDS_PER_READ })
        const end = ends.find(({ seq, at }) =>
          sightingsOfJob(seq).sightings.some((sighting) => sighting.at === at && covers(sighting, area)),
        )
        if (end !== undefined) return end.at
        if (ends.length < ENDS_PER_READ) return undefined
      }
    }
  }

  function effectsOver(area: Coverage): ItemEffect[] {
    return [...jobs.actingOn(scope, [area.container]).values()].flat().flatMap((seq) => {
      const { job, sightings } = sightingsOfJob(seq)
      return sightings
        .filter((sighting) => covers(sighting, area))
        .map(({ at }) => ({ at, change: { name: 'synchronized' as const }, by: { job } }))
    })
  }

  function seenAt(
    { kind, isHidden, existsFrom, since }: Parameters<SightingReader['record']>[0],
    record: ResourceRecord,
    at: Instant,
  ) {
    const { seen, isGone } = behaviourOf(state, kind)
    const area = seen === undefined || isHidden ? undefined : areaOf({ kind, record })
    if (seen === undefined || area === undefined) return undefined
    // No synchronization sees a resource that is gone.
    const sighting = lastOver(area, isGone?.(record) === true ? toInstant(since - 1) : at)
    const own = seen.at(record)
    return sighting === undefined || sighting < existsFrom || (own !== undefined && own >= sighting)
      ? undefined
      : sighting
  }

  function withSighting(shown: Parameters<SightingReader['record']>[0], record: ResourceRecord, at: Instant) {
    const sighting = seenAt(shown, record, at)
    if (sighting === undefined) return undefined
    return behaviourOf(state, shown.kind).apply(record, { name: 'synchronized' }, sighting)
  }

  return {
    areaOf,
    all: (resource) => {
      const area = areaOf(resource)
      if (area === undefined) return []
      const key = areaKey(area)
      const effects = effectsByArea.get(key) ?? effectsOver(area)
      effectsByArea.set(key, effects)
      return effects
    },
    record: (shown, at) => {
      const record = JSON.parse(shown.text) as ResourceRecord
      return withSighting(shown, record, at) ?? record
    },
    text: (shown, at) => {
      const changed = withSighting(shown, JSON.parse(shown.text) as ResourceRecord, at)
      return changed === undefined ? shown.text : JSON.stringify(changed)
    },
  }
}

function areaKey({ container, region = '' }: Coverage): string {
  return `${container}\n${region}`
}

/** Whether the coverage of an item contains a part of the inventory. */
export function covers(coverage: Coverage, area: Coverage): boolean {
  return coverage.container === area.container && (coverage.region === undefined || coverage.region === area.region)
}
