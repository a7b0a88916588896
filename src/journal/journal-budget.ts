/** A journal as the budget sees it. */
export interface BudgetedJournal {
  /** Estimated bytes of its closed entries. */
  readonly closedBytes: number
  /** Drops the oldest closed entry; false if there is none. */
  readonly dropOldest: () => boolean
}

/** Limits the bytes of the journals of all domains together. */
export interface JournalBudget {
  /** Adds what a journal has gained or, if negative, lost. */
  add: (bytes: number) => void
  /** Drops the oldest entries of the largest journal until the total is within the limit. */
  trim: () => void
  register: (journal: BudgetedJournal) => void
  unregister: (journal: BudgetedJournal) => void
}

const MAX_TOTAL_BYTES = 64 * 1024 * 1024

export function createJournalBudget(): JournalBudget {
  const journals = new Set<BudgetedJournal>()
  let total = 0

  const largest = (): BudgetedJournal | undefined =>
    [...journals].reduce<BudgetedJournal | undefined>(
      (max, journal) => (journal.closedBytes > (max?.closedBytes ?? 0) ? journal : max),
      undefined,
    )
  return {
    add: (bytes) => {
      total += bytes
    },
    trim: () => {
      while (total > MAX_TOTAL_BYTES && largest()?.dropOldest() === true);
    },
    register: (journal) => void journals.add(journal),
    unregister: (journal) => void journals.delete(journal),
  }
}
