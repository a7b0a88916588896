import { EmulatorError } from '../errors.ts'
import { parseDuration } from '../model/duration.ts'
import type { Fault, FaultSource } from '../model/fault.ts'
import { freshId } from '../model/identifiers.ts'
import type { CallOperation } from '../model/operations.ts'
import { CALENDAR_END, isInCalendar, toInstant, type Instant } from '../model/time.ts'
import { countCall, refusalOf, type FaultCall } from '../simulator/fault-hits.ts'

/** The part of a domain that its faults use. */
interface FaultedDomain {
  readonly name: string
  readonly services: { readonly operations: readonly CallOperation[] }
  readonly record: { readonly faults: readonly Fault[]; readonly randomSeed: number }
  now: () => Instant
  save: (change: { readonly faults: readonly Fault[] }) => void
  /** Changes the faults until the next save. */
  keepInMemory: (change: { readonly faults: readonly Fault[] }) => void
}

/** The faults of a domain, in the order in which they were set. */
export interface Faults {
  all: () => readonly Fault[]
  /** Throws if the fault can never match a call. */
  add: (source: FaultSource) => Fault
  remove: (id: string) => void
  clear: () => void
  /** Counts a call, and returns the first fault that hits it: one synchronous step. */
  take: (call: FaultCall) => Fault | undefined
}

export function createFaults(domain: FaultedDomain): Faults {
  return {
    all: () => domain.record.faults,
    add: (source) => {
      const refusal = refusalOf(source, domain.services.operations)
      if (refusal !== undefined)
        throw new EmulatorError('badRequest', `${refusal.pointer} ${refusal.message}`, undefined, refusal.pointer)
      refusePastCalendar(source, domain.now())
      const fault: Fault = { ...source, id: freshId(), seen: 0, hits: 0, setAt: domain.now() }
      domain.save({ faults: [...domain.record.faults, fault] })
      return fault
    },
    remove: (id) => {
      const faults = domain.record.faults.filter((fault) => fault.id !== id)
      if (faults.length === domain.record.faults.length)
        throw new EmulatorError('notFound', `there is no fault ${id.slice(0, 100)} in the domain ${domain.name}`)
      domain.save({ faults })
    },
    clear: () => {
      domain.save({ faults: [] })
    },
    take: (call) => {
      const { record } = domain
      if (record.faults.length === 0) return undefined
      const { faults, hit } = countCall(record.faults, call, {
        seed: record.randomSeed,
        now: domain.now(),
        operations: domain.services.operations,
      })
      if (faults !== record.faults) saveCounts(domain, faults)
      return hit
    },
  }
}

/** If the counts cannot be saved, the call continues: it fails when it writes itself. */
function saveCounts(domain: FaultedDomain, faults: readonly Fault[]): void {
  try {
    domain.save({ faults })
  } catch {
    domain.keepInMemory({ faults })
  }
}

function refusePastCalendar({ do: action }: FaultSource, now: Instant): void {
  if (isInCalendar(toInstant(now + (parseDuration(action.virtualDelay ?? '0s') ?? 0)))) return
  const pointer = '/do/virtualDelay'
  throw new EmulatorError('badRequest', `${pointer} would move the clock past ${CALENDAR_END}`, undefined, pointer)
}
