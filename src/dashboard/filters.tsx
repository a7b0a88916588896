import { inDomain } from './api.ts'
import type { JobListAnswer } from '../client/answers/jobs.ts'
import { Choice } from './choice.tsx'
import { FIRST_PAGE, type JobsQuery } from './jobs-query.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** Characters of a whole id. */
const ID_LENGTH = 36
/** Jobs that are searched for the beginning of an id. */
const MAX_SEARCHED = 2000

interface FiltersProps {
  readonly query: JobsQuery
  readonly onQuery: (query: JobsQuery) => void
}

export function Filters({ query, onQuery }: FiltersProps) {
  const { api, info, place, act } = useWorld()
  const { domain } = place
  // Each domain can choose its words for failed and aborted jobs.
  const load = (signal: AbortSignal) =>
    api.get<{ failureWord: string; abortedWord: string }>(inDomain(domain, '/settings'), signal)
  const { data } = useResource(domain, load, 0)
  const statuses = ['in_progress', 'completed', data?.failureWord ?? 'error', data?.abortedWord ?? 'aborted']
  const families = info.families.filter(({ name }) => query.family === '' || name === query.family)
  const change = (part: Partial<JobsQuery>): void => onQuery({ ...query, ...part, skip: 0 })
  // The control API filters by whole ids, but the table shows only their first characters.
  const find = (id: string): Promise<boolean> =>
    act(async () => {
      if (id === '' || id.length === ID_LENGTH) {
        change({ id })
        return undefined
      }
      const path = inDomain(domain, `/jobs?sort=-createdAt&limit=${MAX_SEARCHED}`)
      const { jobs } = await api.get<JobListAnswer>(path)
      const [first, ...others] = jobs.filter((job) => job.id.startsWith(id))
      if (first === undefined)
        throw new Error(`None of the newest ${jobs.length} jobs has an id that starts with ${id}.`)
      change({ id: first.id })
      return others.length === 0 ? undefined : `${others.length + 1} ids start with ${id}: this is the newest job.`
    })
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
          placeholder="or its beginning"
          onChange={({ currentTarget }) => void find(currentTarget.value.trim().toLowerCase())}
        />
      </label>
      <button type="button" onClick={() => onQuery({ ...FIRST_PAGE, sort: query.sort })}>
        Clear filters
      </button>
    </form>
  )
}
