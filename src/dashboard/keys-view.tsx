import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { ResourceListAnswer, ResourceTimelineAnswer } from '../client/answers/resources.ts'
import { EmptyKeys } from './empty-keys.tsx'
import { formatInstant } from './instants.ts'
import { KeyFilters } from './key-filters.tsx'
import { KeyPanel } from './key-panel.tsx'
import { KeyTable } from './key-table.tsx'
import { FIRST_KEYS, hasKeysFilter, KEYS_PAGE_SIZE, keysQueryOf, type KeysQuery } from './keys-query.ts'
import { StateLegend } from './legend.tsx'
import { Pager } from './pager.tsx'
import { useContainers } from './use-containers.ts'
import type { ReadClock } from './use-now.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

interface KeysViewProps {
  readonly timeline: ResourceTimelineAnswer | undefined
  readonly problem: string | undefined
  readonly read: ReadClock
}

/** The inventory at the instant viewed. */
export function KeysView({ timeline, problem, read }: KeysViewProps) {
  const { api, place, version } = useWorld()
  const { domain, at, key } = place
  const [query, setQuery] = useState<KeysQuery>(FIRST_KEYS)
  const path = inDomain(domain, `/resources?${keysQueryOf(query, at === undefined ? '' : formatInstant(at))}`)
  const { data, error } = useResource(path, (signal) => api.get<ResourceListAnswer>(path, signal), version)
  const containers = useContainers()
  return (
    <div class={key === undefined ? 'split' : 'split open'}>
      <section class="card" aria-label="Keys">
        <KeyFilters query={query} onQuery={setQuery} containers={containers.choices} />
        {error !== undefined && (
          <p class="problem" role="alert">
            {error.message}
          </p>
        )}
        {data !== undefined && data.total > 0 && (
          <>
            <KeyTable list={data} query={query} onQuery={setQuery} containers={containers.names} />
            <div class="row spread">
              <Pager
                what="keys"
                total={data.total}
                size={KEYS_PAGE_SIZE}
                skip={query.skip}
                onSkip={(skip) => setQuery({ ...query, skip })}
              />
              <StateLegend />
            </div>
          </>
        )}
        {data?.total === 0 && (hasKeysFilter(query) ? <p>No resource matches the filter.</p> : <EmptyKeys />)}
      </section>
      {key !== undefined && <KeyPanel key={key} id={key} timeline={timeline} problem={problem} read={read} />}
    </div>
  )
}
