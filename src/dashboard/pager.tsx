interface PagerProps {
  readonly what: string
  readonly total: number
  readonly size: number
  readonly skip: number
  readonly onSkip: (skip: number) => void
}

export function Pager({ what, total, size, skip, onSkip }: PagerProps) {
  const last = Math.min(total, skip + size)
  return (
    <nav class="row pager" aria-label={`Pages of ${what}`}>
      <button type="button" disabled={skip === 0} onClick={() => onSkip(Math.max(0, skip - size))}>
        ← Previous
      </button>
      <p>{`${Math.min(skip + 1, total)} to ${last} of ${total}`}</p>
      <button type="button" disabled={last >= total} onClick={() => onSkip(skip + size)}>
        Next →
      </button>
    </nav>
  )
}
