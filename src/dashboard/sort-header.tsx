interface SortHeaderProps {
  readonly field: string
  /** As the control API takes it: `-createdAt`. */
  readonly sort: string
  readonly onSort: (sort: string) => void
  /** Hides the column on a narrow page or beside an open panel. */
  readonly className?: string
  readonly children: string
}

/** The header of a column by which the table can be sorted. */
export function SortHeader({ field, className, sort, onSort, children }: SortHeaderProps) {
  const isUp = sort === field
  const isDown = sort === `-${field}`
  return (
    <th scope="col" class={className} aria-sort={isUp ? 'ascending' : isDown ? 'descending' : undefined}>
      <button type="button" class="plain" onClick={() => onSort(isDown ? field : `-${field}`)}>
        {children} <span aria-hidden="true">{isUp ? '▲' : isDown ? '▼' : '↕'}</span>
      </button>
    </th>
  )
}
