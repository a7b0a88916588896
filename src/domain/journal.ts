import { EventEmitter } from 'node:events'
import { matchesGlob, matchesOperation } from '../model/glob.ts'
import { isOver, type JournalEntry, type RequestQuery } from '../model/journal.ts'
import { clearTimeout, MAX_TIMEOUT_MS, setTimeout } from '../timers.ts'

/** What a wait asks for; the time-out is real time. */
export interface RequestWait {
  readonly count: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** The requests of a domain, the newest up to a bound: entered when they arrive, closed when their answer is out. */
export interface Journal {
  open: (entry: JournalEntry) => void
  /** Says that an entry, which was filled in, is over. */
  close: (entry: JournalEntry) => void
  /** In the order in which they came. */
  find: (query?: RequestQuery) => readonly JournalEntry[]
  clear: () => void
  /** How many older ones are not kept any more. */
  dropped: () => number
  /** Those that arrived and are not over, in the order in which they came. */
  inFlight: () => readonly JournalEntry[]
  /** True once none is in flight; false: the time was up before. */
  settle: (wait: Omit<RequestWait, 'count'>) => Promise<boolean>
  /** Those asked for once so many are over; undefined: the time was up before. */
  wait: (query: RequestQuery, wait: RequestWait) => Promise<readonly JournalEntry[] | undefined>
  /** Tells of each request that is over. Gives a function that ends the watch. */
  watch: (listener: (entry: JournalEntry) => void) => () => void
}

const MOST_ENTRIES = 1000

export function createJournal(): Journal {
  /** A ring: once it is full, the next one takes the place of the oldest. */
  let ring: JournalEntry[] = []
  let entered = 0
  /** Those under way, be they in the ring still or not. */
  const running = new Set<JournalEntry>()
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)

  const inOrder = (): readonly JournalEntry[] => {
    const oldest = entered % MOST_ENTRIES
    return entered <= MOST_ENTRIES ? ring : [...ring.slice(oldest), ...ring.slice(0, oldest)]
  }
  const find = (query: RequestQuery = {}): readonly JournalEntry[] =>
    inOrder().filter((entry) => FIELDS.every((field) => holds(field, query, entry)))
  const watch = (listener: (entry: JournalEntry) => void): (() => void) => {
    emitter.on('closed', listener)
    return () => void emitter.off('closed', listener)
  }
  return {
    open: (entry) => {
      ring[entered % MOST_ENTRIES] = entry
      entered += 1
      running.add(entry)
    },
    close: (entry) => {
      running.delete(entry)
      emitter.emit('closed', entry)
    },
    find,
    clear: () => {
      ring = []
      entered = 0
    },
    dropped: () => Math.max(0, entered - MOST_ENTRIES),
    inFlight: () => [...running],
    settle: async (wait) => (await seen(() => (running.size === 0 ? true : undefined), wait)) ?? false,
    wait: (query, { count, ...wait }) =>
      seen(() => {
        const found = find(query).filter(isOver)
        return found.length >= count ? found : undefined
      }, wait),
    watch,
  }

  /** What a look finds, now or after one of the next requests; undefined: the time was up before. */
  function seen<T>(
    look: () => T | undefined,
    { timeoutMs, signal }: Omit<RequestWait, 'count'>,
  ): Promise<T | undefined> {
    return new Promise((resolve) => {
      const end = (found?: T): void => {
        clearTimeout(timer)
        stop()
        resolve(found)
      }
      const lookAgain = (): void => {
        const found = look()
        if (found !== undefined) end(found)
      }
      const timer = setTimeout(end, Math.min(timeoutMs, MAX_TIMEOUT_MS))
      const stop = watch(lookAgain)
      signal.addEventListener('abort', () => end(), { once: true })
      // It came while the server was stopping: nothing would end it any more.
      if (signal.aborted) end()
      else lookAgain()
    })
  }
}

/** What a query can ask for. */
export const FIELDS = ['operation', 'method', 'path', 'job', 'status', 'since'] as const

/** Whether an entry is as a query wants it in one field. */
export function holds(field: (typeof FIELDS)[number], query: RequestQuery, entry: JournalEntry): boolean {
  const { operation, method, path, job, status, since } = query
  switch (field) {
    case 'operation':
      return operation === undefined || matchesOperation(operation, entry.operation)
    case 'method':
      return method === undefined || method.toUpperCase() === entry.method
    case 'path':
      return path === undefined || matchesGlob(path, entry.path)
    case 'job':
      return job === undefined || job === entry.job
    case 'status':
      return status === undefined || status === entry.status
    case 'since':
      return since === undefined || entry.at >= since
  }
}
