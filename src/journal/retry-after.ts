import { formatDuration } from '../model/duration.ts'
import type { JournalEntry } from '../model/journal.ts'
import { MILLISECOND, toMicros, type Micros } from '../model/time.ts'
import { formatInstant } from '../wire/timestamps.ts'
import { waitedAfter } from './polls.ts'

/** A request that came before the Retry-After of the previous response had passed. */
export interface EarlyRequest {
  readonly previous: JournalEntry
  readonly entry: JournalEntry
}

/** How often responses of an operation had a Retry-After, and how often the client waited that long. */
export interface OperationRetries {
  readonly operation: string
  readonly asked: number
  readonly kept: number
  readonly early: readonly EarlyRequest[]
}

/** Clients measure from the end of the response on, and their timers are coarse. */
export const TOLERANCE: Micros = toMicros(20 * MILLISECOND)

/** What became of each Retry-After: the next request of the same operation and path keeps it, or comes early. */
export function operationRetriesOf(entries: readonly JournalEntry[]): readonly OperationRetries[] {
  const asking = entries.filter(({ outcome }) => outcome?.status !== undefined && outcome.retryAfter !== undefined)
  return [...Map.groupBy(asking, ({ operation }) => operation)].map(([operation, asked]) => {
    const followed = asked.flatMap((previous) => {
      const entry = nextOf(entries, previous)
      return entry === undefined ? [] : [{ previous, entry }]
    })
    const early = followed.filter(({ previous, entry }) => isEarly(previous, entry))
    return { operation, asked: asked.length, kept: followed.length - early.length, early }
  })
}

function nextOf(entries: readonly JournalEntry[], previous: JournalEntry): JournalEntry | undefined {
  const answeredAt = previous.outcome?.elapsedAnsweredAt ?? Infinity
  return entries.find(
    ({ operation, path, elapsedAt }) =>
      operation === previous.operation && path === previous.path && elapsedAt >= answeredAt,
  )
}

export function isEarly(previous: JournalEntry, next: JournalEntry): boolean {
  const { retryAfter, status } = previous.outcome ?? {}
  if (retryAfter === undefined || status === undefined) return false
  return waitedAfter(previous, next) + TOLERANCE < retryAfter
}

/** Describes the first of the early requests, and says how many there are. */
export function earlyText([first, ...more]: readonly EarlyRequest[]): string {
  if (first === undefined) return ''
  const { previous, entry } = first
  const { status, retryAfter = toMicros(0), answeredAt = previous.at } = previous.outcome ?? {}
  const asked = `${requestText(previous)} was answered ${status ?? ''} with Retry-After ${shown(retryAfter)} at ${formatInstant(answeredAt)}`
  const again = `${requestText(entry)} came ${shown(waitedAfter(previous, entry))} after that, at ${formatInstant(entry.at)}`
  return `${asked}, and ${again}${more.length === 0 ? '' : ` (${more.length + 1} times in all)`}`
}

function requestText({ method, path }: JournalEntry): string {
  return `${method} ${path}`
}

/** A duration to the millisecond. */
export function shown(micros: Micros): string {
  return formatDuration(toMicros(Math.round(micros / MILLISECOND) * MILLISECOND))
}
