import { EmulatorError } from '../errors.ts'
import { parseDuration } from '../model/duration.ts'
import type { Fault, FaultSource } from '../model/fault.ts'
import { freshId } from '../model/identifiers.ts'
import { CALENDAR_END, isInCalendar, type Instant } from '../model/time.ts'
import { countCall, refusalOf, type FaultCall } from '../simulator/fault-hits.ts'
import type { DomainState } from './state.ts'

/** The faults of a domain, in the order in which they were set. */
export interface Faults {
  all: () => readonly Fault[]
  /** Throws where the fault makes no sense. */
  add: (source: FaultSource) => Fault
  remove: (id: string) => void
  clear: () => void
  /** Counts a call, and gives the first fault that hits it: one synchronous step. */
  take: (call: FaultCall) => Fault | undefined
}

export function createFaults(state: DomainState): Faults {
  return {
    all: () => state.record.faults,
    add: (source) => {
      const refusal = refusalOf(source, state.services.operations)
      if (refusal !== undefined)
        throw new EmulatorError('badRequest', `${refusal.pointer} ${refusal.message}`, undefined, refusal.pointer)
      refuseLeap(source, state.now())
      const fault: Fault = { ...source, id: freshId(), seen: 0, hits: 0 }
      state.save({ faults: [...state.record.faults, fault] })
      return fault
    },
    remove: (id) => {
      const faults = state.record.faults.filter((fault) => fault.id !== id)
      if (faults.length === state.record.faults.length)
        throw new EmulatorError('notFound', `there is no fault ${id.slice(0, 100)} in the domain ${state.name}`)
      state.save({ faults })
    },
    clear: () => {
      state.save({ faults: [] })
    },
    take: (call) => {
      const { record } = state
      if (record.faults.length === 0) return undefined
      const { faults, hit } = countCall(record.faults, call, {
        seed: record.randomSeed,
        operations: state.services.operations,
      })
      if (faults !== record.faults) keepCounts(state, faults)
      return hit
    },
  }
}

/** Counts are part of an arrival, not of the call: where they cannot be kept, the call goes on, and is the one to be refused. */
function keepCounts(state: DomainState, faults: readonly Fault[]): void {
  try {
    state.save({ faults })
  } catch {
    state.keepInMemory({ faults })
  }
}

function refuseLeap({ do: action }: FaultSource, now: Instant): void {
  if (!('virtualDelay' in action) || isInCalendar(now + (parseDuration(action.virtualDelay) ?? 0))) return
  const pointer = '/do/virtualDelay'
  throw new EmulatorError('badRequest', `${pointer} would move the clock past ${CALENDAR_END}`, undefined, pointer)
}
