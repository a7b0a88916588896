import type { JournalEntry } from '../model/journal.ts'
import type { CallOperation } from '../model/operations.ts'
import { toMicros, type Micros } from '../model/time.ts'

/** A GET by id of a job, with what came before it. */
export interface Poll {
  readonly entry: JournalEntry
  /** undefined for the first. */
  readonly previous: JournalEntry | undefined
  /** Since the previous one arrived: the larger of real and domain time. */
  readonly interval: Micros | undefined
  /** The previous one had no response yet. */
  readonly isParallel: boolean
  /** A response had shown the job's final status before this poll arrived. */
  readonly isAfterEnd: boolean
  /** Sign-ins between the previous one and this. */
  readonly signIns: readonly JournalEntry[]
}

interface JournalPolls {
  /** By job, in order of arrival. */
  readonly polls: ReadonlyMap<string, readonly Poll[]>
  readonly signIns: readonly JournalEntry[]
}

/** The polls and sign-ins of a journal. A HEAD is no poll: its response has no status of a job. */
export function pollsOf(entries: readonly JournalEntry[], operations: readonly CallOperation[]): JournalPolls {
  const byName = new Map(operations.map((operation) => [operation.name, operation]))
  const signIns = entries.filter(({ operation }) => byName.get(operation)?.issuesToken === true)
  const polls = entries.filter(
    ({ operation, method, job }) => job !== undefined && byName.get(operation)?.readsJob === true && method !== 'HEAD',
  )
  const byJob = [...Map.groupBy(polls, ({ job = '' }) => job)].map(
    ([job, own]) => [job, own.map((entry, index) => pollAt(entry, { earlier: own.slice(0, index), signIns }))] as const,
  )
  return { polls: new Map(byJob), signIns }
}

interface EarlierEntries {
  /** Polls of the same job. */
  readonly earlier: readonly JournalEntry[]
  readonly signIns: readonly JournalEntry[]
}

function pollAt(entry: JournalEntry, { earlier, signIns }: EarlierEntries): Poll {
  const previous = earlier.at(-1)
  return {
    entry,
    previous,
    interval: previous === undefined ? undefined : intervalOf(previous, entry),
    isParallel: previous !== undefined && entry.elapsedAt < (previous.outcome?.elapsedAnsweredAt ?? Infinity),
    isAfterEnd: earlier.some((poll) => sawEnd(poll) && isBefore(poll, entry)),
    signIns: signIns.filter(
      ({ elapsedAt }) => elapsedAt >= (previous?.elapsedAt ?? -Infinity) && elapsedAt < entry.elapsedAt,
    ),
  }
}

/** From arrival to arrival: the larger of real and domain time. */
export function intervalOf(previous: JournalEntry, entry: JournalEntry): Micros {
  return toMicros(Math.max(entry.elapsedAt - previous.elapsedAt, entry.at - previous.at))
}

/** Whether the client could read the final status: false if a fault dropped or truncated the response. */
function sawEnd({ outcome, fault }: JournalEntry): boolean {
  if (outcome?.status === undefined || !outcome.showedFinalStatus) return false
  return fault?.do.socket === undefined
}

function isBefore({ outcome }: JournalEntry, later: JournalEntry): boolean {
  return outcome !== undefined && outcome.elapsedAnsweredAt <= later.elapsedAt
}

/** How long a client waited after a response. */
export function waitedAfter({ outcome }: JournalEntry, next: JournalEntry): Micros {
  const { answeredAt = 0, elapsedAnsweredAt = 0 } = outcome ?? {}
  return toMicros(Math.max(next.elapsedAt - elapsedAnsweredAt, next.at - answeredAt))
}
