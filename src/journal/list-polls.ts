import type { FamilyName } from '../model/family.ts'
import type { JournalEntry } from '../model/journal.ts'
import type { CallOperation } from '../model/operations.ts'
import type { Micros } from '../model/time.ts'
import { paceOf, type Pace } from './pace.ts'
import { intervalOf } from './polls.ts'

/** A list of jobs that a client repeated, waiting for a change that is not its own. */
interface ListPoll {
  readonly previous: JournalEntry
  readonly entry: JournalEntry
  readonly interval: Micros
}

/** How the jobs of a family were polled by their list. */
export interface ListPolling extends Pace {
  readonly family: FamilyName
  readonly operation: string
  readonly calls: number
  readonly polls: readonly ListPoll[]
}

/**
 * The lists of a journal, by family. Two calls of one list are an interval if their queries are equal and the client has sent
 * no write in between: a page is no poll of the one before, nor is a list after a write.
 */
export function listPollingsOf(
  entries: readonly JournalEntry[],
  operations: readonly CallOperation[],
): readonly ListPolling[] {
  const signIns = new Set(operations.filter(({ issuesToken }) => issuesToken).map(({ name }) => name))
  const isWrite = ({ method, operation }: JournalEntry): boolean => !READS.has(method) && !signIns.has(operation)
  return operations.flatMap(({ name, listsFamily: family }) => {
    const calls = entries.filter(({ operation, method }) => operation === name && method === 'GET')
    if (family === undefined || calls.length === 0) return []
    const polls = pollsIn(entries, { calls, isWrite })
    const intervals = polls.filter(({ previous }) => previous.outcome?.status !== 401).map(({ interval }) => interval)
    return [{ family, operation: name, calls: calls.length, polls, ...paceOf(intervals, calls) }]
  })
}

const READS = new Set(['GET', 'HEAD'])

interface ListCalls {
  readonly calls: readonly JournalEntry[]
  readonly isWrite: (entry: JournalEntry) => boolean
}

function pollsIn(entries: readonly JournalEntry[], { calls, isWrite }: ListCalls): ListPoll[] {
  const called = new Set(calls)
  const last = new Map<string, JournalEntry>()
  return entries.flatMap((entry) => {
    if (isWrite(entry)) last.clear()
    if (!called.has(entry)) return []
    const key = `${entry.path}?${entry.query}`
    const previous = last.get(key)
    last.set(key, entry)
    return previous === undefined ? [] : [{ previous, entry, interval: intervalOf(previous, entry) }]
  })
}
