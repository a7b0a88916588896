import { inDomain } from './api.ts'
import type { ResourceListAnswer } from '../client/answers/resources.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Containers of each kind that can be chosen by name. */
const MAX_CONTAINERS = 100

interface Containers {
  /** Ids and names, for a choice. */
  readonly choices: readonly (readonly [string, string])[]
  /** The names, by ids and names. */
  readonly names: ReadonlyMap<string, string>
}

/** The containers of the domain: KMS accounts, vaults and whatever else the kinds name. */
export function useContainers(): Containers {
  const { api, info, place, version } = useWorld()
  const kinds = [...new Set(info.kinds.flatMap(({ container }) => container ?? []))]
  const load = (signal: AbortSignal) =>
    Promise.all(
      kinds.map((kind) => {
        const search = `kind=${kind}&summary=true&hidden=true&limit=${MAX_CONTAINERS}`
        return api.get<ResourceListAnswer>(inDomain(place.domain, `/resources?${search}`), signal)
      }),
    )
  const { data = [] } = useResource(place.domain, load, version)
  const found = data.flatMap(({ resources }) => resources)
  const choices = found.map(({ id, summary }) => [id, summary?.name ?? id] as const)
  const names = new Map(choices.flatMap(([id, name]) => [[id, name] as const, [name, name] as const]))
  return { choices, names }
}
