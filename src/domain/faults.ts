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
  add: (source: FaultSource) => Promise<Fault>
  remove: (id: string) => Promise<void>
  clear: () => Promise<void>
  /** Counts a call, and gives the first fault that hits it: one synchronous step. */
  take: (call: FaultCall) => Fault | undefined
}

export function createFaults(state: DomainState): Faults {
  return {
    all: () => state.record.faults,
    add: async (source) => {
      const refusal = refusalOf(source)
      if (refusal !== undefined)
        throw new EmulatorError('badRequest', `${refusal.pointer} ${refusal.message}`, undefined, refusal.pointer)
      refuseLeap(source, state.now())
      const fault: Fault = { ...source, id: freshId(), seen: 0, hits: 0 }
      await state.save({ faults: [...state.record.faults, fault] })
      return fault
    },
    remove: async (id) => {
      const faults = state.record.faults.filter((fault) => fault.id !== id)
      if (faults.length === state.record.faults.length)
        throw new EmulatorError('notFound', `there is no fault ${id.slice(0, 100)} in the domain ${state.name}`)
      await state.save({ faults })
    },
    clear: async () => state.save({ faults: [] }),
    take: (call) => {
      const { record } = state
      if (record.faults.length === 0) return undefined
      const { faults, hit } = countCall(record.faults, call, record.randomSeed)
      // Counted in memory at once, before anything is awaited. A store that fails says so at the next command.
      if (faults !== record.faults) state.save({ faults }).catch(() => undefined)
      return hit
    },
  }
}

function refuseLeap({ do: action }: FaultSource, now: Instant): void {
  if (!('virtualDelay' in action) || isInCalendar(now + (parseDuration(action.virtualDelay) ?? 0))) return
  const pointer = '/do/virtualDelay'
  throw new EmulatorError('badRequest', `${pointer} would move the clock past ${CALENDAR_END}`, undefined, pointer)
}
