/** What the budget needs to know of a journal. */
export interface BudgetedJournal {
  /** Estimated bytes of its entries that are over. */
  readonly closedBytes: number
  /** Drops the oldest entry that is over; false if there is none. */
  readonly dropOldest: () => boolean
}

/** Bytes that the journals of all domains hold together. */
export interface JournalBudget {
  /** Enters what a journal has gained or, if negative, lost. */
  spend: (bytes: number) => void
  /** Until the total is within its bound, drops the oldest entries of the journal that holds the most. */
  trim: () => void
  join: (journal: BudgetedJournal) => void
  leave: (journal: BudgetedJournal) => void
}

const MAX_TOTAL_BYTES = 64 * 1024 * 1024

export function createJournalBudget(): JournalBudget {
  const journals = new Set<BudgetedJournal>()
  let total = 0

  const largest = (): BudgetedJournal | undefined =>
    [...journals].reduce<BudgetedJournal | undefined>(
      (most, journal) => (journal.closedBytes > (most?.closedBytes ?? 0) ? journal : most),
      undefined,
    )
  return {
    spend: (bytes) => {
      total += bytes
    },
    trim: () => {
      while (total > MAX_TOTAL_BYTES && largest()?.dropOldest() === true);
    },
    join: (journal) => void journals.add(journal),
    leave: (journal) => void journals.delete(journal),
  }
}
