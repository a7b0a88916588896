import { createJournal, type Journal, type OpenEntry } from '../journal/journal.ts'
import type { Arrival } from '../model/journal.ts'
import type { Faults } from '../journal/faults.ts'
import type { DomainState } from './state.ts'

/** The requests of a domain's clients. */
export interface Requests extends Omit<Journal, 'open'> {
  /** Opens the journal entry of a request, with the fault that hits it: one synchronous step, on arrival. */
  recordArrival: (arrival: Arrival) => OpenEntry
  /** Opens the journal entry of a request that was refused before it could be matched against faults. */
  recordRefused: (arrival: Arrival) => OpenEntry
}

export function createRequests(state: DomainState, faults: Faults): Requests {
  const { real, journals } = state.services
  const { open, ...journal } = createJournal(journals, () => {
    const elapsedAt = real.elapsed()
    const onStepClock = state.record.clock.mode === 'step'
    return { at: state.now(elapsedAt), receivedAt: real.calendar(), elapsedAt, onStepClock }
  })
  return {
    ...journal,
    recordArrival: (arrival) => open(arrival, { countedByFaults: true, fault: faults.take(arrival) }),
    recordRefused: (arrival) => open(arrival, { countedByFaults: false, fault: undefined }),
  }
}
