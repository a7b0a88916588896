import { EventEmitter } from 'node:events'
import { matchesGlob, matchesOperation } from '../model/glob.ts'
import type { Arrival, JournalEntry, Outcome, RequestQuery } from '../model/journal.ts'
import type { BudgetedJournal, JournalBudget } from './journal-budget.ts'
import { arrivalBytes, outcomeBytes } from './journal-size.ts'
import { clearTimeout, MAX_TIMEOUT_MS, setTimeout } from '../timers.ts'

/** Options of a wait; the timeout is real time. */
interface RequestWait {
  readonly count: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

interface RequestWaitResult {
  /** How many matching requests are closed, including those that were closed before the wait. */
  readonly count: number
  /** The entries of them that the journal has not dropped. */
  readonly entries: readonly JournalEntry[]
}

/** The time of a request: by its domain, by the calendar, and by the monotonic clock. */
type Moment = Pick<JournalEntry, 'at' | 'receivedAt' | 'elapsedAt' | 'onStepClock'>

/** The entry of a request that is in flight. */
export interface OpenEntry {
  readonly fault: JournalEntry['fault']
  /** Call it once, when the request has ended. */
  readonly close: (outcome: Outcome) => void
}

/**
 * The requests of a domain. An entry is opened when its request arrives, and replaced by a closed one when the request ends.
 * Limited in number and bytes; over a limit, the oldest closed entries are dropped.
 */
export interface Journal {
  open: (arrival: Arrival, match: Pick<JournalEntry, 'countedByFaults' | 'fault'>) => OpenEntry
  /** In order of arrival. */
  find: (query?: RequestQuery) => readonly JournalEntry[]
  clear: () => void
  /** Empties the journal of a removed domain for good: requests in flight are not recorded. */
  end: () => void
  /** How many older entries were dropped. */
  dropped: () => number
  /** The entries of requests in flight, in order of arrival. */
  inFlight: () => readonly JournalEntry[]
  /** Resolves with true once none is in flight, with false after the timeout. */
  waitUntilIdle: (wait: Omit<RequestWait, 'count'>) => Promise<boolean>
  /** Resolves once `count` matching requests are closed, or after the timeout. */
  wait: (query: RequestQuery, wait: RequestWait) => Promise<RequestWaitResult>
  /** Calls the listener for each request that is closed. Returns a function that removes it. */
  watch: (listener: (entry: JournalEntry) => void) => () => void
}

interface Events {
  closed: [entry: JournalEntry, isKept: boolean]
  cleared: []
}

/** The position of an entry, from its arrival on. */
interface Slot {
  entry: JournalEntry
  /** Estimated. */
  bytes: number
}

const MAX_ENTRIES = 1000
/** Estimated bytes of the entries of one domain. */
const MAX_BYTES = 8 * 1024 * 1024

export function createJournal(budget: JournalBudget, now: () => Moment): Journal {
  /** In order of arrival. */
  const kept = new Set<Slot>()
  /** Requests in flight, including those whose entries were cleared: `waitUntilIdle` waits for them too. */
  const running = new Set<Slot>()
  const emitter = new EventEmitter<Events>()
  emitter.setMaxListeners(0)
  let dropped = 0
  let bytes = 0
  let closedBytes = 0
  let isEnded = false

  const addBytes = (change: number): void => {
    bytes += change
    budget.add(change)
  }
  /** Entries in flight stay: the number of connections limits them. */
  const dropOldest = (): boolean => {
    for (const slot of kept) {
      if (slot.entry.outcome === undefined) continue
      kept.delete(slot)
      closedBytes -= slot.bytes
      addBytes(-slot.bytes)
      dropped += 1
      return true
    }
    return false
  }
  const trim = (): void => {
    while ((kept.size > MAX_ENTRIES || bytes > MAX_BYTES) && dropOldest());
    budget.trim()
  }
  const budgeted: BudgetedJournal = {
    get closedBytes() {
      return closedBytes
    },
    dropOldest,
  }
  budget.register(budgeted)

  const find = (query: RequestQuery = {}): readonly JournalEntry[] =>
    [...kept].map(({ entry }) => entry).filter((entry) => matches(query, entry))
  const findClosed = (query: RequestQuery): readonly JournalEntry[] =>
    find(query).filter(({ outcome }) => outcome !== undefined)
  const watch = (listener: (entry: JournalEntry) => void): (() => void) => {
    emitter.on('closed', listener)
    return () => void emitter.off('closed', listener)
  }
  const clear = (): void => {
    kept.clear()
    addBytes(-bytes)
    closedBytes = 0
    dropped = 0
    emitter.emit('cleared')
  }
  const openSlot = (entry: JournalEntry): Slot => {
    const slot = { entry, bytes: arrivalBytes(entry) }
    running.add(slot)
    if (isEnded) return slot
    kept.add(slot)
    addBytes(slot.bytes)
    trim()
    return slot
  }
  const closeSlot = (slot: Slot, outcome: Outcome): void => {
    const { at: answeredAt, elapsedAt: elapsedAnsweredAt } = now()
    const { entry } = slot
    slot.entry = { ...entry, job: outcome.job ?? entry.job, outcome: { ...outcome, answeredAt, elapsedAnsweredAt } }
    running.delete(slot)
    const isKept = kept.has(slot)
    if (isKept) {
      const added = outcomeBytes(outcome)
      slot.bytes += added
      closedBytes += slot.bytes
      addBytes(added)
    }
    // Before `trim`, which may drop the entry: a wait must count it.
    emitter.emit('closed', slot.entry, isKept)
    trim()
  }
  return {
    open: (arrival, match) => {
      const slot = openSlot({ ...arrival, ...now(), ...match, outcome: undefined })
      return {
        fault: match.fault,
        close: (outcome) => {
          closeSlot(slot, outcome)
        },
      }
    },
    find,
    clear,
    end: () => {
      isEnded = true
      clear()
      budget.unregister(budgeted)
    },
    dropped: () => dropped,
    inFlight: () => [...running].map(({ entry }) => entry),
    waitUntilIdle: async (wait) => {
      await waitUntil(() => running.size === 0, wait)
      return running.size === 0
    },
    wait: async (query, { count, ...wait }) => {
      let closed = findClosed(query).length
      const countIn = (entry: JournalEntry, isKept: boolean): void => {
        if (isKept && matches(query, entry)) closed += 1
      }
      const startAgain = (): void => {
        closed = 0
      }
      emitter.on('closed', countIn).on('cleared', startAgain)
      await waitUntil(() => closed >= count, wait)
      emitter.off('closed', countIn).off('cleared', startAgain)
      return { count: closed, entries: findClosed(query) }
    },
    watch,
  }

  /** Resolves once a condition holds, now or after a later request, or after the timeout. */
  function waitUntil(holds: () => boolean, { timeoutMs, signal }: Omit<RequestWait, 'count'>): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        stop()
        resolve()
      }
      const check = (): void => {
        if (holds()) end()
      }
      const timer = setTimeout(end, Math.min(timeoutMs, MAX_TIMEOUT_MS))
      const stop = watch(check)
      signal.addEventListener('abort', end, { once: true })
      // A wait that starts while the server stops would never end.
      if (signal.aborted) end()
      else check()
    })
  }
}

function matches(query: RequestQuery, entry: JournalEntry): boolean {
  return FIELDS.every((field) => matchesField(field, query, entry))
}

/** The fields of a query. */
export const FIELDS = ['id', 'operation', 'method', 'path', 'job', 'status', 'since'] as const

/** Whether an entry matches one field of a query. */
export function matchesField(field: (typeof FIELDS)[number], query: RequestQuery, entry: JournalEntry): boolean {
  const { id, operation, method, path, job, status, since } = query
  switch (field) {
    case 'id':
      return id === undefined || id === entry.id
    case 'operation':
      return operation === undefined || matchesOperation(operation, entry.operation)
    case 'method':
      return method === undefined || method.toUpperCase() === entry.method
    case 'path':
      return path === undefined || matchesGlob(path, entry.path)
    case 'job':
      return job === undefined || job === entry.job
    case 'status':
      return status === undefined || status === entry.outcome?.status
    case 'since':
      return since === undefined || entry.at >= since
  }
}
