import { inDomain } from './api.ts'
import { FIRST_PAGE, type JobsQuery } from './jobs-view.tsx'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

interface FiltersProps {
  readonly query: JobsQuery
  readonly onQuery: (query: JobsQuery) => void
}

export function Filters({ query, onQuery }: FiltersProps) {
  const { api, info, place } = useWorld()
  const { domain } = place
  // The words for what failed and what was aborted can be chosen in each domain.
  const load = (signal: AbortSignal) =>
    api.get<{ failureWord: string; abortedWord: string }>(inDomain(domain, '/settings'), signal)
  const { data } = useResource(domain, load, 0)
  const statuses = ['in_progress', 'completed', data?.failureWord ?? 'error', data?.abortedWord ?? 'aborted']
  const families = info.families.filter(({ name }) => query.family === '' || name === query.family)
  const change = (part: Partial<JobsQuery>): void => onQuery({ ...query, ...part, skip: 0 })
  return (
    <form class="row filters" role="search" aria-label="Filter jobs" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Family"
        value={query.family}
        words={info.families.map(({ name }) => name)}
        onChange={(family) => change({ family, operation: '' })}
      />
      <Choice label="Status" value={query.status} words={statuses} onChange={(status) => change({ status })} />
      <Choice
        label="Operation"
        value={query.operation}
        words={families.flatMap(({ operations }) => operations)}
        onChange={(operation) => change({ operation })}
      />
      <label>
        Id{' '}
        <input
          type="search"
          size={12}
          value={query.id}
          placeholder="a whole id"
          onChange={({ currentTarget }) => change({ id: currentTarget.value.trim() })}
        />
      </label>
      <button type="button" onClick={() => onQuery({ ...FIRST_PAGE, sort: query.sort })}>
        All jobs
      </button>
    </form>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly words: readonly string[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, words, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">any</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}
