import type { ResourceAnswer, ResourceListAnswer } from '../client/answers/resources.ts'
import { instantOf, shownInstant } from './instants.ts'
import { PlaceLink } from './place-link.tsx'
import { KeyState } from './key-state.tsx'
import type { KeysQuery } from './keys-query.ts'
import { SortHeader } from './sort-header.tsx'
import { useWorld } from './world.ts'

interface KeyTableProps {
  readonly list: ResourceListAnswer
  readonly query: KeysQuery
  readonly onQuery: (query: KeysQuery) => void
  /** The names of containers, by their ids and names. */
  readonly containers: ReadonlyMap<string, string>
}

export function KeyTable({ list, query, onQuery, containers }: KeyTableProps) {
  const sortBy = { sort: query.sort, onSort: (sort: string) => onQuery({ ...query, sort, skip: 0 }) }
  return (
    <table class="keys">
      <caption class="hidden">Resources of the inventory</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <SortHeader field="kind" className="narrow-off" {...sortBy}>
            Kind
          </SortHeader>
          <th scope="col">State</th>
          <th scope="col" class="roomy">
            Container
          </th>
          <th scope="col" class="roomy">
            Region
          </th>
          <SortHeader field="changedAt" {...sortBy}>
            Changed
          </SortHeader>
        </tr>
      </thead>
      <tbody>
        {list.resources.map((resource) => (
          <KeyRow key={resource.id} resource={resource} containers={containers} />
        ))}
      </tbody>
    </table>
  )
}

function KeyRow({ resource, containers }: { resource: ResourceAnswer } & Pick<KeyTableProps, 'containers'>) {
  const { place } = useWorld()
  const { id, kind, hidden, summary } = resource
  const isOpen = place.key === id
  const [date, time] = summary === undefined ? [] : shownInstant(instantOf(summary.changedAt)).split(' ')
  return (
    <tr class={isOpen ? 'open' : hidden === true ? 'to-appear' : undefined}>
      <th scope="row">
        <PlaceLink title={id} to={{ key: isOpen ? undefined : id }} current={isOpen}>
          {summary?.name ?? id.slice(0, 8)}
        </PlaceLink>
        <small class="mono id">{id.length > 36 ? `${id.slice(0, 35)}…` : id}</small>
        <small class="narrow-on">{kind}</small>
      </th>
      <td class="narrow-off">{kind}</td>
      <td>
        <KeyState state={summary?.state} hidden={hidden === true} />
      </td>
      <td class="roomy">{containers.get(summary?.container ?? '') ?? summary?.container}</td>
      <td class="roomy">{summary?.region}</td>
      <td>
        {time} <small>{date}</small>
      </td>
    </tr>
  )
}
