import { Choice } from './choice.tsx'
import { FIRST_KEYS, type KeysQuery } from './keys-query.ts'
import { useWorld } from './world.ts'

interface KeyFiltersProps {
  readonly query: KeysQuery
  readonly onQuery: (query: KeysQuery) => void
  /** Ids and names of the containers. */
  readonly containers: readonly (readonly [string, string])[]
}

export function KeyFilters({ query, onQuery, containers }: KeyFiltersProps) {
  const { info } = useWorld()
  const kinds = info.kinds.filter(({ name }) => query.kind === '' || name === query.kind)
  const change = (part: Partial<KeysQuery>): void => onQuery({ ...query, ...part, skip: 0 })
  return (
    <form class="row filters" role="search" aria-label="Filter keys" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Kind"
        value={query.kind}
        words={info.kinds.map(({ name }) => name)}
        onChange={(kind) => change({ kind, state: '' })}
      />
      <Choice
        label="State"
        value={query.state}
        words={[...new Set(kinds.flatMap(({ states }) => states))]}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Container"
        value={query.container}
        words={containers.map(([id]) => id)}
        names={new Map(containers)}
        onChange={(container) => change({ container })}
      />
      <label>
        Search{' '}
        <input
          type="search"
          size={16}
          value={query.search}
          placeholder="id, name or alias"
          onInput={({ currentTarget }) => change({ search: currentTarget.value })}
        />
      </label>
      <button type="button" onClick={() => onQuery({ ...FIRST_KEYS, sort: query.sort })}>
        Clear filters
      </button>
    </form>
  )
}
